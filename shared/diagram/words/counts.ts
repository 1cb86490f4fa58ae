import type { Ops } from '#shared/condition/condition.ts';
import type { Clause } from './operators.ts';
import { listed } from './values.ts';

/** How often something happened, or to how many. A count is never missing, so every bound has an exact opposite. */

type Bounds = Pick<Ops, 'is' | 'isNot' | 'gt' | 'gte' | 'lt' | 'lte'>;
type Bound = keyof Bounds;
export type Count = { readonly bound: Bound; readonly n: number };

const BOUNDS: { readonly [B in keyof Required<Bounds>]: { readonly words: string; readonly opposite: Bound } } = {
  is: { words: 'exactly', opposite: 'isNot' },
  isNot: { words: 'not exactly', opposite: 'is' },
  gt: { words: 'more than', opposite: 'lte' },
  gte: { words: 'at least', opposite: 'lt' },
  lt: { words: 'fewer than', opposite: 'gte' },
  lte: { words: 'at most', opposite: 'gt' },
};
const isBound = (name: string): name is Bound => Object.hasOwn(BOUNDS, name);

/** The bounds of a count, if there is nothing else that is asked of it. */
export function countsIn(ops: Ops): readonly Count[] | undefined {
  const written = Object.entries(ops).filter(([, said]) => said !== undefined);
  const counts = written.flatMap(([bound, n]) => (isBound(bound) && typeof n === 'number' ? [{ bound, n }] : []));
  return counts.length === written.length ? counts : undefined;
}

/** Whether the bounds ask no more than whether there was one: true, false, or undefined when they ask more. */
export function whether([first, second]: readonly Count[]): boolean | undefined {
  if (second !== undefined) return undefined;
  const asked = first ? `${first.bound} ${first.n}` : 'gte 1';
  if (['gte 1', 'gt 0', 'isNot 0'].includes(asked)) return true;
  return ['is 0', 'lt 1', 'lte 0'].includes(asked) ? false : undefined;
}

/** "at least 3 times and fewer than 5 times", and its opposite. `noun` is said after each number. */
export function sayCounts(counts: readonly Count[], noun: (n: number) => string): Clause {
  const say = (bound: Bound, n: number) => `${BOUNDS[bound].words} ${noun(n)}`;
  return {
    yes: listed(
      counts.map(({ bound, n }) => say(bound, n)),
      'and',
    ),
    no: listed(
      counts.map(({ bound, n }) => say(BOUNDS[bound].opposite, n)),
      'or',
    ),
  };
}
