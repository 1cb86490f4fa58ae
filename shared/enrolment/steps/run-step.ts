import type { Outcome, StepContext } from '#shared/enrolment/turn.ts';
import type { Step } from '#shared/journey/journey.ts';
import { emit, enrol, leave, update } from './acting.ts';
import { call } from './call.ts';
import { coupon } from './coupon.ts';
import { branch, end, repeat, skip, split } from './flow.ts';
import type { Run } from './run.ts';
import { send } from './send.ts';
import { wait, waitFor } from './waiting.ts';

/** What each kind of step does. A new kind does not compile until it stands here. */
const RUN: { readonly [T in Step['type']]: Run<T> } = {
  send,
  wait,
  waitFor,
  branch,
  split,
  repeat,
  skip,
  update,
  emit,
  enrol,
  leave,
  end,
  coupon,
  call,
};

/** Runs one step as far as it goes without waiting. */
export function runStep<T extends Step['type']>(step: Extract<Step, { type: T }>, at: StepContext): Outcome {
  const run: Run<T> = RUN[step.type];
  return run(step, at);
}
