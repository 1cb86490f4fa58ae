import { beginsAt, nextOccurrence } from '#shared/journey/schedule.ts';
import type { Key, Row } from '#shared/store/table.ts';
import {
  dropSchedule,
  HINT_AGAIN,
  putSchedule,
  putWalk,
  readSchedule,
  readWalk,
  SCHEDULE,
  stretchesLeft,
} from '#shared/store/walks.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** A schedule whose time has come begins a walk; a walk that is not through gets its shards on their way, once more. */
export async function reviewWalk(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const row = await deps.table.get(key);
  const due = row?.['due'];
  if (typeof due !== 'string' || due > now) return;
  return key.sk === SCHEDULE ? begin(row, due, now, deps) : hintShards(row, due, now, deps);
}

async function begin(row: Row | undefined, due: Instant, now: Instant, deps: ReviewDeps): Promise<void> {
  const schedule = readSchedule(row);
  if (!schedule) return;
  const { journey: id, occurrence, from } = schedule;
  const live = (await deps.published.catalogue()).journeys[id];
  const journey = live && (await deps.published.version(id, live.version));
  const trigger = journey?.definition.trigger;
  if (trigger?.type !== 'schedule') return void (await deps.table.write(dropSchedule(id)));
  const shopZone = (await deps.published.settings()).shop.timeZone;
  const next = nextOccurrence(trigger, now, shopZone, occurrence);
  const walk = { journey: id, name: `schedule#${occurrence}`, task: 'schedule', occurrence, from } as const;
  const nextFrom = next === undefined ? now : beginsAt(trigger, next, shopZone);
  await deps.table.transact([
    ...(live?.status === 'live' ? [putWalk(walk, now)] : []),
    next === undefined
      ? { ...dropSchedule(id), if: { equals: { due } } }
      : { ...putSchedule({ journey: id, occurrence: next, from: nextFrom }, nextFrom), if: { equals: { due } } },
  ]);
}

async function hintShards(row: Row | undefined, due: Instant, now: Instant, deps: ReviewDeps): Promise<void> {
  const walk = readWalk(row);
  if (!walk || !row) return;
  await deps.walk.send(stretchesLeft(walk));
  await deps.table.write({
    kind: 'update',
    key: { pk: row.pk, sk: row.sk },
    change: { set: [[['due'], laterOf(plusMillis(now, HINT_AGAIN), due)]] },
    if: { equals: { due } },
  });
}
