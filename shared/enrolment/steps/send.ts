import { draftMessage } from '#shared/enrolment/draft.ts';
import { messageId } from '#shared/enrolment/ids.ts';
import type { StepContext } from '#shared/enrolment/turn.ts';
import type { SendStep } from '#shared/journey/journey.ts';
import type { Message } from '#shared/message/message.ts';
import { type Counted, type Sent, withSent } from '#shared/sending/caps.ts';
import { bestBy, capsOf, mayGoAt } from '#shared/sending/gate.ts';
import type { Hold } from '#shared/sending/hold.ts';
import { addDuration } from '#shared/time/duration.ts';
import { earlierOf, type Instant } from '#shared/time/instant.ts';
import type { Run } from './run.ts';

/** How long a send waits for its turn when it says nothing else. */
const EXPIRES = 'P1D';

/** The window of a step, as far as it is one. */
export const windowOf = ({ when }: SendStep) => (typeof when === 'object' ? when : undefined);

/**
 * Puts a message out as soon as windows, quiet times and caps allow it. One that may not go yet pauses the passage, so
 * that a wait after it counts from the real sending; one that may not go in time is passed over, and its report says why.
 */
export const send: Run<'send'> = (step, at) => {
  const message = draftMessage(step, at, messageId(at.enrolment.id, step.id, at.visit));
  // What a pause of the journey has held up is as old as it would have been, whether it had begun by then or not.
  const due = at.stalled === undefined ? at.began : earlierOf(at.began, at.stalled);
  const expiresAt = addDuration(due, step.expires ?? EXPIRES, at.zone);
  if (at.stalled !== undefined && expiresAt < at.now) return out(passedOver(message, 'paused', at.now), at);
  const { at: free, hold } = gate(step, message, expiresAt, at);
  if (free === at.now) return out({ ...message, expiresAt }, at);
  if (expiresAt <= at.now) return out(passedOver(message, hold, at.now), at);
  return { pause: earlierOf(free ?? expiresAt, expiresAt), ...(hold && { hold }) };
};

function out(message: Message, at: StepContext) {
  at.send(message);
  return { go: at.node.next, left: { at: at.began, channel: message.channel } };
}

const passedOver = (message: Message, hold: Hold | 'paused' | undefined, now: Instant): Message => ({
  ...message,
  state: 'done',
  facts: { withheld: now },
  reason: hold ?? 'expired',
});

function gate(step: SendStep, { channel, topic }: Message, expiresAt: Instant, at: StepContext) {
  const { journey, here, zone, saying } = at;
  const bestUntil = step.when === 'best' ? earlierOf(expiresAt, bestBy(at.began)) : undefined;
  const gated = { journey, channel, topic, when: windowOf(step), bestUntil };
  const counted = (): Counted =>
    saying()
      .filter(({ lane, state }) => lane === 'marketing' && state === 'queued')
      .map((said): Sent => ({ at: said.queuedAt, channel: said.channel, topic: said.topic, journey: said.journey }))
      .reduce((so, said) => withSent(so, said, capsOf(gated, here.settings), zone), here.facts.counted());
  return mayGoAt(gated, { scope: here, counted, zone });
}
