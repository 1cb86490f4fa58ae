import type { Duration } from '#shared/condition/condition.ts';
import { endedBy } from '#shared/condition/ended-by.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import { lookup } from '#shared/condition/lookup.ts';
import { possible } from '#shared/condition/possible.ts';
import { keptOf } from '#shared/enrolment/kept-data.ts';
import type { Outcome, StepContext } from '#shared/enrolment/turn.ts';
import type { Moment, WaitStep } from '#shared/journey/journey.ts';
import { NOTHING_SENT } from '#shared/sending/caps.ts';
import { bestBy, bestFor } from '#shared/sending/gate.ts';
import { addDuration, laterDuration } from '#shared/time/duration.ts';
import { type Instant, laterOf } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { nextMoment } from '#shared/time/moment.ts';
import { nextOpen } from '#shared/time/window.ts';
import { arm, type Run } from './run.ts';

/** The longest that a passage waits for a date: beyond it the date counts as missing. */
const LONGEST = 'P1Y';

const endOf = (duration: Duration, at: StepContext): Instant =>
  at.waiting?.wakeAt ?? laterDuration(at.began, duration, at.zone, (ref) => lookup(ref, at.here));

/** First `for`, then `until`. */
export const wait: Run<'wait'> = (step, at) => {
  if (at.waiting?.phase === 'until') return until(step, at.waiting.from ?? at.began, at);
  if (step.for === undefined) return until(step, at.began, at);
  const end = endOf(step.for, at);
  return end > at.now ? { pause: end, phase: 'for' } : until(step, laterOf(end, at.now), at);
};

function until(step: WaitStep, from: Instant, at: StepContext): Outcome {
  const passed: Outcome = { go: at.node.next, left: { at: at.began } };
  if (step.until === undefined) return passed;
  const end = momentOf(step.until, from, at);
  if (end === undefined) return step.missed === 'end' ? { end: 'finished' } : passed;
  return end > at.now ? { pause: end, phase: 'until', from } : passed;
}

/** When an `until` is reached, seen from a moment: that moment itself when a window is open. Undefined for a date that is missed. */
function momentOf(written: NonNullable<WaitStep['until']>, from: Instant, at: StepContext): Instant | undefined {
  if (written === 'best') return bestOf(from, at);
  if (typeof written === 'string') return laterOf(localInstant(written, at.zone), from);
  if (!isMoment(written)) return nextOpen(written, from, at.zone, at.here.settings.shop.timeZone) ?? from;
  const value = dateOf(written, at);
  const found = typeof value === 'string' ? nextMoment(written, value, from, at.zone) : undefined;
  return found === undefined || found < from || found > addDuration(from, LONGEST, at.zone) ? undefined : found;
}

/** Of the day that begins then, for such mail as the journey sends. */
function bestOf(from: Instant, { journey, here, zone, now }: StepContext): Instant {
  const gated = { journey, channel: here.settings.channels.default, topic: journey.topic };
  const asked = { scope: here, counted: () => NOTHING_SENT, zone };
  return bestFor(gated, bestBy(from), laterOf(from, now), asked);
}

const isMoment = (written: object): written is Moment => ['trait', 'trigger', 'step'].some((key) => key in written);

function dateOf({ trait, trigger, step }: Moment, { here }: StepContext) {
  if (trait !== undefined) return lookup({ trait }, here);
  if (trigger !== undefined) return lookup({ trigger }, here);
  return step === undefined ? undefined : lookup({ step }, here);
}

export const waitFor: Run<'waitFor'> = (step, at) => {
  const condition = at.node.listening ?? step.for;
  if (evaluate(condition, at.here)) {
    const data = keptOf(endedBy(condition, at.here)?.data ?? {}, at.enrolment);
    return { go: arm(at, 'then'), left: { ...data, at: at.began, happened: true } };
  }
  const end = endOf(step.upTo, at);
  const over = end <= at.now || !possible(condition, at.here);
  return over ? { go: arm(at, 'otherwise'), left: { at: at.began, happened: false } } : { pause: end };
};
