import type { Instant } from '#shared/time/instant.ts';
import type { Key } from './table.ts';

/**
 * The keys of every kind of row. No other file writes a key.
 *
 * | who asks                     | what                                   | how                                     |
 * | ---------------------------- | -------------------------------------- | --------------------------------------- |
 * | enrol, advance, send         | a contact's profile                    | get profileKey                          |
 * | enrol                        | whose address is this                  | batchGet identityKey                    |
 * | enrol                        | was this address asked to confirm      | get identityKey                         |
 * | enrol                        | has this event been recorded           | get receiptKey                          |
 * | enrol, review                | door of a journey                      | get doorKey                             |
 * | enrol, advance, pause, send  | a passage                              | get enrolmentKey                        |
 * | enrol, advance               | events of a type since a moment        | query C#, eventPrefix .. eventUpTo      |
 * | advance, send, track         | a message                              | get messageKey                          |
 * | advance, call                | a call to an endpoint                  | get callKey                             |
 * | send                         | is this address suppressed             | get suppressionKey                      |
 * | track                        | was it allowed again; its soft bounces | get liftedKey; softKey                  |
 * | track, review                | early clicks on a mail                 | get glanceKey                           |
 * | the command `suppress`       | every suppressed address               | index directory, suppressedShard(0..15) |
 * | all                          | a journey version; what is live        | get versionKey; catalogueKey            |
 * | review                       | what is due by now                     | index due, dueShard(0..31)              |
 * | walk                         | every contact                          | index directory, dirShard(0..255)       |
 * | review, walk                 | a walk through the directory           | get walkKey                             |
 * | enrol, walk, review          | a contact's moment in a journey        | get appointmentKey                      |
 * | all who change a contact     | when to look at segments and states    | get lookKey                             |
 * | tally, summary               | counters of a version                  | get counterKey                          |
 * | send, review, mail           | the next free slots, what stops mail   | get flowKey                             |
 * | tally, review, mail          | how mails of a time were received      | get receptionKey; query receptionRange  |
 * | tally, review                | hours in which people did something    | get doneKey; query doneRange            |
 * | all who send or plan it      | at which hours a shop's people are there | get patternKey                        |
 * | review                       | messages that wait till mail may go    | index due, parkShard(lot, 0..31)        |
 * | mail                         | who has stopped mail, and why          | query flowLog                           |
 * | advance                      | a free code of a pool                  | query freeCodes                         |
 * | advance                      | the code that a contact holds          | get heldCodeKey                         |
 * | enrol, advance, publish      | a code, by what it is                  | batchGet freeCodeKey, givenCodeKey      |
 * | enrol, review, walk          | entries that a cap has counted         | batchGet entriesKey                     |
 * | respond                      | what was just said on a page           | query saidRange                         |
 * | privacy                      | everything of a contact                | query contactRange, formerRange         |
 * | privacy                      | what came of a request                 | get privacyKey                          |
 * | redrive, privacy             | parked events by reason                | query P#reason#shard                    |
 * | tell                         | was a mail written about this upload   | get toldKey                             |
 * | tell                         | when the next such mail may go         | get tellRateKey                         |
 * | catchup                      | how far a shop's list has been swept   | get sweepKey                            |
 * | audit                        | what may be wrong with a contact's rows | query auditRanges                      |
 * | audit                        | how far it is, and what it has found   | get auditKey; query auditCountsRange    |
 */

/** The attributes of the table and its indexes, as the data stack must declare them. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttl: 'expires',
  indexes: {
    due: { partitionKey: 'duePk', sortKey: 'due' },
    directory: { partitionKey: 'dirPk', sortKey: 'pk' },
  },
} as const;

export const DUE_SHARDS = 32;
export const DIRECTORY_SHARDS = 256;
export const PARKED_SHARDS = 16;
export const CODE_SHARDS = 16;

/** Names a passage among all: everything that its key is made of. */
export type EnrolmentRef = {
  readonly contact: string;
  readonly journey: string;
  readonly key: string;
  readonly n: number;
};

/** `#` parts a key; inside a part it is written %23, and % is %25. */
const part = (text: string): string => text.replaceAll('%', '%25').replaceAll('#', '%23');

const contactPk = (contact: string): string => `C#${contact}`;

export const profileKey = (contact: string): Key => ({ pk: contactPk(contact), sk: 'PROFILE' });

export const doorKey = (contact: string, journey: string, key: string): Key => ({
  pk: contactPk(contact),
  sk: `D#${journey}#${part(key)}`,
});

