import type { Journey } from '#shared/journey/journey.ts';
import { beginsAt, nextOccurrence, type Schedule } from '#shared/journey/schedule.ts';
import { daysOf } from '#shared/publish/durations.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Catalogue, LiveJourney } from '#shared/store/journeys.ts';
import type { Write } from '#shared/store/table.ts';
import { dropSchedule, putSchedule, putWalk } from '#shared/store/walks.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';

/** After so long nobody goes by what was live before (see Published), and no turn that did is still under way. */
const NOTICED = 60_000;

/**
 * What becomes of those who are inside when a file goes live: a walk tells them, where they are not to go on as they were.
 */
export function insideWrites(
  { id, publish }: Journey,
  next: LiveJourney,
  before: LiveJourney | undefined,
  now: Instant,
): Write[] {
  if (!before) return [];
  // Named by the upload: a journey may be archived, opened and archived again.
  const walk = (task: 'archive' | 'replace' | 'move' | 'resume'): Write =>
    putWalk(
      { journey: id, name: `${task}#${next.sequencer}`, task, version: next.version, from: now },
      plusMillis(now, NOTICED),
    );
  if (next.status === 'archived') return before.status === 'archived' ? [] : [walk('archive')];
  // Who is opened again soon after it was archived has let nobody go yet who stood still before that.
  const stoodStill = before.status === 'paused' || before.status === 'archived';
  const resumed = stoodStill && next.status !== 'paused' ? [walk('resume')] : [];
  // It may have become this version when it was archived: then nobody was told of that.
  const isNew = next.version !== before.version || before.status === 'archived';
  if (!isNew || publish?.inside === undefined || publish.inside === 'finish') return resumed;
  return [walk(publish.inside === 'move' ? 'move' : 'replace'), ...resumed];
}

/** A quiet time that is shorter has passed, or begins anew, before anybody could tell the difference. */
const LONG_DAYS = 1;

/**
 * What a journey that goes live asks of the calendar: the next occurrence of a schedule, and a walk through all contacts
 * where what starts it may have been told before it was there.
 */
export function calendarWrites(
  journey: Journey,
  next: LiveJourney,
  before: LiveJourney | undefined,
  settings: Settings,
  now: Instant,
): Write[] {
  const isNew = next.version !== before?.version;
  if (next.status !== 'live' || (!isNew && before?.status === 'live')) return [];
  const { id, trigger } = journey;
  if (trigger.type === 'schedule') return [scheduled(id, trigger, settings, now)];
  const gone = before?.starts === 'schedule' ? [dropSchedule(id)] : [];
  if (trigger.type === 'date')
    return [...gone, putWalk({ journey: id, name: `dates#${next.version}`, task: 'dates', from: now }, now)];
  if (trigger.type === 'segment') return [...gone, segmentsWalk(id, next.sequencer, now)];
  const looksBack = trigger.type === 'event' && trigger.quietFor !== undefined && next.version === 1;
  const isLong = looksBack && (typeof trigger.quietFor !== 'string' || daysOf(trigger.quietFor) > LONG_DAYS);
  return isLong || (looksBack && trigger.existing)
    ? [...gone, putWalk({ journey: id, name: 'quiet#1', task: 'quiet', from: now }, now)]
    : gone;
}

/** Each contact is looked at: what is noted of segments by what was before says nothing any more. */
export const segmentsWalk = (journey: string, sequencer: string, now: Instant): Write =>
  putWalk({ journey, name: `segments#${sequencer}`, task: 'segments', from: now }, now);

/** The same where the definition of a segment that somebody looks at has changed. One walk does for all journeys. */
export function redefinedWrites(
  { journeys }: Catalogue,
  concerned: (live: LiveJourney) => boolean,
  sequencer: string,
  now: Instant,
): Write[] {
  const first = Object.entries(journeys).find(([, live]) => live.status !== 'archived' && concerned(live));
  return first ? [segmentsWalk(first[0], sequencer, now)] : [];
}

function scheduled(journey: string, trigger: Schedule, { shop }: Settings, now: Instant): Write {
  const occurrence = nextOccurrence(trigger, now, shop.timeZone);
  if (occurrence === undefined) return dropSchedule(journey);
  const from = laterOf(beginsAt(trigger, occurrence, shop.timeZone), now);
  return putSchedule({ journey, occurrence, from }, from);
}
