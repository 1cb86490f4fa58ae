import { evaluate } from '#shared/condition/evaluate.ts';
import { fieldsOf, lookup } from '#shared/condition/lookup.ts';
import { type Fields, type Scope, scopeWith } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event } from '#shared/event/event.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Journey, JourneyStatus } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { laterDuration } from '#shared/time/duration.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { leaveDoor, leaveProfile, watchedUntil } from './closing.ts';
import type { Enrolment, LoadedDoor, TriggerRef } from './enrolment.ts';
import { enrolmentOf, entered, held, isHeldOut, keyOf, placesOf, type Refusal, refusal, unwanted } from './entry.ts';
import { nameOn } from './names.ts';
import type { Place } from './places.ts';

const DAY = 86_400_000;
/** How long a passage lasts at least before a further match begins it anew. */
const RESTART_EVERY = 3_600_000;
/** Older than this an event starts nothing and ends no wait (the language's `fresh`); goal and exits still hear it. */
export const FRESH = DAY;

/** Whether an event may start a passage and end a wait: it has just happened, as far as anyone can tell. */
export const isFresh = (event: Event, now: Instant): boolean =>
  event.historic !== true && event.at >= plusMillis(now, -FRESH);

/** A live journey that this event might start, and its door for this contact and key. */
export type Candidate = { readonly journey: CompiledJourney; readonly status: JourneyStatus; readonly key: string };

/** The journeys whose trigger this event matches, with the key that it opens; those whose key is missing are left out. */
export function candidates(
  live: readonly { journey: CompiledJourney; status: JourneyStatus }[],
  event: Event,
  scopeOf: (journey: CompiledJourney, data: Fields) => Scope,
): Candidate[] {
  const data = fieldsOf(event);
  return live.flatMap(({ journey, status }) => {
    if (status !== 'live' || !isStartedBy(journey, event, () => scopeWith(scopeOf(journey, data), { data }))) return [];
    const key = keyOf(journey, data);
    return key === undefined ? [] : [{ journey, status, key }];
  });
}

function isStartedBy({ id, definition }: CompiledJourney, event: Event, scope: () => Scope): boolean {
  const { trigger } = definition;
  if (trigger.type === 'manual') return event.type === JOURNEY_REQUESTED && event.journey === id;
  if (trigger.type !== 'event' || ![trigger.event].flat().includes(event.type)) return false;
  return trigger.where === undefined || evaluate(trigger.where, scope());
}

/** Types of events that may start a journey: all that the catalogue of live journeys says of a trigger. */
export function startingTypes({ trigger }: Journey): string[] {
  if (trigger.type === 'manual') return [JOURNEY_REQUESTED];
  return trigger.type === 'event' ? [trigger.event].flat() : [];
}

export type EntryInput = Candidate & {
  readonly door: LoadedDoor | undefined;
  readonly profile: Profile;
  readonly trigger: TriggerRef;
  readonly now: Instant;
  readonly zone: string;
  readonly settings: Settings;
  readonly scope: Scope;
  /** The passage that the contact is inside of by this door, where the journey says that one begins anew. */
  readonly current?: Enrolment | undefined;
};

/**
 * What becomes of a match. `ended` is the passage that a new one replaces; a passage of less than an hour only gets the
 * new trigger (`retold`). `places` are those that an entry takes of the journey's caps; who begins anew keeps theirs. The profile that comes back names what the contact is inside of now.
 */
export type EntryDecision =
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | { readonly kind: 'retold'; readonly enrolment: Enrolment }
  | ({ readonly kind: 'entered'; readonly ended?: Enrolment; readonly places: readonly Place[] } & Entered);
export type Entered = { readonly enrolment: Enrolment; readonly door: LoadedDoor; readonly profile: Profile };

/** Whether who is inside begins anew with a further match: the passage is asked for then. */
export const beginsAnew = (journey: CompiledJourney): boolean =>
  journey.definition.entry?.again?.whileInside === 'restart';

/** Lets a contact in, or says why not. */
export function judge(input: EntryInput): EntryDecision {
  const reason = refusal(input);
  if (reason === 'inside' && input.current && beginsAnew(input.journey)) return anew(input, input.current);
  return reason ? { kind: 'refused', reason } : { kind: 'entered', ...begin(input), places: placesOf(input) ?? [] };
}

/** At most once an hour: what comes more often only replaces the data. */
function anew(input: EntryInput, current: Enrolment): EntryDecision {
  const { now, trigger } = input;
  if (current.entered > plusMillis(now, -RESTART_EVERY))
    return { kind: 'retold', enrolment: { ...current, trigger: { ...trigger } } };
  // Who acts on the row just now must notice that it has moved.
  const left = { turn: current.turn + 1, cursor: null, next: 'finished' as const, ended: now };
  const ended: Enrolment = { ...current, ...left, state: 'exited', outcome: 'restarted' };
  const profile = leaveProfile(input.profile, ended, undefined);
  const reason = unwanted({ ...input, profile });
  if (reason) return { kind: 'refused', reason };
  return { kind: 'entered', ended, ...begin({ ...input, profile, door: leaveDoor(input.door, ended) }), places: [] };
}

function begin(input: EntryInput): Entered {
  const { profile, door, journey, now, zone } = input;
  const enrolment = isHeldOut(input) ? held(enrolmentOf(input)) : enrolmentOf(input);
  const name = nameOn(profile, enrolment);
  return {
    enrolment,
    door: entered(door, now),
    profile:
      enrolment.state === 'held'
        ? leaveProfile(profile, enrolment, watchedUntil(journey, enrolment, zone))
        : { ...profile, inside: { ...profile.inside, [name]: enrolment.version } },
  };
}

/** Arms a door: the quiet time begins anew with this match, unless a later one is known already. It may become shorter. */
export function arm(input: EntryInput): LoadedDoor {
  const { journey, door, trigger, zone, scope } = input;
  const { trigger: definition } = journey.definition;
  const base: LoadedDoor = door ?? { v: 1, entries: 0, outcomes: {} };
  if (base.quiet && base.quiet.trigger.at > trigger.at) return base;
  const quietFor = definition.type === 'event' ? definition.quietFor : undefined;
  const until = laterDuration(trigger.at, quietFor ?? 'PT0S', zone, (ref) => lookup(ref, scope));
  return { ...base, quiet: { until, trigger: { ...trigger } } };
}
