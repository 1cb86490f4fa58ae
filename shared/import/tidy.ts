import type { Condition } from '#shared/condition/condition.ts';
import type { Step } from '#shared/journey/journey.ts';

type Branch = Extract<Step, { type: 'branch' }>;

/** The opposite, without a double `not`. */
export function negated(condition: Condition): Condition {
  if ('not' in condition) return condition.not;
  // "never" turned round is "at least once", which needs no operator.
  if ('event' in condition && condition.is === 0) {
    const { is: _, ...atLeastOnce } = condition;
    return atLeastOnce;
  }
  return { not: condition };
}

/** Says in one step what a branch of one case and no arms to speak of would say in four lines. */
export const tidy = (steps: readonly Step[]): Step[] => steps.map(tidied);

function tidied(step: Step): Step {
  if (step.type === 'split') return { ...step, arms: step.arms.map((arm) => ({ ...arm, steps: tidy(arm.steps) })) };
  if (step.type === 'repeat') return { ...step, steps: tidy(step.steps) };
  if (step.type === 'waitFor') return withoutEmptyArms({ ...step, ...tidyArms(step) });
  if (step.type === 'call' && step.otherwise) return { ...step, otherwise: tidy(step.otherwise) };
  return step.type === 'branch' ? tidyBranch(step) : step;
}

type WaitFor = Extract<Step, { type: 'waitFor' }>;

const tidyArms = ({ then = [], otherwise = [] }: WaitFor) => ({ then: tidy(then), otherwise: tidy(otherwise) });

function withoutEmptyArms({ then = [], otherwise = [], ...rest }: WaitFor): WaitFor {
  return { ...rest, ...(then.length > 0 && { then }), ...(otherwise.length > 0 && { otherwise }) };
}

function tidyBranch({ otherwise: elsewhere = [], ...step }: Branch): Step {
  const cases = step.cases.map((c) => ({ ...c, steps: tidy(c.steps) }));
  const otherwise = tidy(elsewhere);
  const [only, ...more] = cases;
  if (only && more.length === 0 && !step.if) {
    const isTrue = onlyJump(only.steps);
    if (isTrue && otherwise.length === 0) return jumpIf(isTrue, only.if, step);
    const isFalse = onlyJump(otherwise);
    if (isFalse && only.steps.length === 0) return jumpIf(isFalse, negated(only.if), step);
    if (only.steps.length === 0 && otherwise.length > 0) {
      return { ...step, cases: [{ if: negated(only.if), steps: otherwise }] };
    }
  }
  return { ...step, cases, ...(otherwise.length > 0 && { otherwise }) };
}

type Jump = Extract<Step, { type: 'end' | 'skip' }>;

const onlyJump = (steps: readonly Step[]): Jump | undefined => {
  const [step, ...more] = steps;
  return more.length === 0 && (step?.type === 'end' || step?.type === 'skip') && !step.if ? step : undefined;
};

/** The step keeps the branch's id, by which other steps may lead here. */
const jumpIf = (jump: Jump, condition: Condition, { id, name, note }: Pick<Branch, 'id' | 'name' | 'note'>): Step => ({
  ...jump,
  id,
  ...(name !== undefined && { name }),
  ...(note !== undefined && { note }),
  if: condition,
});
