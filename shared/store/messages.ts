import { type Message, type MessageFact, messageSchema } from '#shared/message/message.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { dueAt, setDue } from './due.ts';
import { firstOf } from './first-of.ts';
import { messageKey, messageRange } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import type { AttributePath, Json, Row, Table, Write } from './table.ts';

const MINUTE = 60_000;
/** A queued message that nobody has taken by then is hinted again. */
const QUEUED_AUDIT = 5 * MINUTE;
/** A claimed message without a word from the provider by then is `unknown`. */
export const CLAIM_LEASE = 15 * MINUTE;

/** Until when nobody else takes a message that was claimed then: a claim is due at that moment, and known by it. */
export const leaseEnd = (claimedAt: Instant): Instant => plusMillis(claimedAt, CLAIM_LEASE);

/** What a link is noted under: an attribute of its own, so that two clicks at a time lose none. */
const LINK = 'link:';

const messageOf = readOnce((row): Message => messageSchema.parse({ ...row, links: linksIn(row) }));

/** Links in the order of their first clicks; undefined: none. */
function linksIn(row: Row): string[] | undefined {
  const clicked = Object.entries(row).filter(([name]) => name.startsWith(LINK));
  const inOrder = clicked.toSorted(([a, at], [b, bt]) => (`${at} ${a}` < `${bt} ${b}` ? -1 : 1));
  return inOrder.length === 0 ? undefined : inOrder.map(([name]) => name.slice(LINK.length));
}

export const readMessage = (row: Row | undefined): Message | undefined => row && messageOf(row);

export const loadMessage = async (table: Table, contact: string, id: string): Promise<Message | undefined> =>
  readMessage(await table.get(messageKey(contact, id)));

/** The message of this id to a person, whichever of their contacts it went to. */
export const loadMessageTo = async (table: Table, parts: readonly string[], id: string): Promise<Message | undefined> =>
  readMessage(
    await firstOf(
      table,
      parts.map((contact) => messageKey(contact, id)),
    ),
  );

/** All messages to a person, newest first. */
export async function loadMessages(table: Table, parts: readonly string[]): Promise<Message[]> {
  const rows = await Promise.all(parts.map((contact) => table.query(messageRange(contact))));
  return rows
    .flat()
    .map(messageOf)
    .sort((a, b) => (a.queuedAt < b.queuedAt ? 1 : -1));
}

/** Puts a message into the outbox. Its id is derived, so that a repeated turn meets it there. */
export const queueMessage = (message: Message): Write => ({
  kind: 'put',
  row: rowOf(
    messageKey(message.contact, message.id),
    message,
    // One that was passed over is a fact for the report, and nobody has to look at it again.
    message.state === 'queued' ? dueAt(message.contact, plusMillis(message.queuedAt, QUEUED_AUDIT)) : {},
  ),
  if: { absent: true },
});

/** One attempt takes the message, to the address that it names; whoever comes second fails on the condition. */
export const claimMessage = (message: Message, by: string, now: Instant): Write => ({
  kind: 'update',
  key: messageKey(message.contact, message.id),
  change: {
    set: [
      [['state'], 'claimed'],
      [['claim'], { by, at: now, attempt: (message.claim?.attempt ?? 0) + 1 }],
      // It may have been parked.
      ...setDue(message.contact, leaseEnd(now)),
      ...(message.to === undefined ? [] : [[['to'], message.to] as const]),
      ...(message.address === undefined ? [] : [[['address'], message.address] as const]),
    ],
  },
  if: { equals: { state: 'queued' } },
});

/**
 * Gives back the claim that was made at `claimedAt`, and no later one: to be tried again from `retryAt`. The claim leaves
 * no trace when `message` is as it was before and had none: an attempt of which it is known that the provider took
 * nothing does not count.
 */
export const releaseMessage = (message: Message, claimedAt: Instant, retryAt: Instant): Write => ({
  kind: 'update',
  key: messageKey(message.contact, message.id),
  change: {
    set: [[['state'], 'queued'], ...setDue(message.contact, retryAt)],
    ...(!message.claim && { remove: [['claim']] }),
  },
  if: { equals: { state: 'claimed', due: leaseEnd(claimedAt) } },
});

/**
 * Leaves a message in the outbox, to be hinted at again from `until` on. `hold`: what it waits for, to be told. Fails when
 * somebody else has it by now.
 */
export const postponeMessage = (message: Message, until: Instant, hold?: string): Write => ({
  kind: 'update',
  key: messageKey(message.contact, message.id),
  change: {
    set: [
      ...setDue(message.contact, until),
      ...(hold === undefined ? [] : [[['waits'], { for: hold, until }] as const]),
    ],
  },
  if: { equals: { state: 'queued' } },
});

/** Notes to whom a message yields. Fails when somebody else has it by now. */
export const noteYield = (message: Message, yielded: NonNullable<Message['yielded']>): Write => ({
  kind: 'update',
  key: messageKey(message.contact, message.id),
  change: { set: [[['yielded'], yielded]] },
  if: { equals: { state: 'queued' } },
});

export type Fact = {
  readonly fact: MessageFact;
  readonly at: Instant;
  readonly reason?: string;
  readonly providerId?: string;
  readonly templateVersion?: string;
  /** Of a click: what was clicked. */
  readonly link?: string;
  /** Of a bounce that counts with SES: when. */
  readonly hardBounced?: Instant;
};

/** Words after which send has nothing more to do with a message. */
const ENDS_SENDING: readonly MessageFact[] = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
  'withheld',
  'unknown',
  'failed',
];

/** Noted by review, which looks again until the passage has been told (see `settleMessage`). */
const STAYS_DUE: readonly MessageFact[] = ['unknown'];

/**
 * What is said of a message only while nothing else is: who withholds it must be the one who would have sent it, since
 * another attempt may have it by now; and nobody knows of a mail only until SES has spoken of it.
 */
const STANDS: Readonly<Partial<Record<MessageFact, Message['state']>>> = { withheld: 'queued', unknown: 'claimed' };

/** Notes a fact, once: facts only grow. A fact that settles the sending takes the message out of the outbox. */
export function noteFact(contact: string, id: string, { fact, at, link, ...more }: Fact): Write {
  const set: [AttributePath, Json][] = [];
  if (ENDS_SENDING.includes(fact)) set.push([['state'], 'done']);
  const details = Object.entries(more).flatMap(([name, value]): [AttributePath, Json][] =>
    value === undefined ? [] : [[[name], value]],
  );
  const clicked: [AttributePath, Json][] = link === undefined ? [] : [[[`${LINK}${link}`], at]];
  return {
    kind: 'update',
    key: messageKey(contact, id),
    change: {
      set,
      setIfAbsent: [[['facts', fact], at], ...details, ...clicked],
      ...(set.length > 0 && !STAYS_DUE.includes(fact) && { remove: [['duePk'], ['due']] }),
    },
    if: STANDS[fact] ? { equals: { state: STANDS[fact] } } : { exists: true },
  };
}

/** Notes that a program has opened a mail, or followed a link. The first time stays. */
export const noteMachine = ({ contact, id }: Message, fact: 'opened' | 'clicked', at: Instant): Write => ({
  kind: 'update',
  key: messageKey(contact, id),
  change: { setIfAbsent: [[[fact === 'opened' ? 'machineOpened' : 'machineClicked'], at]] },
  if: { exists: true },
});

/** Takes a message that is done out of review's sight. */
export const settleMessage = ({ contact, id }: Message): Write => ({
  kind: 'update',
  key: messageKey(contact, id),
  change: { remove: [['duePk'], ['due']] },
  if: { equals: { state: 'done' } },
});