export const enrolmentKey = ({ contact, journey, key, n }: EnrolmentRef): Key => ({
  pk: contactPk(contact),
  sk: `J#${journey}#${part(key)}#${String(n).padStart(4, '0')}`,
});

/** All passages of a contact through one journey: what a query begins with. */
export const enrolmentRange = (contact: string, journey: string): { pk: string; prefix: string } => ({
  pk: contactPk(contact),
  prefix: `J#${journey}#`,
});

export const messageKey = (contact: string, message: string): Key => ({ pk: contactPk(contact), sk: `M#${message}` });

/** The journey of a passage. */
export const journeyIn = ({ sk }: Key): string => sk.split('#')[1] ?? '';

/** All messages to a contact: what a query begins with. */
export const messageRange = (contact: string): { pk: string; prefix: string } => ({
  pk: contactPk(contact),
  prefix: 'M#',
});

/** Everything that lies under a contact: what a query begins with. */
export const contactRange = (contact: string): { pk: string; prefix: string } => ({
  pk: contactPk(contact),
  prefix: '',
});

/** A contact that was merged into this one and is not in its `aka` any more: who erases one must find the other. */
export const formerKey = (contact: string, other: string): Key => ({ pk: contactPk(contact), sk: `A#${other}` });
export const formerRange = (contact: string): { pk: string; prefix: string } => ({
  pk: contactPk(contact),
  prefix: 'A#',
});

/** What the audit looks at of a contact: the bounds of a query each, both inclusive. Events, traces and codes lie outside. */
export const auditRanges = (contact: string): { pk: string; from: string; to: string }[] =>
  [
    ['C#', 'D#\uffff'],
    // Passages, looks, messages, the profile, and turns by the calendar.
    ['J#', 'T#\uffff'],
  ].map(([from = '', to = '']) => ({ pk: contactPk(contact), from, to }));

/** What a contact may have left beside events: the beginnings of a query each. */
export const leftBy = (contact: string): { pk: string; prefix: string }[] =>
  ['D#', 'M#', 'U#'].map((prefix) => ({ pk: contactPk(contact), prefix }));

export const callKey = (contact: string, call: string): Key => ({ pk: contactPk(contact), sk: `C#${call}` });

/** What somebody has just said on a page of theirs, as long as it may not have been recorded. */
export const saidKey = (contact: string, at: Instant, event: string): Key => ({
  pk: contactPk(contact),
  sk: `S#${at}#${part(event)}`,
});
export const saidRange = (contact: string): { pk: string; prefix: string } => ({
  pk: contactPk(contact),
  prefix: 'S#',
});

export const capsKey = (contact: string): Key => ({ pk: contactPk(contact), sk: 'CAPS' });

export const eventKey = (contact: string, type: string, at: Instant, event: string): Key => ({
  pk: contactPk(contact),
  sk: `E#${part(type)}#${at}#${event}`,
});

/** All events of a contact, or those of one type: the bounds of a query, both inclusive. */
export const eventRange = (
  contact: string,
  type?: string,
  since?: Instant,
): { pk: string; from: string; to: string } => {
  const start = type === undefined ? 'E#' : `E#${part(type)}#`;
  return { pk: contactPk(contact), from: `${start}${since ?? ''}`, to: `${start}\uffff` };
};

/** When a contact's turn in a journey comes by the calendar: one row a journey, one an occurrence for schedules. */
export const appointmentKey = (contact: string, journey: string, occurrence: string): Key => ({
  pk: contactPk(contact),
  sk: `T#${journey}#${part(occurrence)}`,
});

/** When a contact is looked at for what time has changed (`time`), or what somebody has just done (`soon`). */
export const lookKey = (contact: string, why: 'time' | 'soon'): Key => ({ pk: contactPk(contact), sk: `L#${why}` });

/** Clicks on a mail that wait until it is known whose they are. */
export const glanceKey = (contact: string, message: string): Key => ({ pk: contactPk(contact), sk: `G#${message}` });

/** A walk of all contacts for a journey, or what begins one (`SCHEDULE`). */
export const walkKey = (journey: string, name: string): Key => ({ pk: `WALK#${journey}`, sk: name });

export const receiptKey = (event: string): Key => ({ pk: `R#${event}`, sk: 'RECEIPT' });

export const parkedKey = (reason: string, shard: number, at: Instant, event: string): Key => ({
  pk: `P#${part(reason)}#${shard % PARKED_SHARDS}`,
  sk: `${at}#${event}`,
});
export const parkedPk = (reason: string, shard: number): string => `P#${part(reason)}#${shard}`;

