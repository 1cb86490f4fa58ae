import { ConditionFailed } from '#shared/errors.ts';
import { ownOf } from '#shared/own-of.ts';
import { ALL, type Scope } from '#shared/sending/breaker.ts';
import { haltOf, type Lane } from '#shared/sending/flow.ts';
import { warmLeft } from '#shared/sending/warm-up.ts';
import { changeFlow, forgetFresh, lookAtFlow, lotOf, unparkMessage } from '#shared/store/flow.ts';
import { comesByTime, DUE_SHARDS, parkShard } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import type { IndexEntry, Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { HINT_AGAIN } from './message.ts';
import type { ReviewDeps, Run } from './review.ts';

const MINUTE = 60_000;
/** Order mails first. */
const LANES: readonly Lane[] = ['transactional', 'marketing'];
const TOGETHER = 100;
/** So many more than its share may be among the first in a shard. */
const SPARE = 8;
/** A day more than anybody counts back. */
const FRESH_FOR = 8 * 86_400_000;

/**
 * Brings back what was parked, once its lane goes again: the oldest first, and no more a minute than a run may hint at. What
 * of a lane that stands still is parked, nobody looks at. While a new domain is made known, no more marketing than its day has
 * room for, and those first who were lately seen. Returns how many were brought back.
 */
export async function release(run: Run): Promise<{ readonly freed: number; readonly isMore: boolean }> {
  const now = run.clock.now();
  let [freed, isMore] = [0, false];
  const emptied: Scope[] = [];
  for (const { lane, part } of lotsOf(run)) {
    if (haltOf(run.flow, lane, now)) continue;
    const isMarketing = lane === 'marketing';
    const room = Math.min(run.hints.left, isMarketing ? warmLeft(run.flow, run.warmUp, now) : run.hints.left);
    const found = room > 0 ? await firstOf(lotOf(lane, part), room, run) : [];
    for (let i = 0; i < found.length && i < room; i += TOGETHER)
      await Promise.all(found.slice(i, Math.min(i + TOGETHER, room)).map((entry) => releaseOne(entry, now, run)));
    const seen = Math.min(found.length, room);
    freed += seen;
    if (isMarketing) run.hints.left -= seen;
    isMore ||= found.length > room;
    if (part !== undefined && room > 0 && found.length === 0) emptied.push(part);
  }
  await forget(emptied, now, run);
  return { freed, isMore };
}

/** That a part was let go long ago is of no use once nothing of it is parked. */
async function forget(emptied: readonly Scope[], now: Instant, { flow: { fresh = {} }, table }: Run): Promise<void> {
  const old = plusMillis(now, -FRESH_FOR);
  const past = [ALL, ...emptied].filter((scope) => (ownOf(fresh, scope) ?? old) < old);
  if (past.length > 0) await table.write(changeFlow(forgetFresh(past)));
}

/** The lanes, and the parts of marketing that somebody has let go again. */
function lotsOf({ flow: { fresh = {}, trips = {} } }: Run): readonly { readonly lane: Lane; readonly part?: Scope }[] {
  const parts = Object.keys(fresh).filter((scope) => scope !== ALL && !ownOf(trips, scope));
  return [...LANES.map((lane) => ({ lane })), ...parts.map((part) => ({ lane: 'marketing' as const, part }))];
}

/** The first of a lot, by the order in which they lie; where there are more than wanted, some more. */
async function firstOf(lot: string, wanted: number, { table }: ReviewDeps): Promise<IndexEntry[]> {
  // No shard is asked for all: by their hashes, contacts are spread evenly enough.
  const limit = Math.min(wanted, Math.ceil(wanted / DUE_SHARDS) * 2 + SPARE) + 1;
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) =>
    table.queryIndex({ index: 'due', pk: parkShard(lot, shard), limit }),
  );
  return (await Promise.all(shards)).flat().sort((a, b) => (a.sort < b.sort ? -1 : 1));
}

/** A call that breaks off between the two leaves a message that is due like any other whose hint was lost. */
async function releaseOne(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  try {
    const row = await deps.table.get(key);
    const message = readMessage(row);
    // The index may be behind.
    if (message?.state !== 'queued' || comesByTime(row?.['duePk'])) return;
    await deps.table.write(unparkMessage(message, plusMillis(now, HINT_AGAIN)));
    await deps.outbox[message.lane].send([{ contact: message.contact, message: message.id }]);
  } catch (error) {
    if (error instanceof ConditionFailed) return;
    deps.metrics.count('ReviewFailed', 1, { kind: 'parked' });
    deps.log.error('a parked message could not be brought back; it stays parked', {}, error);
  }
}

/** In AWS review runs each minute anyway; a laptop only when something is due. */
export async function lookAgain({ flow: { due }, table, clock }: Run, isMore: boolean): Promise<void> {
  const now = clock.now();
  if (isMore) await table.write(changeFlow(lookAtFlow(plusMillis(now, MINUTE))));
  else if (due !== undefined && due <= now) await table.write(changeFlow({ remove: [['duePk'], ['due']] }));
}
