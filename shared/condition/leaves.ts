import type { Json } from '#shared/store/table.ts';
import type { Condition } from './condition.ts';
import { type AnyLeaf, asks, listOf, type Subject } from './judge.ts';
import { ownStepOf } from './messages.ts';

/** What a condition is about, without asking it. */

/** The leaves of a condition from left to right; what stands in a `where` belongs to its leaf. */
export function* walk(condition: Condition): Generator<AnyLeaf> {
  if ('all' in condition) for (const one of condition.all) yield* walk(one);
  else if ('any' in condition) for (const one of condition.any) yield* walk(one);
  else if ('not' in condition) yield* walk(condition.not);
  else yield condition;
}

/** The types of events that its leaves ask about, each once. Segments that it names are not looked into. */
export function eventTypesOf(condition: Condition): readonly string[] | 'any' {
  const types = [...walk(condition)].filter((leaf) => asks('event', leaf)).flatMap((leaf) => listOf(leaf.event));
  return types.includes('any') ? 'any' : [...new Set(types)];
}

/** The steps of the same passage whose newest message its leaves ask about, each once. */
export function ownMessagesOf(condition: Condition): readonly string[] {
  const steps = [...walk(condition)].filter((leaf) => asks('message', leaf)).flatMap((leaf) => ownStepOf(leaf) ?? []);
  return [...new Set(steps)];
}

/** Subjects that lie on the profile. A segment may ask for anything on it. */
const ON_PROFILE: { readonly [S in Subject]: boolean } = {
  trait: true,
  tag: true,
  segment: true,
  consent: true,
  reachable: true,
  journey: true,
  trigger: false,
  data: false,
  step: false,
  event: false,
  message: false,
  sample: false,
  now: false,
};

/** Whether a change of the profile can change the answer, through a subject or a reference to a trait. */
export function dependsOnProfile(condition: Condition): boolean {
  const named = Object.entries(ON_PROFILE).flatMap(([subject, onProfile]) => (onProfile ? [subject] : []));
  return [...walk(condition)].some((leaf) => named.some((subject) => subject in leaf) || refersToTrait(leaf));
}

function refersToTrait(value: Json | object | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'trait' in value || Object.values(value).some(refersToTrait);
}
