import type { FunctionName, QueueName } from '#functions/wiring.ts';
import { PUBLISH_SOURCE } from '#shared/publish/outcome.ts';
import {
  auditKey,
  catalogueKey,
  counterKey,
  doneKey,
  entriesKey,
  flowKey,
  givenCodeKey,
  identityKey,
  parkedKey,
  privacyKey,
  profileKey,
  receiptKey,
  receptionKey,
  suppressionKey,
  sweepKey,
  toldKey,
  versionKey,
  walkKey,
} from '#shared/store/keys.ts';
import type { IndexName, Key } from '#shared/store/table.ts';

/**
 * Who may do what, and nobody may do more: one row a function, plain data, so that a test can hold the code to it as IAM
 * will. What a queue or the stream hands to its consumer, and the dead letters that the consumer leaves, is granted with
 * the event source.
 */

/** Everything before the first `#`: the partitions of one kind of row, as IAM's leading keys match them. */
const partitionsOf = ({ pk }: Key): string => (pk.includes('#') ? `${pk.slice(0, pk.indexOf('#'))}#*` : pk);

/** Partitions of the table, by what lies in them. `contacts` holds profiles, doors, passages, messages, events. */
export const PARTITIONS = {
  contacts: partitionsOf(profileKey('')),
  receipts: partitionsOf(receiptKey('')),
  parked: partitionsOf(parkedKey('', 0, '', '')),
  identities: partitionsOf(identityKey('', '')),
  suppressions: partitionsOf(suppressionKey('', '')),
  versions: partitionsOf(versionKey('', 0)),
  catalogue: partitionsOf(catalogueKey),
  counters: partitionsOf(counterKey('', 0, '')),
  codes: partitionsOf(givenCodeKey('', 0, '')),
  entries: partitionsOf(entriesKey('', '', 0)),
  rates: partitionsOf(flowKey),
  receptions: partitionsOf(receptionKey('', '')),
  habits: partitionsOf(doneKey('')),
  walks: partitionsOf(walkKey('', '')),
  told: partitionsOf(toldKey('', '')),
  sweeps: partitionsOf(sweepKey('', '', '')),
  privacy: partitionsOf(privacyKey('')),
  audit: partitionsOf(auditKey),
} as const;
export type Partitions = keyof typeof PARTITIONS;

export type Grant = {
  readonly read?: readonly Partitions[];
  /** Writing includes the conditions of a write, not reading. */
  readonly write?: readonly Partitions[];
  /** Only conditions, in the transactions of other writes. */
  readonly check?: readonly Partitions[];
  readonly indexes?: readonly IndexName[];
  /** Puts events on the bus; where a source is named, of this source only. */
  readonly bus?: true | string;
  /** Sends to these queues. */
  readonly queues?: readonly QueueName[];
  /** Starts executions of the state machine; answers tokens of its pauses. */
  readonly executions?: readonly ('start' | 'answer')[];
  /**
   * `endpoints`, `sources` and `tokens`: those that the shop stores itself. `sources` prove who posts, with `tokens` the
   * storefronts are asked; whoever has the one has not the other.
   */
  readonly secrets?: readonly ('webhook' | 'link' | 'endpoints' | 'sources' | 'tokens')[];
  /** Prefixes or whole keys of the bucket. */
  readonly bucket?: { readonly read?: readonly string[]; readonly write?: readonly string[] };
  /** Sends mail from the shop's identity through its configuration set. */
  readonly mail?: true;
  /** Reads what SES allows the account. */
  readonly account?: true;
};

/** Journeys as they are live: their versions, the catalogue, the settings and the templates' shelf. */
const PUBLISHED = ['versions', 'catalogue'] as const satisfies readonly Partitions[];
/** The same, and what was learned of when the shop's people are there. */
const LIVE = [...PUBLISHED, 'habits'] as const satisfies readonly Partitions[];

