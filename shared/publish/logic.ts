import type { Condition } from '#shared/condition/condition.ts';
import { impliesLeaf, isNever, isSure } from './logic-leaves.ts';
import { once } from './once.ts';
import { textOf } from './text-of.ts';

/**
 * What follows from what, whoever is asked. Sound and not complete: `true` is certain, `false` only means that it cannot
 * be seen from the text.
 */

const isSame = (a: Condition, b: Condition): boolean => textOf(a) === textOf(b);

/** One of them is another one turned round. */
const hasBoth = (parts: readonly Condition[]): boolean =>
  parts.some((one) => 'not' in one && parts.some((other) => isSame(one.not, other)));

/** True of everybody. */
export const isAlwaysTrue: (c: Condition) => boolean = once((c: Condition) => {
  if ('all' in c) return c.all.every(isAlwaysTrue);
  if ('any' in c) return c.any.some(isAlwaysTrue) || hasBoth(c.any);
  return 'not' in c ? isAlwaysFalse(c.not) : isSure(c);
});

/** True of nobody. */
export const isAlwaysFalse: (c: Condition) => boolean = once((c: Condition) => {
  if ('all' in c) return c.all.some(isAlwaysFalse) || hasBoth(c.all);
  if ('any' in c) return c.any.every(isAlwaysFalse);
  return 'not' in c ? isAlwaysTrue(c.not) : isNever(c);
});

/** Whether everybody of whom `a` is true satisfies `b` at the same moment. */
export function implies(a: Condition, b: Condition): boolean {
  if (isSame(a, b) || isAlwaysFalse(a) || isAlwaysTrue(b)) return true;
  if ('all' in b) return b.all.every((part) => implies(a, part));
  if ('any' in a) return a.any.every((part) => implies(part, b));
  if ('any' in b && b.any.some((part) => implies(a, part))) return true;
  if ('all' in a) return a.all.some((part) => implies(part, b));
  if ('any' in b) return false;
  if ('not' in b) return 'not' in a && implies(b.not, a.not);
  return !('not' in a) && impliesLeaf(a, b);
}
