import type { Message } from '#shared/message/message.ts';
import { freshFrom, type Scope, type Trip } from '#shared/sending/breaker.ts';
import { type Flow, flowSchema, type Halt } from '#shared/sending/flow.ts';
import type { Instant } from '#shared/time/instant.ts';
import { DUE_SHARDS, dueShard, flowKey, flowLogKey, messageKey, parkShard } from './keys.ts';
import { postponeMessage } from './messages.ts';
import { readOnce } from './read-once.ts';
import { shardOf } from './shards.ts';
import type { Change, Row, Table, Write } from './table.ts';

/** What is said of one scope is an attribute of its own, too. */
const BY_SCOPE = ['trips', 'told', 'fresh'] as const;
const scopePath = (of: (typeof BY_SCOPE)[number], scope: Scope): [string] => [`${of}:${scope}`];

const flowOf = readOnce(
  (row): Flow => flowSchema.parse({ ...row, ...Object.fromEntries(BY_SCOPE.map((of) => [of, byScope(row, of)])) }),
);
/** As long as nothing was ever said of it. */
const NOTHING_SAID: Row = { pk: '', sk: '' };

export const readFlow = (row: Row | undefined): Flow => flowOf(row ?? NOTHING_SAID);

const byScope = (row: Row, of: string) =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      name.startsWith(`${of}:`) ? [[name.slice(of.length + 1), value]] : [],
    ),
  );

export const loadFlow = async (table: Table): Promise<Flow> => readFlow(await table.get(flowKey));

/** Every part is an attribute of its own, so that nobody overwrites what somebody else has just said. */
export const changeFlow = (change: Change): Write => ({ kind: 'update', key: flowKey, change });

/**
 * Has marketing of a scope stand still, as long as it does not yet, and nobody has let it go since `fresh` was read. Fails
 * otherwise.
 */
export const tripFlow = (scope: Scope, trip: Trip, fresh: Instant | undefined): Write => {
  const [[tripped], [since]] = [scopePath('trips', scope), scopePath('fresh', scope)];
  return {
    ...changeFlow({ set: [[[tripped], trip]] }),
    if: {
      missing: [tripped, ...(fresh === undefined ? [since] : [])],
      ...(fresh !== undefined && { equals: { [since]: fresh } }),
    },
  };
};

/** Lets marketing of scopes go again; what went before counts no more. */
export const resumeFlow = (trips: Readonly<Record<Scope, Trip>>, now: Instant): Change => ({
  set: Object.entries(trips).map(([scope, { at }]) => [scopePath('fresh', scope), freshFrom(at, now)] as const),
  remove: Object.keys(trips).flatMap((scope) => [scopePath('trips', scope), scopePath('told', scope)]),
});

/** Notes that somebody has been told of a trip. */
export const noteTold = (trips: Readonly<Record<Scope, Trip>>): Change => ({
  set: Object.entries(trips).map(([scope, { at }]) => [scopePath('told', scope), at] as const),
});

export const forgetFresh = (scopes: readonly Scope[]): Change => ({
  remove: scopes.map((scope) => scopePath('fresh', scope)),
});

/** Has review look, at that moment, for what was parked. */
export const lookAtFlow = (at: Instant): Change => ({
  set: [
    [['duePk'], dueShard(0)],
    [['due'], at],
  ],
});

/** Who has stopped mail or let it go, when and why, for good. `before`: what was said at the same moment already. */
export const noteOnFlow = (at: Instant, what: string, by: string, reason: string, before = 0): Write => ({
  kind: 'put',
  row: { ...flowLogKey(at, what, before), v: 1, at, what, by, reason },
});

/** More than the hours since 1970 will be for decades. */
const HOURS = 999_999;

/** Where a parked message lies: with those of a part that stands still, and before others whose contacts were seen longer ago. */
type Place = {
  readonly part?: Scope | undefined;
  /** The hour since 1970 in which its contact was last seen. */
  readonly engaged?: number | undefined;
};

/**
 * Takes a message that may not go out of the sight of those who look for what is due: a million of them cost nobody
 * anything until they may. They lie in the order in which they were queued, those of a part that stands still by themselves:
 * they are in nobody's way. With `engaged` they lie before those without, the lately seen first.
 */
export const parkMessage = (message: Message, held: Halt | undefined, { part, engaged }: Place = {}): Write => ({
  kind: 'update',
  key: messageKey(message.contact, message.id),
  change: {
    set: [
      [['duePk'], parkShard(lotOf(message.lane, part), shardOf(message.contact, DUE_SHARDS))],
      [['due'], engaged === undefined ? message.queuedAt : `0${HOURS - engaged}#${message.queuedAt}`],
      ...(held === undefined ? [] : [[['held'], held] as const]),
    ],
  },
  if: { equals: { state: 'queued' } },
});

/** Where messages are parked. */
export const lotOf = (lane: Message['lane'], part?: Scope): string => (part === undefined ? lane : `${lane}/${part}`);

/** Puts it back among what is due, at a moment. Fails when somebody has it by now. */
export const unparkMessage = (message: Message, due: Instant): Write => postponeMessage(message, due);
