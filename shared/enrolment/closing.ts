import { type Profile, WATCHING_LIMIT } from '#shared/contact/profile.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Enrolment, LoadedDoor } from './enrolment.ts';
import { nameOn } from './names.ts';
import { goalUntil } from './wake.ts';

/** Until when a passage that is over still watches for its goal; undefined when it does not. */
export const watchedUntil = (journey: CompiledJourney, enrolment: Enrolment, zone: string): Instant | undefined =>
  journey.goal && !enrolment.converted && enrolment.ended !== undefined
    ? goalUntil(journey, enrolment.entered, zone)
    : undefined;

/** A passage that others than its own turn have ended. Who acts on the row just now must notice that it has moved. */
export const endedFromOutside = (passage: Enrolment, outcome: 'merged' | 'erased', now: Instant): Enrolment => ({
  ...passage,
  turn: passage.turn + 1,
  cursor: null,
  next: 'finished',
  ended: now,
  state: 'exited',
  outcome,
});

/** The profile after the end of a passage: no longer inside, and for a time watching for the goal. */
export function leaveProfile(profile: Profile, enrolment: Enrolment, until: Instant | undefined): Profile {
  const name = nameOn(profile, enrolment);
  const { [name]: _, ...inside } = profile.inside;
  const ended = enrolment.ended ?? '';
  const watched = Object.entries(profile.watching).filter(([, watch]) => watch.until >= ended);
  if (until !== undefined && until > ended) watched.push([name, { version: enrolment.version, until }]);
  // Beyond the limit those that end soonest are let go: their goals have had the most time.
  const kept = watched.sort(([, a], [, b]) => (a.until < b.until ? 1 : -1)).slice(0, WATCHING_LIMIT);
  return { ...profile, inside, watching: Object.fromEntries(kept) };
}

/** The door after one more passage has ended by its outcome. */
export function leaveDoor(door: LoadedDoor | undefined, enrolment: Enrolment): LoadedDoor {
  const base: LoadedDoor = door ?? { v: 1, entries: enrolment.n, lastEntry: enrolment.entered, outcomes: {} };
  const outcome = enrolment.outcome ?? enrolment.state;
  const at = enrolment.ended ?? enrolment.entered;
  return { ...base, outcomes: { ...base.outcomes, [outcome]: { at, n: (ownOf(base.outcomes, outcome)?.n ?? 0) + 1 } } };
}
