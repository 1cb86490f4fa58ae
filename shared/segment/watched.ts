import type { Condition } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import { walk } from '#shared/condition/leaves.ts';
import { isTouched, type Names, needsOf } from '#shared/condition/needs.ts';
import { nextChange } from '#shared/condition/next-change.ts';
import type { Scope } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';

/** A segment that starts a journey: who comes into it, or out of it, enters. */
export type Watched = {
  readonly journey: string;
  readonly segment: string;
  readonly when: 'enters' | 'leaves';
  /** By which definition, and since when the journey is live. */
  readonly of: string;
  /** Whether those who were in it when the journey went live enter too. */
  readonly existing: boolean;
};

/** Everything that says who is in a segment: itself, those that it names, and what of the settings conditions lean on. */
export function definitionOf(segment: string, segments: Scope['segments'], settings: Settings): string {
  const { shop, topics } = settings;
  const kinds = Object.entries(topics).map(([topic, { kind }]) => [topic, kind]);
  return derivedId('segment', JSON.stringify([closure(segment, segments), shop.timeZone, kinds]));
}

type Closure = readonly [string, Condition | undefined, ...Closure[]];

function closure(id: string, { [id]: condition, ...others }: Scope['segments']): Closure {
  const named = condition ? [...walk(condition)].flatMap((leaf) => ('segment' in leaf ? leaf.segment : [])) : [];
  return [id, condition, ...named.map((name) => closure(name, others))];
}

const conditionOf = ({ segment }: Watched): Condition => ({ segment });
const isMeant = ({ when }: Watched, isIn: boolean): boolean => isIn === (when === 'enters');

/** Whether something that was touched can have moved the contact. */
export const canMove = (watched: Watched, touched: Names, segments: Scope['segments']): boolean =>
  isTouched(needsOf(conditionOf(watched), segments), touched);

/** Whether it is known, by the present definition, if the contact is in the segment. */
export const isNoted = (watched: Watched, profile: Profile | undefined): boolean =>
  ownOf(profile?.segments ?? {}, watched.journey)?.of === watched.of;

export const isIn = (watched: Watched, scope: Scope): boolean => evaluate(conditionOf(watched), scope);

export type Moving = {
  readonly watched: readonly Watched[];
  /** What has been touched; without it everything is asked anew. */
  readonly touched?: Names | undefined;
  /** Who was in a segment before, where it is not noted. Undefined for a contact who has just come to be: in none. */
  readonly wasIn: ((watched: Watched) => boolean) | undefined;
};

/**
 * The profile with its segments as they are now, the same one when none has changed, and the journeys that this starts.
 * What is not noted yet, or by an earlier definition, is noted and starts nothing, but for what the moment itself has
 * moved and for journeys that take those who were there already.
 */
export function movedSegments(
  profile: Profile,
  scope: Scope,
  { watched, touched, wasIn }: Moving,
): { readonly profile: Profile; readonly starts: readonly Watched[] } {
  const notes = watched.map((one) => {
    const known = ownOf(profile.segments ?? {}, one.journey);
    const noted = known?.of === one.of ? known : undefined;
    if (noted && touched && !canMove(one, touched, scope.segments)) return { one, note: noted, starts: false };
    const is = isIn(one, scope);
    const was = noted ? noted.in : wasIn ? wasIn(one) : false;
    const wasThere = one.existing && known === undefined && wasIn !== undefined;
    const starts = isMeant(one, is) && (wasThere || !isMeant(one, was));
    return { one, note: { in: is, of: one.of }, starts };
  });
  const segments = Object.fromEntries(notes.map(({ one, note }) => [one.journey, note]));
  const before = profile.segments ?? {};
  const isSame =
    Object.keys(before).length === notes.length &&
    notes.every(({ one, note }) => before[one.journey]?.in === note.in && before[one.journey]?.of === note.of);
  return {
    profile: isSame ? profile : { ...profile, segments },
    starts: notes.flatMap(({ one, starts }) => (starts ? [one] : [])),
  };
}

/** When time alone may move the contact next, by those that something has touched, or by all. */
export function nextMove(watched: readonly Watched[], scope: Scope, touched?: Names): Instant | undefined {
  const moments = watched
    .filter((one) => touched === undefined || canMove(one, touched, scope.segments))
    .flatMap((one) => nextChange(conditionOf(one), scope) ?? []);
  return moments.length === 0 ? undefined : moments.reduce(earlierOf);
}
