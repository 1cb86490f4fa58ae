import { catalogued } from '#shared/enrolment/catalogued.ts';
import { GOAL_WINDOW } from '#shared/enrolment/wake.ts';
import { happeningsIn } from '#shared/event/happenings.ts';
import { hashOf } from '#shared/journey/frozen.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { daysOf } from '#shared/publish/durations.ts';
import { longestStay } from '#shared/publish/stay.ts';
import { type LiveJourney, olderOf, watchingOf } from '#shared/store/journeys.ts';
import { originOf, type Upload } from '#shared/store/waiting.ts';
import { laterOf, plusMillis, toMillis } from '#shared/time/instant.ts';
import type { PublishDeps } from './publish.ts';

const DAY = 86_400_000;
/** Earlier versions that edits are held against, at most; of more, the oldest is let go. */
const OLDER_KEPT = 100;

/** Since when those who come into its segment enter; who was in it before does only at the first time that it is live. */
function watchOf({ status, trigger }: Journey, live: LiveJourney | undefined, sequencer: string): LiveJourney['watch'] {
  const before = live?.watch;
  if (trigger.type !== 'segment' || status !== 'live') return before;
  if (before && live?.status === 'live') return before;
  return { since: sequencer, existing: !before && (live?.version ?? 1) === 1 && trigger.existing === true };
}

/** Who is inside an earlier version asks what that one asks. */
const asksOf = (now: LiveJourney['asks'], before: LiveJourney['asks'] = []): Pick<LiveJourney, 'asks'> => {
  const asks = [...new Set([...(now ?? []), ...before])];
  return asks.length > 0 ? { asks } : {};
};

/** What stands in the catalogue once this file is live. */
export async function nextOf(
  journey: Journey,
  live: LiveJourney | undefined,
  upload: Upload,
  deps: PublishDeps,
): Promise<LiveJourney> {
  const { clock } = deps;
  const hash = hashOf(journey);
  const same = live?.hash === hash;
  const { asks } = catalogued(journey);
  const watch = watchOf(journey, live, upload.sequencer);
  const older = live ? await olderThan(journey.id, live, same, deps) : [];
  const watching = live ? await watchingThen(journey, live, same, deps) : [];
  return {
    version: same ? live.version : (live?.version ?? 0) + 1,
    status: journey.status,
    ...catalogued(journey),
    sequencer: upload.sequencer,
    hash,
    file: upload.key,
    from: originOf(upload),
    ...(watch && { watch }),
    ...asksOf(asks, older?.length ? live?.asks : undefined),
    older,
    ...(watching.length > 0 && { watching }),
    ...(journey.status === 'paused' && { pausedAt: clock.now() }),
  };
}

/** Earlier versions that somebody can still be inside; the one that this file replaces is one from now on. */
async function olderThan(
  id: string,
  live: LiveJourney,
  same: boolean,
  { clock, published }: PublishDeps,
): Promise<LiveJourney['older']> {
  const now = clock.now();
  // Who stood still meanwhile stays so much longer.
  const stood = live.pausedAt === undefined ? 0 : toMillis(now) - toMillis(live.pausedAt);
  const older = olderOf(live, now).map((one) => ({ ...one, until: plusMillis(one.until, stood) }));
  if (same) return older;
  const { definition } = await published.version(id, live.version);
  const until = plusMillis(now, longestStay(definition) * DAY);
  const { happenings } = catalogued(definition);
  return [...older, { version: live.version, until, ...(happenings && { happenings }) }].slice(-OLDER_KEPT);
}

/** Of a window: what months of 31 days, zones, and what is still under way can add. */
const WINDOW_SLACK = 1;

/**
 * Goals whose windows go on behind what is live: those from before, and that of the version which this file replaces or
 * archives. Nobody has entered it later than now, and a window counts from the entry.
 */
async function watchingThen(
  { id, status }: Journey,
  live: LiveJourney,
  same: boolean,
  { clock, published }: PublishDeps,
): Promise<NonNullable<LiveJourney['watching']>> {
  const now = clock.now();
  const before = watchingOf(live, now);
  if (live.status === 'archived' || (same && status !== 'archived')) return before;
  const { goal } = (await published.version(id, live.version)).definition;
  if (!goal) return before;
  const days = daysOf(goal.window ?? GOAL_WINDOW) * 1.05 + WINDOW_SLACK;
  const happenings = happeningsIn(goal);
  const others = before.filter((one) => JSON.stringify(one.happenings) !== JSON.stringify(happenings));
  const until = before.filter((one) => !others.includes(one)).map((one) => one.until);
  return [...others, { until: until.reduce(laterOf, plusMillis(now, Math.ceil(days * DAY))), happenings }];
}