export const GRANTS = {
  ingest: { bus: true, queues: ['overflow'], secrets: ['webhook', 'sources'] },
  enrol: {
    read: ['contacts', 'identities', 'receipts', 'entries', 'codes', ...LIVE],
    write: ['contacts', 'identities', 'receipts', 'parked', 'entries', 'codes'],
    executions: ['start', 'answer'],
    bus: true,
  },
  advance: {
    read: ['contacts', 'codes', ...LIVE],
    write: ['contacts', 'codes'],
    queues: ['transactional', 'marketing', 'calls'],
    bus: true,
  },
  pause: { read: ['contacts'], write: ['contacts'], executions: ['answer'] },
  send: {
    // Whose an address is, and whether it is suppressed, is asked together before every mail.
    read: ['contacts', 'identities', 'suppressions', 'rates', ...LIVE],
    write: ['contacts', 'rates'],
    check: ['suppressions'],
    executions: ['start', 'answer'],
    bus: true,
    secrets: ['link'],
    // What templates are made of lies beside what they were made into.
    bucket: { read: ['published/templates/'] },
    mail: true,
  },
  call: {
    read: ['contacts', 'catalogue', 'habits'],
    write: ['contacts'],
    executions: ['start', 'answer'],
    secrets: ['endpoints'],
    mail: true,
  },
  // By an address's bounces so far it decides whether one more suppresses it; by identities it knows who was erased.
  track: {
    read: ['contacts', 'identities', 'suppressions', ...LIVE],
    write: ['contacts', 'suppressions'],
    executions: ['start', 'answer'],
    bus: true,
  },
  // What marketers upload is read and never written; what is made of it is written.
  // A sample of contacts says what a journey would do to them.
  publish: {
    read: ['contacts', 'counters', 'codes', ...LIVE],
    indexes: ['directory'],
    write: ['walks', 'codes', ...PUBLISHED],
    queues: ['publish', 'tell'],
    bus: PUBLISH_SOURCE,
    bucket: {
      // What templates were made into is read to see what a test's mails say.
      read: ['journeys/', 'templates/', 'segments/', 'pools/', 'tests/', 'published/', 'settings.json'],
      write: ['published/', 'reports/'],
    },
  },
  respond: {
    read: ['contacts', ...LIVE],
    write: ['contacts'],
    executions: ['start', 'answer'],
    bus: true,
    queues: ['overflow'],
    secrets: ['link'],
    // A mail is shown as its template was then.
    bucket: { read: ['published/templates/'] },
  },
  review: {
    read: ['contacts', 'walks', 'entries', 'rates', 'receptions', ...LIVE],
    write: ['contacts', 'walks', 'entries', 'parked', 'rates', 'receptions', 'habits'],
    indexes: ['due'],
    executions: ['start', 'answer'],
    bus: true,
    queues: ['transactional', 'marketing', 'calls', 'walk', 'tell'],
    account: true,
  },
  // It mends rows, and does nothing with them: who is to be woken or written to is review's to say.
  audit: {
    read: ['contacts', 'counters', 'rates', 'catalogue', 'audit', 'walks', 'receptions', 'habits'],
    write: ['contacts', 'counters', 'audit'],
    indexes: ['due', 'directory'],
  },
  // By the shop's settings it knows whose clock is meant, and who is alike.
  tally: { read: ['counters', 'receptions', 'habits', 'catalogue'], write: ['counters', 'receptions', 'habits'] },
  walk: {
    read: ['contacts', 'walks', 'entries', ...LIVE],
    write: ['contacts', 'walks', 'entries', 'parked'],
    indexes: ['directory'],
    executions: ['start', 'answer'],
    queues: ['walk'],
  },
  tell: {
    read: ['told', 'catalogue', 'habits'],
    write: ['told'],
    queues: ['tell'],
    bucket: { read: ['reports/'] },
    mail: true,
  },
  start: { read: ['contacts', ...LIVE], bus: true, queues: ['overflow'], secrets: ['webhook'] },
  collect: { bus: true, queues: ['overflow'] },
  catchup: {
    read: ['sweeps', 'receipts'],
    write: ['sweeps'],
    bus: true,
    queues: ['overflow'],
    secrets: ['tokens'],
  },
  privacy: {
    read: ['contacts', 'identities', 'parked', 'codes', 'privacy'],
    write: ['contacts', 'identities', 'receipts', 'parked', 'codes', 'privacy'],
    executions: ['start', 'answer'],
    bucket: { write: ['privacy/'] },
  },
} as const satisfies Record<FunctionName, Grant>;
