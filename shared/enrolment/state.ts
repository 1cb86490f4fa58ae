import { evaluate } from '#shared/condition/evaluate.ts';
import { isTouched, type Names, needsOf } from '#shared/condition/needs.ts';
import { nextChange } from '#shared/condition/next-change.ts';
import type { Scope } from '#shared/condition/scope.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { type Asking, type CompiledJourney, GOAL } from '#shared/journey/compile.ts';
import { earlierOf, type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { type Enrolment, wakesAt } from './enrolment.ts';
import type { ProfileChange, TurnInput } from './turn.ts';
import { goalUntil } from './wake.ts';

/** Conditions of a passage that become true by what lies on the contact, or by time, and not by what it listens to. */

/** How often a passage is woken at most only to look again. */
const LOOK_EVERY = 3_600_000;

/** Whether what has been touched can have changed any of them. */
export const isConcerned = ({ asks }: CompiledJourney, touched: Names, segments: Scope['segments']): boolean =>
  asks.some(({ condition }) => isTouched(needsOf(condition, segments), touched));

/** What a passage asks where it stands: its goal while that counts, its exits, and the waitFor that it is in. */
function asked(journey: CompiledJourney, enrolment: Enrolment, now: Instant, zone: string): readonly Asking[] {
  const { state, converted, cursor, entered } = enrolment;
  const { asks } = journey;
  if (asks.length === 0) return asks;
  return asks.filter(({ owner }) => {
    if (owner === GOAL) return !converted && goalUntil(journey, entered, zone) >= now;
    return state === 'inside' && (owner.startsWith('!') || owner === cursor?.step);
  });
}

/** From when events count for it. */
const sinceOf = ({ owner }: Asking, { trigger, cursor }: Enrolment): Instant | undefined =>
  owner.startsWith('!') ? trigger.at : cursor?.began;

/**
 * What a passage is told when something has been touched: for each condition that is true now, or will be by time before
 * the passage looks again. Its turn judges them.
 */
export function hearState(
  journey: CompiledJourney,
  enrolment: Enrolment,
  scope: (since: Instant | undefined) => Scope,
  touched?: Names,
): string[] {
  const until = wakesAt(enrolment);
  const { now, profile, settings } = scope(undefined);
  const zone = zoneOf(profile, settings);
  return asked(journey, enrolment, now, zone).flatMap((asking) => {
    const here = scope(sinceOf(asking, enrolment));
    if (touched && !isTouched(needsOf(asking.condition, here.segments), touched)) return [];
    const isTrue = evaluate(asking.condition, here);
    const next =
      isTrue || until === undefined ? undefined : changeOf(asking, here, goalUntil(journey, enrolment.entered, zone));
    // It looks at most once an hour, so that what changes within it need not be told.
    const soonerThanMeant = next !== undefined && until !== undefined && laterOf(next, hourAfter(now)) < until;
    return isTrue || soonerThanMeant ? [`${asking.owner}/state`] : [];
  });
}

/** When time alone changes what it says. A goal that would be reached when it counts no more is nothing to look at. */
function changeOf({ owner, condition }: Asking, scope: Scope, goalCounts: Instant): Instant | undefined {
  const next = nextChange(condition, scope);
  return next !== undefined && owner === GOAL && next > goalCounts ? undefined : next;
}

const hourAfter = (now: Instant): Instant => plusMillis(now, LOOK_EVERY);

/** When a passage that pauses should look again, since time alone may end the pause then; undefined: it need not. */
export function lookAgainAt(
  { journey, now, zone, scope }: TurnInput,
  enrolment: Enrolment,
  changes: readonly ProfileChange[],
): Instant | undefined {
  const until = goalUntil(journey, enrolment.entered, zone);
  const moments = asked(journey, enrolment, now, zone).flatMap(
    (asking) => changeOf(asking, scope(enrolment, changes, sinceOf(asking, enrolment)), until) ?? [],
  );
  return moments.length === 0 ? undefined : laterOf(moments.reduce(earlierOf), hourAfter(now));
}

/** When time alone makes the goal of a passage that is over true; undefined: never, or too late. */
export function goalMoment(
  journey: CompiledJourney,
  enrolment: Enrolment,
  scope: Scope,
  until: Instant,
): Instant | undefined {
  const goal = enrolment.converted ? undefined : journey.goal;
  const next = goal && nextChange(goal, scope);
  return next !== undefined && next <= until ? next : undefined;
}
