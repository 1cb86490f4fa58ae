import { windowOf } from '#shared/enrolment/steps/send.ts';
import type { Message } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Counted, type Sent, withoutSent, withSent } from '#shared/sending/caps.ts';
import { capsOf, type Gated, mayGoAt } from '#shared/sending/gate.ts';
import type { Hold } from '#shared/sending/hold.ts';
import type { SendQuestion } from '#shared/sending/permission.ts';
import type { CountedRow } from '#shared/store/caps.ts';
import type { ContactFacts } from '#shared/store/facts.ts';
import type { Published } from '#shared/store/published.ts';
import { passageScope } from '#shared/store/scope.ts';
import { earlierOf, type Instant, plusMillis } from '#shared/time/instant.ts';

/** What is asked of a message, with the facts that are read from the table as they are asked for. */
export type TableQuestion = Omit<SendQuestion, 'facts'> & { readonly facts: ContactFacts };

/** What a mail that goes changes in what its contact has been sent; to be undone if it does not go after all. */
export type Counting = {
  readonly before: CountedRow;
  readonly after: (at: Instant) => Counted;
  readonly undo: (now: CountedRow, at: Instant) => Counted;
};

/** When a message may go by windows, quiet times and caps, all asked once more. `at` is undefined for never. */
export type Opening = {
  readonly at: Instant | undefined;
  /** Of one that expired while all mail stood still, what it stood still for. */
  readonly hold?: Hold | 'paused' | string;
  readonly counting?: Counting;
};

/** How often a mail that its paused journey holds back is looked at, as long as it has not expired. */
const PAUSED_LOOKS = 15 * 60_000;

/** The step asked the same, and paused until it was so: only what has changed since can hold a mail back here. */
export function openingOf({ message, enrolment, journey, zone, status, ...contact }: TableQuestion): Opening {
  if (isExpired(message, contact.now))
    return { at: undefined, ...(message.held !== undefined && { hold: message.held }) };
  if (status === 'paused') return { at: lookAgain(message, contact.now), hold: 'paused' };
  const step = journey.nodes.get(message.step)?.step;
  const gated: Gated = {
    journey,
    channel: message.channel,
    topic: message.topic,
    when: step?.type === 'send' ? windowOf(step) : undefined,
  };
  const { facts, settings } = contact;
  const opening = mayGoAt(gated, { scope: passageScope(contact, enrolment), counted: () => facts.counted(), zone });
  const caps = capsOf(gated, settings);
  if (caps.length === 0) return opening;
  const sentAt = (at: Instant): Sent => sentOf(message, at);
  return {
    ...opening,
    counting: {
      before: facts.counted(),
      after: (at) => withSent(facts.counted(), sentAt(at), caps, zone),
      undo: (now, at) => withoutSent(now, sentAt(at), caps),
    },
  };
}

/** Whether a message that might go may go at a later moment, too: with the status of its journey then, and what was read. */
export async function isStillOpen(question: TableQuestion, now: Instant, published: Published): Promise<boolean> {
  const status = ownOf((await published.catalogue()).journeys, question.message.journey)?.status;
  if (status === 'archived') return false;
  return (await question.facts.settle(() => openingOf({ ...question, status, now }))).at === now;
}

/** It goes by then or not at all. */
export const isExpired = ({ expiresAt }: Message, now: Instant): boolean => expiresAt !== undefined && now > expiresAt;

/** For the last time when it expires: by then the journey may be live again. */
function lookAgain({ expiresAt }: Message, now: Instant): Instant {
  const next = plusMillis(now, PAUSED_LOOKS);
  return expiresAt !== undefined && expiresAt > now ? earlierOf(next, expiresAt) : next;
}

const sentOf = ({ channel, topic, journey }: Message, at: Instant): Sent => ({ at, channel, topic, journey });
