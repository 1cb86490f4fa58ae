import type { Condition } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import { decidingParts } from '#shared/condition/explain.ts';
import { possible } from '#shared/condition/possible.ts';
import type { Scope } from '#shared/condition/scope.ts';
import { describeCondition } from '#shared/diagram/words/conditions.ts';
import type { Outcome } from '#shared/enrolment/turn.ts';
import type { Node } from '#shared/journey/compile.ts';
import type { Step } from '#shared/journey/journey.ts';

/** Why a step went the way it did. `took`: the arm, by its name. */
export type StepReason = { readonly took?: string | undefined; readonly because: readonly string[] };

export const UNEXPLAINED: StepReason = { because: [] };

/** In words, the parts of a condition that its answer hangs on. */
export const reasonsFor = (condition: Condition, scope: Scope): string[] =>
  decidingParts(condition, scope).map(
    ({ condition: part, holds }) => `${holds ? '' : 'not so: '}${describeCondition(part)}`,
  );

/** Of a step that went on, or was passed over; asked at that very moment, since what it looked at does not stand still. */
export function stepReason({ step, listening }: Node, came: Outcome | 'passed-over', here: Scope): StepReason {
  if (came === 'passed-over') return { because: step.if ? reasonsFor(step.if, here) : [] };
  if (!('go' in came)) return UNEXPLAINED;
  if (step.type === 'branch') return branchReason(step, here);
  if (step.type === 'repeat') return { because: step.until ? reasonsFor(step.until, here) : [] };
  if (step.type !== 'waitFor') return UNEXPLAINED;
  const asked = listening ?? step.for;
  const isLost = came.left?.['happened'] === false && !possible(asked, here);
  return { because: [...reasonsFor(asked, here), ...(isLost ? ['and that cannot come any more'] : [])] };
}

function branchReason({ cases }: Extract<Step, { type: 'branch' }>, here: Scope): StepReason {
  const found = cases.findIndex((one) => evaluate(one.if, here));
  const chosen = cases[found];
  if (!chosen) return { because: cases.flatMap((one) => reasonsFor(one.if, here)) };
  return { took: chosen.name ?? `case ${found + 1}`, because: reasonsFor(chosen.if, here) };
}
