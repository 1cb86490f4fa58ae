import type { Duration } from '#shared/condition/condition.ts';
import type { Journey, Step } from '#shared/journey/journey.ts';
import { daysOf } from './durations.ts';
import { listsOf } from './walk.ts';

/** A wait lasts no longer, whatever date or trait it follows. */
const LONGEST_WAIT = 366;
/** A send waits no longer for the moment at which it may go, if it does not say otherwise. */
const EXPIRES = 'P1D';
/** What retries, renewals and months of 31 days can add. */
const SLACK = { factor: 1.05, days: 7 };

const longestOf = (duration: Duration | undefined): number => {
  if (duration === undefined) return 0;
  if (typeof duration === 'string') return daysOf(duration);
  return duration.atMost === undefined ? LONGEST_WAIT : daysOf(duration.atMost);
};

/** Of each kind of step, the days that it can last by itself, without what stands inside it. */
function ownDays(step: Step): number {
  if (step.type === 'wait') return longestOf(step.for) + (step.until === undefined ? 0 : LONGEST_WAIT);
  if (step.type === 'waitFor') return longestOf(step.upTo);
  if (step.type === 'send') return daysOf(step.expires ?? EXPIRES);
  return step.type === 'call' ? 1 : 0;
}

const daysIn = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + daysOfStep(step), 0);

function daysOfStep(step: Step): number {
  const inner = Math.max(0, ...listsOf(step).map(({ steps }) => daysIn(steps)));
  return ownDays(step) + (step.type === 'repeat' ? step.times * inner : inner);
}

/** Days after which nobody who entered this version can still be inside it. */
export const longestStay = (journey: Journey): number => Math.ceil(daysIn(journey.steps) * SLACK.factor + SLACK.days);
