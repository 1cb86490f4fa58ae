import { evaluate } from '#shared/condition/evaluate.ts';
import { lookup, resolved } from '#shared/condition/lookup.ts';
import { possible } from '#shared/condition/possible.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { Json } from '#shared/store/table.ts';
import { laterDuration } from '#shared/time/duration.ts';
import { laterOf } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { nextOpen } from '#shared/time/window.ts';
import { draftMessage } from './draft.ts';
import { messageId, percentile } from './ids.ts';
import type { Outcome, ProfileChange, StepContext } from './turn.ts';

/** What each kind of step does. A new kind does not compile until it stands here. */

type Run<T extends Step['type']> = (step: Extract<Step, { type: T }>, at: StepContext) => Outcome;

const arm = (at: StepContext, name: string): string | null => at.node.arms[name] ?? null;

const send: Run<'send'> = (step, at) => {
  const message = draftMessage(step, at, messageId(at.enrolment.id, step.id, at.visit));
  at.send(message);
  return { go: at.node.next, left: { at: at.began, channel: message.channel } };
};

/** End of the first part of a wait, then of the second: `for`, then `until`. */
const wait: Run<'wait'> = (step, at) => {
  let from = at.began;
  if (step.for !== undefined && at.waiting?.phase !== 'until') {
    const end = at.waiting?.wakeAt ?? laterDuration(at.began, step.for, at.zone, (ref) => lookup(ref, at.here));
    if (end > at.now) return { pause: end, phase: 'for' };
    from = end;
  }
  if (step.until === undefined) return { go: at.node.next, left: { at: at.began } };
  const end = at.waiting?.phase === 'until' ? at.waiting.wakeAt : untilOf(step.until, laterOf(from, at.now), at);
  return end > at.now ? { pause: end, phase: 'until' } : { go: at.node.next, left: { at: at.began } };
};

/** When a wait's `until` is reached, seen from a moment; that moment itself when it is past or a window is open. */
function untilOf(until: NonNullable<Extract<Step, { type: 'wait' }>['until']>, from: string, at: StepContext): string {
  if (typeof until === 'string') return laterOf(localInstant(until, at.zone), from);
  if ('trait' in until || 'trigger' in until || 'step' in until)
    throw new UnsupportedStep('wait until a date of the contact');
  return nextOpen(until, from, at.zone, at.here.settings.shop.timeZone) ?? from;
}

const waitFor: Run<'waitFor'> = (step, at) => {
  const condition = at.node.listening ?? step.for;
  if (evaluate(condition, at.here)) return { go: arm(at, 'then'), left: { at: at.began, happened: true } };
  const end = at.waiting?.wakeAt ?? laterDuration(at.began, step.upTo, at.zone, (ref) => lookup(ref, at.here));
  const over = end <= at.now || !possible(condition, at.here);
  return over ? { go: arm(at, 'otherwise'), left: { at: at.began, happened: false } } : { pause: end };
};

const branch: Run<'branch'> = (step, at) => {
  const found = step.cases.findIndex((c) => evaluate(c.if, at.here));
  return { go: arm(at, found < 0 ? 'otherwise' : String(found)), left: { at: at.began } };
};

/** By hash of contact, journey and step: the same contact always gets the same arm, and two tests are independent. */
const split: Run<'split'> = (step, at) => {
  const place = percentile(at.enrolment.contact, at.journey.id, step.id);
  let upTo = 0;
  const chosen = step.arms.findIndex((a) => {
    upTo += a.weight;
    return place < upTo;
  });
  const index = chosen < 0 ? step.arms.length - 1 : chosen;
  return { go: arm(at, String(index)), left: { at: at.began, arm: step.arms[index]?.name ?? '' } };
};

const update: Run<'update'> = (step, at) => {
  const valued = (
    kind: 'set' | 'append' | 'remove',
    values: Readonly<Record<string, Json>> | undefined,
  ): ProfileChange[] =>
    Object.entries(values ?? {}).flatMap(([path, written]) => {
      const value = resolved(written, at.here);
      return value === undefined ? [] : [{ kind, path, value }];
    });
  const changes: ProfileChange[] = [
    ...valued('set', step.set),
    ...(step.unset ?? []).map((path): ProfileChange => ({ kind: 'unset', path })),
    ...Object.entries(step.add ?? {}).map(([path, by]): ProfileChange => ({ kind: 'add', path, by })),
    ...valued('append', step.append),
    ...valued('remove', step.remove),
    ...(step.tag ?? []).map((tag): ProfileChange => ({ kind: 'tag', tag })),
    ...(step.untag ?? []).map((tag): ProfileChange => ({ kind: 'untag', tag })),
  ];
  changes.forEach(at.change);
  return { go: at.node.next, left: { at: at.began } };
};

const end: Run<'end'> = (step) => ({ end: step.outcome ?? 'finished' });

/** A step that publish does not let through yet. Reaching one is a defect of publish, and stops the passage loudly. */
export class UnsupportedStep extends Error {
  override readonly name = 'UnsupportedStep';

  constructor(what: string) {
    super(`not available yet: ${what}`);
  }
}

const unsupported = (step: Step): Outcome => {
  throw new UnsupportedStep(step.type);
};

const RUN: { readonly [T in Step['type']]: Run<T> } = {
  send,
  wait,
  waitFor,
  branch,
  split,
  update,
  end,
  coupon: unsupported,
  call: unsupported,
  emit: unsupported,
  enrol: unsupported,
  leave: unsupported,
  repeat: unsupported,
  skip: unsupported,
};

/** Runs one step as far as it goes without waiting. */
export function runStep<T extends Step['type']>(step: Extract<Step, { type: T }>, at: StepContext): Outcome {
  const run: Run<T> = RUN[step.type];
  return run(step, at);
}
