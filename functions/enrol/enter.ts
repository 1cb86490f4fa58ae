import { fieldsOf } from '#shared/condition/lookup.ts';
import { candidates } from '#shared/enrolment/decide.ts';
import type { Started } from '#shared/enrolment/enter-all.ts';
import { triggerOf } from '#shared/enrolment/trigger.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Watched } from '#shared/segment/watched.ts';
import { startedBy } from '#shared/segment/watching.ts';
import { entryScope } from '#shared/store/scope.ts';
import type { Deciding } from './decide.ts';

export type Live = { readonly journey: CompiledJourney; readonly status: JourneyStatus };

/** The journeys that the event starts: by itself, and by moving the contact into a segment or out of one. */
export async function startedJourneys(
  deciding: Deciding,
  live: readonly Live[],
  moved: readonly Watched[],
): Promise<Started[]> {
  const { event, facts, now, deps } = deciding;
  const data = fieldsOf(event);
  const trigger = triggerOf(event, now);
  const matching = await facts.settle(() =>
    candidates(live, event, (journey) => entryScope(deciding, journey.id, data)),
  );
  // The event that moved the contact is what it was for the passage: neither its goal nor its exits hear it.
  const bySegment = await Promise.all(moved.map((one) => startedBy(one, trigger, deps.published)));
  return [...matching.map((one): Started => ({ ...one, trigger, data })), ...bySegment.flatMap((one) => one ?? [])];
}
