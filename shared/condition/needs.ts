import type { Profile } from '#shared/contact/profile.ts';
import { isOwnType } from '#shared/event/own.ts';
import type { Condition } from './condition.ts';
import { type AnyLeaf, asks, listOf } from './judge.ts';
import { walk } from './leaves.ts';
import { ownStepOf } from './messages.ts';
import type { Scope } from './scope.ts';

/**
 * What an answer can depend on, and what something has touched, in the same words: `trait:points`, `tag`, `consent`,
 * `journey:cart`, `event:purchase`, `event:any`, `message`. Where they share none, the answer cannot have changed.
 */
export type Names = ReadonlySet<string>;

const known = new WeakMap<Scope['segments'], WeakMap<Condition, Names>>();

/**
 * What the answer to a condition can depend on, segments looked into. What a passage listens for by itself (leaves with a
 * listener) is left out, but for the traits that they refer to.
 */
export function needsOf(condition: Condition, segments: Scope['segments']): Names {
  const of = known.get(segments) ?? new WeakMap<Condition, Names>();
  known.set(segments, of);
  const before = of.get(condition);
  if (before) return before;
  const names = new Set([...walk(condition)].flatMap((leaf) => [...namesOf(leaf, segments)]));
  of.set(condition, names);
  return names;
}

function* namesOf(leaf: AnyLeaf & { readonly listener?: string }, segments: Scope['segments']): Generator<string> {
  for (const trait of traitsIn(leaf)) yield `trait:${trait}`;
  if (asks('tag', leaf)) yield 'tag';
  if (asks('consent', leaf)) yield 'consent';
  if (asks('reachable', leaf)) yield* ['consent', 'trait:email', 'trait:phone'];
  if (asks('journey', leaf)) for (const id of listOf(leaf.journey)) yield `journey:${id}`;
  if (asks('message', leaf) && ownStepOf(leaf) === undefined) yield 'message';
  if (asks('event', leaf)) {
    if (leaf.listener === undefined) for (const type of listOf(leaf.event)) yield `event:${type}`;
    if (leaf.where) yield* needsOf(leaf.where, segments);
  }
  if (asks('segment', leaf)) for (const id of listOf(leaf.segment)) yield* ofSegment(id, segments);
  // Whose day it is: a contact who moves to another zone is in other windows.
  if (CLOCKS.some((key) => Object.hasOwn(leaf, key))) yield 'trait:timeZone';
}

const CLOCKS = ['within', 'since', 'next', 'before', 'after', 'every', 'now', 'among'];

/** As where it is asked, a segment does not know itself. */
function ofSegment(id: string, segments: Scope['segments']): Names {
  const { [id]: condition, ...others } = segments;
  return condition ? needsOf(condition, others) : new Set();
}

function* traitsIn(value: object): Generator<string> {
  for (const [key, member] of Object.entries(value)) {
    if (key === 'trait' && typeof member === 'string') yield member;
    else if (typeof member === 'object' && member !== null) yield* traitsIn(member);
  }
}

/** Whether something else than what is listened to can change the answer: the contact's state, other mails, or time. */
export const dependsOnState = (condition: Condition): boolean =>
  needsOf(condition, NO_SEGMENTS).size > 0 || [...walk(condition)].some((leaf) => asks('segment', leaf));

const NO_SEGMENTS: Scope['segments'] = {};

export const isTouched = (needs: Names, touched: Names): boolean => {
  for (const name of needs) if (touched.has(name)) return true;
  return false;
};

/** What an event of this type touches by having happened. */
export const touchedByEvent = (type: string): string[] => (isOwnType(type) ? [] : [`event:${type}`, 'event:any']);

/** What differs between a profile and what has become of it. */
export function touchedBetween(before: Profile | undefined, after: Profile): string[] {
  const traits = differing(before?.traits ?? {}, after.traits).map((path) => `trait:${path}`);
  const addresses = differing(before?.identities ?? {}, after.identities).map((kind) => `trait:${kind}`);
  const inside = differing(before?.inside ?? {}, after.inside).map((name) => `journey:${name.split('#')[0]}`);
  return [
    ...traits,
    ...addresses,
    ...inside,
    ...(before?.hours?.join() === after.hours?.join() ? [] : ['trait:bestHour']),
    ...(before?.createdAt === after.createdAt ? [] : ['trait:createdAt']),
    ...(isAlike(before?.tags ?? [], after.tags) ? [] : ['tag']),
    ...(isAlike(before?.consents ?? {}, after.consents) ? [] : ['consent']),
  ];
}

const differing = (a: object, b: object): string[] => {
  if (a === b) return [];
  const [was, is] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => !isAlike(was.get(name), is.get(name)));
};

/** Of what lies on a profile, whose parts keep their order. */
const isAlike = (a: unknown, b: unknown): boolean =>
  a === b || (isObjectLike(a) && isObjectLike(b) && JSON.stringify(a) === JSON.stringify(b));

const isObjectLike = (value: unknown): value is object => typeof value === 'object' && value !== null;
