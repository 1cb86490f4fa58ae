import { evaluate } from '#shared/condition/evaluate.ts';
import { percentile } from '#shared/enrolment/ids.ts';
import { ownOf } from '#shared/own-of.ts';
import { arm, onward, type Run } from './run.ts';

/** Steps that only say which way it goes on. */

export const branch: Run<'branch'> = (step, at) => {
  const found = step.cases.findIndex((c) => evaluate(c.if, at.here));
  return { go: arm(at, found < 0 ? 'otherwise' : String(found)), left: { at: at.began } };
};

/** By hash of contact, journey and step: the same contact always gets the same arm, and two tests are independent. */
export const split: Run<'split'> = (step, at) => {
  // Who has been here before keeps the arm, though an edit has given it another weight.
  const wanted = ownOf(at.arms, step.id) ?? ownOf(at.enrolment.left, step.id)?.['arm'];
  const asked = wanted === undefined ? -1 : step.arms.findIndex(({ name }) => name === wanted);
  const place = percentile(at.enrolment.contact, at.journey.id, step.id);
  let upTo = 0;
  const chosen = step.arms.findIndex((a) => {
    upTo += a.weight;
    return place < upTo;
  });
  const index = asked >= 0 ? asked : chosen < 0 ? step.arms.length - 1 : chosen;
  return { go: arm(at, String(index)), left: { at: at.began, arm: step.arms[index]?.name ?? '' } };
};

/** Asked before each pass; the turn counts the pass once it has begun (see run-turn.ts). */
export const repeat: Run<'repeat'> = (step, at) => {
  const done = ownOf(at.enrolment.passes, step.id) ?? 0;
  if (done >= step.times || (step.until && evaluate(step.until, at.here))) {
    return { go: at.node.next, left: { at: at.began, pass: done } };
  }
  return { go: arm(at, 'pass'), left: { at: at.began, pass: done + 1 } };
};

export const skip: Run<'skip'> = (step, at) => ({ ...onward(at), go: step.to });

export const end: Run<'end'> = (step) => ({ end: step.outcome ?? 'finished' });
