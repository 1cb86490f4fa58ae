import { type Call, callSchema } from '#shared/call/call.ts';
import type { Fields } from '#shared/condition/scope.ts';
import { type Instant, plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { dueAt } from './due.ts';
import { firstOf } from './first-of.ts';
import { callKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import type { Row, Table, Write } from './table.ts';

const MINUTE = 60_000;
/** A call that nobody has taken by then is hinted again. */
const QUEUED_AUDIT = 5 * MINUTE;
/** Longer than the function may run: whoever has taken a call and is not back by then has broken off. */
const LEASE = 2 * MINUTE;
/** As long as the passages that it belongs to are known. */
const KEPT = 90 * 24 * 60 * MINUTE;

const callOf = readOnce((row): Call => callSchema.parse(row));

export const readCall = (row: Row | undefined): Call | undefined => row && callOf(row);

export const loadCall = async (table: Table, contact: string, id: string): Promise<Call | undefined> =>
  readCall(await table.get(callKey(contact, id)));

/** The call of this id about a person, whichever of their contacts it was made for. */
export const loadCallAbout = async (table: Table, parts: readonly string[], id: string): Promise<Call | undefined> =>
  readCall(
    await firstOf(
      table,
      parts.map((contact) => callKey(contact, id)),
    ),
  );

/** Puts a call among those to be made. Its id is derived, so that a repeated turn meets it there. */
export const queueCall = (call: Call): Write => ({
  kind: 'put',
  row: rowOf(callKey(call.contact, call.id), call, dueAt(call.contact, plusMillis(call.queuedAt, QUEUED_AUDIT)), {
    expires: toEpochSeconds(plusMillis(call.queuedAt, KEPT)),
  }),
  if: { absent: true },
});

/** One attempt takes the call; whoever comes second fails on the condition. */
export const claimCall = (call: Call, now: Instant): Write => ({
  kind: 'update',
  key: callKey(call.contact, call.id),
  change: {
    set: [
      [['attempts'], call.attempts + 1],
      [['next'], plusMillis(now, LEASE)],
      [['due'], plusMillis(now, LEASE)],
    ],
  },
  if: { equals: { state: 'queued', attempts: call.attempts } },
});

/** The attempt that was just made has failed: the next may be made from `next` on. */
export const retryCall = (call: Call, next: Instant, reason: string): Write => ({
  kind: 'update',
  key: callKey(call.contact, call.id),
  change: {
    set: [
      [['next'], next],
      [['due'], next],
      [['reason'], reason],
    ],
  },
  if: { equals: { state: 'queued', attempts: call.attempts } },
});

/** Looked at again from then on, by whoever hints. */
export const hintCallAgain = (call: Call, was: Instant, due: Instant): Write => ({
  kind: 'update',
  key: callKey(call.contact, call.id),
  change: { set: [[['due'], due]] },
  if: { equals: { state: 'queued', due: was } },
});

export type CallEnd =
  | {
      readonly at: Instant;
      readonly reply: Fields;
      readonly status?: number | undefined;
      /** Fields of the answer that are not kept. */
      readonly unread: readonly string[];
    }
  | { readonly at: Instant; readonly reason: string };

/** Notes, once, how a call has ended. */
export const endCall = (call: Call, end: CallEnd): Write => ({
  kind: 'update',
  key: callKey(call.contact, call.id),
  change: {
    set: [[['state'], 'done'], [['ok'], 'reply' in end], [['endedAt'], end.at], ...said(end)],
    remove: [['duePk'], ['due']],
  },
  if: { equals: { state: 'queued', attempts: call.attempts } },
});

function said(end: CallEnd): NonNullable<Extract<Write, { kind: 'update' }>['change']['set']> {
  if (!('reply' in end)) return [[['reason'], end.reason]];
  return [
    [['reply'], { ...end.reply }],
    ...(end.status === undefined ? [] : [[['status'], end.status] as const]),
    ...(end.unread.length === 0 ? [] : [[['unread'], [...end.unread]] as const]),
  ];
}
