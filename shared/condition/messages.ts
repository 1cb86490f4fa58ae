import type { Message, MessageFact } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import { subtractDuration } from '#shared/time/duration.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { type Judge, type LeafOf, listOf } from './judge.ts';
import { standpoint } from './lookup.ts';
import { satisfies } from './operators.ts';
import type { Scope } from './scope.ts';
import { spanOf } from './span.ts';

/** Conditions on messages: the newest of an own step, or all that were sent in a span. */

const DAY = 86_400_000;

/** Which facts tell that a status was reached: a later one implies the earlier ones. */
const TOLD_BY: Readonly<Partial<Record<MessageFact, readonly MessageFact[]>>> = {
  opened: ['clicked', 'answered'],
  delivered: ['opened', 'clicked', 'answered', 'complained', 'unsubscribed'],
  sent: ['delivered', 'opened', 'clicked', 'answered', 'complained', 'unsubscribed', 'bounced'],
};

/** The facts that tell of a status: itself, and the later ones that imply it. */
export const toldBy = (status: MessageFact): readonly MessageFact[] => [status, ...(TOLD_BY[status] ?? [])];

/** Whether a message has reached a status, by the fact itself or by a later one. */
export const hasStatus = ({ facts }: Message, status: MessageFact): boolean =>
  toldBy(status).some((fact) => facts[fact] !== undefined);

/** Whether a leaf means the newest message of a step of the same passage, and of which. */
export const ownStepOf = ({ message }: { readonly message: string }): string | undefined =>
  message === 'any' || message.includes('/') ? undefined : message;

const hasAny = (message: Message, statuses: readonly MessageFact[]): boolean =>
  statuses.some((status) => hasStatus(message, status));

/** `marketing` stands for all marketing, as it does where consent is asked for. */
const isAbout = (message: Message, topic: string): boolean =>
  message.topic === topic || (topic === 'marketing' && message.lane === 'marketing');

/** By its name; a link that has none is known by its address, of which a part is enough. */
export const isLink = (clicked: string, asked: string): boolean =>
  clicked === asked || (clicked.includes('://') && clicked.includes(asked));

/** Whether one message is what a leaf asks for. Without a status: it was sent. */
function matches(message: Message, { is, isNot, channel, topic, link }: LeafOf<'message'>): boolean {
  if (channel !== undefined && message.channel !== channel) return false;
  if (topic !== undefined && !isAbout(message, topic)) return false;
  if (link !== undefined && !message.links?.some((clicked) => isLink(clicked, link))) return false;
  if (isNot !== undefined && hasAny(message, listOf(isNot))) return false;
  return is === undefined ? isNot !== undefined || hasStatus(message, 'sent') : hasAny(message, listOf(is));
}

export const sentAt = (message: Message): Instant => message.facts.sent ?? message.queuedAt;
export const deliveredAt = (message: Message): Instant => laterOf(sentAt(message), message.facts.delivered ?? '');
/** Messages are found by when they were queued, and a send may have waited for a day before it went. */
export const SETTLED = 2 * DAY;

function judgeOwn(step: string, leaf: LeafOf<'message'>, scope: Scope): boolean {
  const message = ownOf(scope.own, step);
  const span = spanOf(leaf, scope, undefined);
  if (!span) return false;
  const inSpan = message !== undefined && (span.start === undefined || sentAt(message) >= span.start);
  // Nothing was said, so none of the statuses is reached.
  if (!inSpan) return leaf.isNot !== undefined && leaf.is === undefined && isAmount(leaf, 1, scope);
  return isAmount(leaf, matches(message, leaf) ? 1 : 0, scope);
}

function isAmount({ gt, gte, lt, lte }: LeafOf<'message'>, count: number, scope: Scope): boolean {
  const none = gt === undefined && gte === undefined && lt === undefined && lte === undefined;
  return satisfies(count, none ? { gte: 1 } : { gt, gte, lt, lte }, scope);
}

/** The statuses of a message that was not sent. */
export const UNSENT: readonly MessageFact[] = ['withheld', 'unknown', 'failed'];

/** In goal, exits and waitFor messages count since entry, elsewhere all do. */
const defaultSince = ({ since, entry }: Scope): Instant | undefined =>
  since === undefined ? undefined : (entry ?? since);

function judgeMany(leaf: LeafOf<'message'>, scope: Scope): boolean {
  const span = spanOf(leaf, scope, defaultSince(scope));
  if (!span) return false;
  const [journey, step = 'any'] = leaf.message === 'any' ? [undefined] : leaf.message.split('/');
  const since = span.start && plusMillis(span.start, -SETTLED);
  const asksUnsent = listOf(leaf.is ?? []).some((status) => UNSENT.includes(status));
  const population = scope.facts
    .messages({ ...(journey !== undefined && { journey }), ...(since !== undefined && { since }) })
    .filter((message) => step === 'any' || message.step === step)
    .filter((message) => span.start === undefined || sentAt(message) >= span.start)
    .filter((message) => asksUnsent || hasStatus(message, 'sent'));
  const { among } = leaf;
  const asked = among === undefined ? population : lastDelivered(population, among, leaf, scope);
  return isAmount(leaf, asked.filter((message) => matches(message, leaf)).length, scope);
}

/** The last so many of a channel and topic delivered at least two days ago: a fresh one is not "unopened". */
function lastDelivered(
  messages: readonly Message[],
  among: number,
  { channel, topic }: LeafOf<'message'>,
  scope: Scope,
) {
  const latest = subtractDuration(scope.now, 'P2D', standpoint(scope).zone);
  return messages
    .filter((message) => channel === undefined || message.channel === channel)
    .filter((message) => topic === undefined || isAbout(message, topic))
    .filter((message) => hasStatus(message, 'delivered') && deliveredAt(message) <= latest)
    .toSorted((a, b) => (deliveredAt(a) < deliveredAt(b) ? 1 : -1))
    .slice(0, among);
}

export const judgeMessage: Judge<'message'> = (leaf, scope) => {
  const step = ownStepOf(leaf);
  return step === undefined ? judgeMany(leaf, scope) : judgeOwn(step, leaf, scope);
};
