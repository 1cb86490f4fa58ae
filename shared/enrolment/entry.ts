import { evaluate } from '#shared/condition/evaluate.ts';
import { readPath } from '#shared/condition/lookup.ts';
import { type Fields, type Scope, scopeWith } from '#shared/condition/scope.ts';
import { INSIDE_LIMIT, INSIDE_MARKETING, type Profile } from '#shared/contact/profile.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import { addDuration } from '#shared/time/duration.ts';
import type { Instant } from '#shared/time/instant.ts';
import { localInstant, readTime } from '#shared/time/local.ts';
import type { Enrolment, LoadedDoor, TriggerRef } from './enrolment.ts';
import { enrolmentId, percentile } from './ids.ts';
import { refOfName } from './names.ts';
import { type Place, placesFor } from './places.ts';

export type EntryQuestion = {
  readonly journey: CompiledJourney;
  readonly status: JourneyStatus;
  readonly door: LoadedDoor | undefined;
  readonly key: string;
  readonly profile: Profile;
  readonly trigger: TriggerRef;
  readonly now: Instant;
  readonly zone: string;
  /** Of this moment, with the trigger's data. */
  readonly scope: Scope;
};

export const REFUSALS = [
  'not-live',
  'early',
  'late',
  'inside',
  'again',
  'too-many',
  'goal-reached',
  'condition',
  'cap',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The passage through this door that the contact is inside of. */
export const insideOf = (profile: Profile, journey: string, key: string): EnrolmentRef | undefined =>
  Object.keys(profile.inside)
    .map((name) => refOfName(profile.contact, name))
    .find((ref) => ref.journey === journey && ref.key === key);

/** Why this contact may not enter now, in the order in which it is asked; undefined when they may. */
export function refusal(question: EntryQuestion): Refusal | undefined {
  const { journey, profile, key } = question;
  const untimely = question.status === 'live' ? timing(question) : 'not-live';
  if (untimely) return untimely;
  if (insideOf(profile, journey.id, key)) return 'inside';
  if (!mayAgain(question)) return 'again';
  return unwanted(question) ?? (placesOf(question) ? undefined : 'cap');
}

/** The places that an entry takes; undefined when a cap is full. Asked last: who is not let in for another reason takes none. */
export const placesOf = ({ journey, profile, now, scope }: EntryQuestion): readonly Place[] | undefined =>
  placesFor({
    journey: journey.definition,
    contact: profile.contact,
    now,
    counted: (cap) => scope.facts.entries(journey.id, cap),
  });

/** What also stands against one who is inside and begins anew. */
export function unwanted({ journey, profile, ...asked }: EntryQuestion): Refusal | undefined {
  const { entry } = journey.definition;
  if (Object.keys(profile.inside).length >= roomOf(journey, asked.scope)) return 'too-many';
  if (goalReached({ journey, profile, ...asked })) return 'goal-reached';
  if (!isAudience(journey, asked.scope)) return 'condition';
  const scope = scopeWith(asked.scope, { cause: asked.trigger });
  return entry?.if && !evaluate(entry.if, scope) ? 'condition' : undefined;
}

const roomOf = ({ topic }: CompiledJourney, { settings }: Scope): number =>
  kindOfTopic(settings, topic) === 'marketing' ? INSIDE_MARKETING : INSIDE_LIMIT;

/** Whom a schedule is for: who is in its segment at that moment. Whom a segment starts is in it still, or out of it. */
function isAudience({ definition: { trigger } }: CompiledJourney, scope: Scope): boolean {
  if (trigger.type !== 'schedule' && trigger.type !== 'segment') return true;
  return evaluate({ segment: trigger.segment }, scope) === (trigger.type === 'schedule' || trigger.when === 'enters');
}

/** Entry opens with the first moment of `from`; of a `to` that is a day, the whole day counts. */
function timing({ journey, now, zone }: EntryQuestion): Refusal | undefined {
  const { from, to } = journey.definition.entry ?? {};
  if (from !== undefined && now < localInstant(from, zone)) return 'early';
  const end = to === undefined ? undefined : readTime(to, zone);
  if (end === undefined) return undefined;
  return now > (end.day ? addDuration(end.at, 'P1D', zone) : end.at) ? 'late' : undefined;
}

/** Without `again` once ever; with it after so long from the last entry, and so often. */
function mayAgain({ journey, door, now, zone }: EntryQuestion): boolean {
  const again = journey.definition.entry?.again;
  const entries = door?.entries ?? 0;
  if (entries === 0) return again?.atMost !== 0;
  if (!again) return false;
  if (again.atMost !== undefined && entries >= again.atMost) return false;
  const last = door?.lastEntry;
  return again.after === undefined || last === undefined || addDuration(last, again.after, zone) <= now;
}

/** The goal happened at or after the trigger: they have done what the journey is for. The trigger itself never counts. */
function goalReached({ journey, trigger, scope }: EntryQuestion): boolean {
  const goal = journey.definition.goal;
  return (
    goal !== undefined && evaluate(goal.if, scopeWith(scope, { since: trigger.at, entry: trigger.at, cause: trigger }))
  );
}

/** The key of `entry.key` in the trigger's data: '' when the journey has none, undefined when the data lacks it. */
export function keyOf(journey: CompiledJourney, data: Fields): string | undefined {
  const path = journey.definition.entry?.key;
  if (path === undefined) return '';
  const value = readPath(data, path);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}

/** Whether this contact is kept out to be compared with: always the same ones, for the journey or for all marketing. */
export function isHeldOut({ journey, profile, scope }: EntryQuestion): boolean {
  const own = journey.definition.entry?.holdout ?? 0;
  const all = kindOfTopic(scope.settings, journey.topic) === 'marketing' ? scope.settings.holdout : 0;
  return isAmong(own, profile.contact, journey.id, 'holdout') || isAmong(all, profile.contact, 'holdout');
}

const isAmong = (share: number, ...parts: readonly string[]): boolean => share > 0 && percentile(...parts) < share;

/** A passage that is measured and gets nothing: it has ended when it begins, and its goal is watched. */
export const held = (enrolment: Enrolment): Enrolment => ({
  ...enrolment,
  state: 'held',
  outcome: 'held',
  ended: enrolment.entered,
  next: 'finished',
});

/** A new passage, before its first turn. */
export function enrolmentOf({ journey, door, key, profile, trigger, now }: EntryQuestion): Enrolment {
  return {
    v: 1,
    contact: profile.contact,
    journey: journey.id,
    key,
    n: (door?.entries ?? 0) + 1,
    id: enrolmentId(profile.contact, journey.id, key, trigger.event),
    version: journey.version,
    state: 'inside',
    entered: now,
    trigger: { ...trigger },
    seq: 0,
    turnSeq: 0,
    turn: 0,
    leg: 1,
    cursor: null,
    heard: {},
    left: {},
    visits: {},
    messages: {},
    next: 'start',
    out: [],
  };
}

/** The door after one more entry. */
export const entered = (door: LoadedDoor | undefined, now: Instant): LoadedDoor => ({
  v: 1,
  entries: (door?.entries ?? 0) + 1,
  lastEntry: now,
  outcomes: door?.outcomes ?? {},
  ...(door?.elsewhere && { elsewhere: door.elsewhere }),
});
