import * as z from 'zod';
import { canonicalInstantSchema, type Instant, plusMillis } from '#shared/time/instant.ts';

/**
 * Mails to one address that could not be delivered, though not for good. What is known is a set of times, so that it comes
 * to the same in whatever order, and however often, SES tells of them.
 */
export const softBouncesSchema = z.object({
  /** The newest, by when they bounced. */
  bounces: z.array(z.object({ message: z.string(), at: canonicalInstantSchema })),
  /** When a mail last arrived there, as far as it was told while there were bounces. */
  delivered: canonicalInstantSchema.optional(),
});
export type SoftBounces = z.infer<typeof softBouncesSchema>;

const DAY = 86_400_000;
/** So many mails in a row, over so long: a mailbox that is full over a busy weekend is no dead one. */
export const TOO_OFTEN = { mails: 5, days: 7 } as const;
/** Of an older one nobody knows what came after it. */
export const REMEMBERED_DAYS = 90;
const KEPT = 20;

const NOTHING: SoftBounces = { bounces: [] };

/** One more bounce. Of two that are told of one message the earlier counts. */
export function withBounce(known: SoftBounces | undefined, message: string, at: Instant): SoftBounces {
  const { bounces, ...rest } = known ?? NOTHING;
  const same = bounces.find((one) => one.message === message);
  const earliest = same && same.at < at ? same.at : at;
  return tidy({ ...rest, bounces: [...bounces.filter((one) => one !== same), { message, at: earliest }] });
}

/** A mail arrived: what bounced until then counts no more, nor does an absence note that came back for it. */
export function withDelivery(known: SoftBounces, message: string, at: Instant): SoftBounces {
  const { bounces, delivered = at } = known;
  return tidy({
    bounces: bounces.filter((one) => one.message !== message),
    delivered: delivered > at ? delivered : at,
  });
}

function tidy({ bounces, delivered }: SoftBounces): SoftBounces {
  const newestFirst = bounces.toSorted((a, b) => (`${a.at} ${a.message}` < `${b.at} ${b.message}` ? 1 : -1));
  const from = newestFirst[0] && plusMillis(newestFirst[0].at, -REMEMBERED_DAYS * DAY);
  const kept = newestFirst
    .filter(({ at }) => (delivered === undefined || at > delivered) && (from === undefined || at > from))
    .slice(0, KEPT);
  return { bounces: kept, ...(delivered !== undefined && { delivered }) };
}

/** Since when an address has bounced too often; undefined while it has not. */
export function tooOftenAt({ bounces }: SoftBounces): Instant | undefined {
  const times = bounces.map(({ at }) => at).toSorted();
  const [first = ''] = times;
  return times.find((at, i) => i + 1 >= TOO_OFTEN.mails && at >= plusMillis(first, TOO_OFTEN.days * DAY));
}
