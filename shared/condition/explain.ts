import type { Condition } from './condition.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';

/** A condition that decided an answer, and what it was itself. */
export type Deciding = { readonly condition: Condition; readonly holds: boolean };

/**
 * The parts of a condition that its answer hangs on: of an `all` that is false those that are, of an `any` that is true
 * those that are, and so on inwards. If each of them were otherwise, the answer would be too.
 */
export function decidingParts(condition: Condition, scope: Scope): Deciding[] {
  const holds = evaluate(condition, scope);
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : undefined;
  if (parts)
    return parts.filter((part) => evaluate(part, scope) === holds).flatMap((part) => decidingParts(part, scope));
  // What is denied is said as a whole: "not in the segment" is plainer than "in the segment: no".
  return [{ condition, holds }];
}