/** `hash` is identityHash of the normalised value: the address itself is in no key. */
export const identityKey = (kind: string, hash: string): Key => ({ pk: `I#${kind}#${hash}`, sk: 'IDENTITY' });

export const suppressionKey = (kind: string, hash: string): Key => ({ pk: `X#${kind}#${hash}`, sk: 'SUPPRESSED' });
/** When somebody last allowed an address again. */
export const liftedKey = (kind: string, hash: string): Key => ({ pk: `X#${kind}#${hash}`, sk: 'LIFTED' });
/** The newest soft bounces of an address. */
export const softKey = (kind: string, hash: string): Key => ({ pk: `X#${kind}#${hash}`, sk: 'SOFT' });
/** The kind and the hash of an address that is on the list of the suppressed. */
export const suppressedIn = ({ pk }: Key): { readonly kind: string; readonly hash: string } => {
  const [, kind = '', hash = ''] = pk.split('#');
  return { kind, hash };
};

export const versionKey = (journey: string, version: number): Key => ({
  pk: `V#${journey}`,
  sk: String(version).padStart(8, '0'),
});

export const catalogueKey: Key = { pk: 'CATALOGUE', sk: 'LIVE' };
export const settingsKey: Key = { pk: 'CATALOGUE', sk: 'SETTINGS' };
export const templatesKey: Key = { pk: 'CATALOGUE', sk: 'TEMPLATES' };
export const segmentsKey: Key = { pk: 'CATALOGUE', sk: 'SEGMENTS' };
export const poolsKey: Key = { pk: 'CATALOGUE', sk: 'POOLS' };
export const waitingKey: Key = { pk: 'CATALOGUE', sk: 'WAITING' };

export const counterKey = (journey: string, version: number, streamShard: string): Key => ({
  pk: `K#${journey}#${version}`,
  sk: streamShard,
});

const codesPk = (pool: string, shard: number): string => `U#${pool}#${shard}`;

/** A code of a pool that nobody has, in the order of its hash: whoever looks for one begins anywhere. */
export const freeCodeKey = (pool: string, shard: number, hash: string, code: string): Key => ({
  pk: codesPk(pool, shard),
  sk: `CF#${hash}#${code}`,
});

/** The free codes of a shard: the bounds of a query, both inclusive. A hash behind `from` is a place to begin at. */
export const freeCodes = (pool: string, shard: number): { pk: string; from: string; to: string } => ({
  pk: codesPk(pool, shard),
  from: 'CF#',
  to: 'CF#\uffff',
});

/** A code that was given, or used by somebody whom nobody had given it. It stays for ever. */
export const givenCodeKey = (pool: string, shard: number, code: string): Key => ({
  pk: codesPk(pool, shard),
  sk: `CG#${code}`,
});

/** The newest code of a pool that a contact was given. */
export const heldCodeKey = (contact: string, pool: string): Key => ({ pk: contactPk(contact), sk: `U#${pool}` });

/** Entries that a cap of a journey has counted, by its span. */
export const entriesKey = (journey: string, cap: string, shard: number): Key => ({
  pk: `N#${journey}#${shard}`,
  sk: cap,
});

/** The one row that says what mail may leave at all. */
export const flowKey: Key = { pk: 'RATE#email', sk: 'all' };
export const flowLogKey = (at: Instant, what: string, before: number): Key => ({
  pk: 'RATE#email',
  sk: `LOG#${at}#${String(before).padStart(4, '0')}#${part(what)}`,
});
/** What was said of it: what a query begins with. */
export const flowLog = { pk: 'RATE#email', prefix: 'LOG#' } as const;
/** The same of one moment. */
export const flowLogAt = (at: Instant): { pk: string; prefix: string } => ({ ...flowLog, prefix: `LOG#${at}#` });

/** How the mails of ten minutes were received, as one shard of the table's stream has counted it. */
export const receptionKey = (stretch: Instant, streamShard: string): Key => ({
  pk: receptionPk(stretch.slice(0, 10)),
  sk: `${stretch}#${streamShard}`,
});
const receptionPk = (date: string): string => `H#${date}`;
/** Those of a day: what a query begins with. */
export const receptionRange = (date: string): { pk: string; prefix: string } => ({ pk: receptionPk(date), prefix: '' });
export const stretchIn = ({ sk }: Key): Instant => sk.slice(0, sk.indexOf('#'));

