import * as z from 'zod';
import { conditionSchema, idSchema, isoDurationSchema } from '#shared/condition/condition.ts';
import { type Channel, channelSchema } from '#shared/event/event.ts';
import { addDuration } from '#shared/time/duration.ts';
import { type Instant, laterOf } from '#shared/time/instant.ts';

/**
 * How much a contact gets at most: so many marketing messages in a rolling span, counted over all journeys or, for the
 * caps of a journey, over its own. Half open like every window: what was sent exactly so long ago counts no more.
 */
export const capSchema = z.strictObject({
  count: z.int().min(0),
  /** Without it for ever. */
  per: isoDurationSchema.optional(),
  channel: channelSchema.optional(),
  topic: idSchema.optional(),
  if: conditionSchema.optional(),
  note: z.string().optional(),
});
export type Cap = z.infer<typeof capSchema>;

/** A marketing message that went, as caps count it. */
export type Sent = {
  readonly at: Instant;
  readonly channel: Channel;
  readonly topic: string;
  readonly journey: string;
  /** Until when a cap can ask for it. */
  readonly until?: Instant | undefined;
};

/** A cap, and whose messages it counts: a journey's, or without one everybody's. */
export type Scoped = { readonly cap: Cap; readonly journey?: string };

/** Who is counted for ever in a `Sent` would grow without end; such caps count from here. */
export type Ever = Readonly<Record<string, number>>;

export type Counted = { readonly sent: readonly Sent[]; readonly ever: Ever };
export const NOTHING_SENT: Counted = { sent: [], ever: {} };

type Candidate = Omit<Sent, 'at' | 'until'>;

const counts = ({ cap, journey }: Scoped, sent: Candidate): boolean =>
  (journey === undefined || sent.journey === journey) &&
  (cap.channel === undefined || sent.channel === cap.channel) &&
  (cap.topic === undefined || sent.topic === cap.topic);

/** Names what a cap without a span counts. */
const everOf = ({ cap, journey }: Scoped): string => [journey ?? '', cap.channel ?? '', cap.topic ?? ''].join('/');

/**
 * From when a cap allows one more message; `now` when it does already, undefined when it never will. A cap that does not
 * count such a message always allows it.
 */
export function allowedBy(
  scoped: Scoped,
  message: Candidate,
  { sent, ever }: Counted,
  now: Instant,
  zone: string,
): Instant | undefined {
  const { count, per } = scoped.cap;
  if (!counts(scoped, message)) return now;
  if (count === 0) return undefined;
  if (per === undefined) return (ever[everOf(scoped)] ?? 0) < count ? now : undefined;
  const newest = sent
    .filter((one) => counts(scoped, one))
    .map(({ at }) => at)
    .sort();
  const deciding = newest.at(-count);
  return deciding === undefined ? now : laterOf(now, addDuration(deciding, per, zone));
}

/**
 * What is counted after one more message, on which these caps bear. Each is remembered for as long as one of its own caps
 * can still ask for it, whatever the caps of the messages that follow.
 */
export function withSent({ sent, ever }: Counted, message: Sent, caps: readonly Scoped[], zone: string): Counted {
  const bearing = caps.filter((scoped) => counts(scoped, message));
  const until = bearing
    .flatMap(({ cap: { per } }) => (per === undefined ? [] : [addDuration(message.at, per, zone)]))
    .reduce<Instant>(laterOf, message.at);
  const kept = [...sent, { ...message, until }].filter((one) => (one.until ?? one.at) > message.at);
  const named = new Set(bearing.filter(({ cap }) => cap.per === undefined).map(everOf));
  const grown = [...named].map((name) => [name, (ever[name] ?? 0) + 1] as const);
  return { sent: kept, ever: { ...ever, ...Object.fromEntries(grown) } };
}

/** The same without a message that has not gone after all. */
export function withoutSent({ sent, ever }: Counted, message: Sent, caps: readonly Scoped[]): Counted {
  const at = sent.findLastIndex((one) => one.at === message.at && one.journey === message.journey);
  const named = new Set(caps.filter((scoped) => scoped.cap.per === undefined && counts(scoped, message)).map(everOf));
  const shrunk = [...named].map((name) => [name, Math.max(0, (ever[name] ?? 0) - 1)] as const);
  return { sent: sent.filter((_, i) => i !== at), ever: { ...ever, ...Object.fromEntries(shrunk) } };
}
