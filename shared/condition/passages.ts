import { subtractDuration } from '#shared/time/duration.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { type Judge, type LeafOf, listOf } from './judge.ts';
import { standpoint } from './lookup.ts';
import { satisfies } from './operators.ts';
import type { PassageFact, Scope } from './scope.ts';

/** Conditions on journeys: passages of this contact. Who is inside now stands on the profile; the rest is read. */

type Asked = NonNullable<LeafOf<'journey'>['is']>;

/** When a passage came to stand as asked; undefined when it does not. */
const SINCE: { readonly [S in Asked]: (passage: PassageFact) => Instant | undefined } = {
  inside: ({ state, entered }) => (state === 'inside' ? entered : undefined),
  entered: ({ entered }) => entered,
  finished: (passage) => endedAs('finished', passage),
  converted: (passage) => endedAs('converted', passage),
  held: ({ state, entered }) => (state === 'held' ? entered : undefined),
};

const endedAs = (asked: string, { state, ended, entered }: PassageFact): Instant | undefined =>
  state === asked ? (ended ?? entered) : undefined;

/** The names of passages on the profile begin with their journey. */
const countInside = (journeys: readonly string[], { profile }: Scope): number =>
  Object.keys(profile.inside).filter((name) => journeys.includes(name.slice(0, name.indexOf('#')))).length;

function countPassages({ journey, is, outcome, within }: LeafOf<'journey'>, scope: Scope): number {
  const from = within === undefined ? undefined : subtractDuration(scope.now, within, standpoint(scope).zone);
  const start = from && plusMillis(from, 1);
  return scope.facts.passages(listOf(journey)).filter((passage) => {
    if (outcome !== undefined && passage.outcome !== outcome) return false;
    // An outcome alone asks for those that have ended so.
    const since = is === undefined && outcome !== undefined ? passage.ended : SINCE[is ?? 'inside'](passage);
    return since !== undefined && (start === undefined || since >= start);
  }).length;
}

export const judgeJourney: Judge<'journey'> = (leaf, scope) => {
  const { is = 'inside', outcome, within, gt, gte, lt, lte } = leaf;
  const onProfile = is === 'inside' && outcome === undefined && within === undefined;
  const count = onProfile ? countInside(listOf(leaf.journey), scope) : countPassages(leaf, scope);
  const none = gt === undefined && gte === undefined && lt === undefined && lte === undefined;
  return satisfies(count, none ? { gte: 1 } : { gt, gte, lt, lte }, scope);
};