/** In which hours of their week people did something, as one shard of the table's stream has counted it of late. */
export const doneKey = (streamShard: string): Key => ({ pk: 'B#habits', sk: `S#${streamShard}` });
export const doneRange = { pk: 'B#habits', prefix: 'S#' } as const;
/** What was made of it. */
export const patternKey: Key = { pk: 'B#habits', sk: 'PATTERN' };

/** A customer's request by law, and what came of it. */
export const privacyKey = (request: string): Key => ({ pk: `Y#${part(request)}`, sk: 'REQUEST' });

/** What an author was told of an uploaded file. */
export const toldKey = (file: string, sequencer: string): Key => ({ pk: `TOLD#${part(file)}`, sk: sequencer });
/** No file is called that. */
export const tellRateKey: Key = { pk: 'TOLD#', sk: 'RATE' };

/** How far a list of a shop has been asked for what its webhooks have missed. */
export const sweepKey = (source: string, url: string, feed: string): Key => ({
  pk: `SWEEP#${source}`,
  sk: `${part(url)}#${feed}`,
});

/** How far the audit is, and what it has found. */
export const auditKey: Key = { pk: 'AUDIT', sk: 'STATE' };
/** Counters of a journey as they were read, and what the rows have said of them so far. */
export const auditCountsKey = (journey: string): Key => ({ pk: 'AUDIT', sk: `COUNTS#${journey}` });
export const auditCountsRange = { pk: 'AUDIT', prefix: 'COUNTS#' } as const;

export const dueShard = (shard: number): string => `due#${shard % DUE_SHARDS}`;
/** In the index of what is due, what no moment makes due: messages of a lane, or of a part of one, that wait until mail may go. */
export const parkShard = (lot: string, shard: number): string => `parked#${lot}#${shard % DUE_SHARDS}`;
export const comesByTime = (duePk: unknown): boolean => typeof duePk === 'string' && !duePk.startsWith('parked#');

export const SUPPRESSED_SHARDS = 16;
export const suppressedShard = (shard: number): string => `suppressed#${shard % SUPPRESSED_SHARDS}`;
export const dirShard = (shard: number): string => `dir#${shard % DIRECTORY_SHARDS}`;

/** What kind of row a key belongs to, for those who meet rows of all kinds (review, tally, erasure). */
export type RowKind =
  | 'profile'
  | 'door'
  | 'enrolment'
  | 'message'
  | 'call'
  | 'caps'
  | 'trace'
  | 'event'
  | 'receipt'
  | 'parked'
  | 'identity'
  | 'suppression'
  | 'version'
  | 'catalogue'
  | 'counter'
  | 'rate'
  | 'reception'
  | 'habits'
  | 'entries'
  | 'code'
  | 'coupon'
  | 'walk'
  | 'appointment'
  | 'look'
  | 'glance'
  | 'told'
  | 'sweep'
  | 'privacy'
  | 'former'
  | 'said'
  | 'audit'
  | 'other';

const KINDS: Readonly<Record<string, RowKind>> = {
  'R#': 'receipt',
  'P#': 'parked',
  'I#': 'identity',
  'X#': 'suppression',
  'V#': 'version',
  'K#': 'counter',
  'N#': 'entries',
  'U#': 'code',
  CA: 'catalogue',
  RA: 'rate',
  'H#': 'reception',
  'B#': 'habits',
  WA: 'walk',
  TO: 'told',
  SW: 'sweep',
  'Y#': 'privacy',
  AU: 'audit',
};
const CONTACT_KINDS: Readonly<Record<string, RowKind>> = {
  PR: 'profile',
  'D#': 'door',
  'J#': 'enrolment',
  'M#': 'message',
  'C#': 'call',
  CA: 'caps',
  'W#': 'trace',
  'E#': 'event',
  'T#': 'appointment',
  'U#': 'coupon',
  'L#': 'look',
  'G#': 'glance',
  'A#': 'former',
  'S#': 'said',
};

export const kindOf = ({ pk, sk }: Key): RowKind =>
  (pk.startsWith('C#') ? CONTACT_KINDS[sk.slice(0, 2)] : KINDS[pk.slice(0, 2)]) ?? 'other';

export const isFreeCode = ({ sk }: Key): boolean => sk.startsWith('CF#');

/** The pool that a code belongs to. */
export const poolOf = ({ pk }: Key): string => pk.slice(2, pk.lastIndexOf('#'));

/** The contact that a row of its partition belongs to. */
export const contactOf = ({ pk }: Key): string | undefined => (pk.startsWith('C#') ? pk.slice(2) : undefined);
