import { evaluate } from '#shared/condition/evaluate.ts';
import { fieldsOf, lookup } from '#shared/condition/lookup.ts';
import { type Fields, type Scope, scopeWith } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Event } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { laterDuration } from '#shared/time/duration.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import type { Door, Enrolment } from './enrolment.ts';
import { enrolmentOf, entered, keyOf, type Refusal, refusal, type TriggerRef } from './entry.ts';
import { nameOf } from './names.ts';

const DAY = 86_400_000;
/** Older than this an event is folded and neither starts nor stops anything (the language's `fresh`). */
export const FRESH = DAY;

/** Whether an event may trigger and signal: it has just happened, as far as anyone can tell. */
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
    const { trigger } = journey.definition;
    if (status !== 'live' || trigger.type !== 'event') return [];
    const types = typeof trigger.event === 'string' ? [trigger.event] : trigger.event;
    if (!types.includes(event.type)) return [];
    if (trigger.where && !evaluate(trigger.where, scopeWith(scopeOf(journey, data), { data }))) return [];
    const key = keyOf(journey, data);
    return key === undefined ? [] : [{ journey, status, key }];
  });
}

export type EntryInput = Candidate & {
  readonly door: Door | undefined;
  readonly profile: Profile;
  readonly trigger: TriggerRef;
  readonly now: Instant;
  readonly zone: string;
  readonly settings: Settings;
  readonly scope: Scope;
};

export type EntryDecision =
  | { readonly kind: 'entered'; readonly enrolment: Enrolment; readonly door: Door; readonly profile: Profile }
  | { readonly kind: 'refused'; readonly reason: Refusal };

/** Lets a contact in, or says why not. The profile that comes back names the new passage. */
export function judge(input: EntryInput): EntryDecision {
  const reason = refusal(input);
  if (reason) return { kind: 'refused', reason };
  const enrolment = enrolmentOf(input);
  return {
    kind: 'entered',
    enrolment,
    door: entered(input.door, input.now),
    profile: {
      ...input.profile,
      inside: {
        ...input.profile.inside,
        [nameOf(enrolment)]: enrolment.version,
      },
    },
  };
}

/** Arms a door: the quiet time begins anew with this match, unless a later one is known already. */
export function arm(input: EntryInput): Door {
  const { journey, door, trigger, zone, scope } = input;
  const { trigger: definition } = journey.definition;
  const quietFor = definition.type === 'event' ? definition.quietFor : undefined;
  const until = laterDuration(trigger.at, quietFor ?? 'PT0S', zone, (ref) => lookup(ref, scope));
  const base: Door = door ?? { v: 1, entries: 0, outcomes: {} };
  if (base.quiet && base.quiet.until > until) return base;
  return { ...base, quiet: { until: laterOf(until, base.quiet?.until ?? until), trigger: { ...trigger } } };
}
