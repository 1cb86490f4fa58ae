import * as z from 'zod';
import type { Event } from '#shared/event/event.ts';
import { jsonSchema } from '#shared/store/json.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

/**
 * What a browser may say, with a key that everybody can read: what was looked at, and what lies in the cart. Of whom it
 * knows the browser's own id alone, so that nobody can speak for somebody else; who it was is said by the shop, signed, at
 * the log-in or the order.
 */
const TYPES = ['product.viewed', 'cart.updated'] as const;

const text = z.string().min(1).max(300);
/** Ids come as numbers from many themes. */
const id = z.union([text, z.int()]).transform(String);
const amount = z.number().min(0).max(1e12);
const link = z.url({ protocol: /^https?$/ }).max(1000);

const productSchema = z.object({
  productId: id,
  variantId: id.optional(),
  sku: text.optional(),
  title: text.optional(),
  vendor: text.optional(),
  category: z.union([text, z.array(text).max(20)]).optional(),
  price: amount.optional(),
  currency: z.string().length(3).optional(),
  url: link.optional(),
  image: link.optional(),
});

const cartSchema = z.object({
  cartId: id.optional(),
  total: amount,
  currency: z.string().length(3).optional(),
  url: link.optional(),
  items: z
    .array(productSchema.extend({ quantity: z.number().min(0).max(1e6).optional() }))
    .max(50)
    .optional(),
});

const DATA = { 'product.viewed': productSchema, 'cart.updated': cartSchema } as const satisfies Record<
  (typeof TYPES)[number],
  z.ZodType
>;

const A_DAY = 86_400_000;

const saidSchema = z.strictObject({
  /** By which the same said twice is known: the browser tries again until it is answered. */
  id: z.string().regex(/^[\w-]{8,64}$/),
  type: z.enum(TYPES),
  /** Milliseconds since it happened, by the browser's own clock: what that clock shows means nothing. */
  ago: z.number().min(0).max(A_DAY).default(0),
  anonymousId: z.string().regex(/^[\w-]{16,64}$/),
  data: z.unknown(),
});

const jsonObject = z.record(z.string(), jsonSchema);

const MOST_SAID = 20;
export const browserSchema = z.array(z.unknown()).min(1).max(MOST_SAID);

/** The event that a browser tells of, or undefined where it is none that a browser may tell of. */
export function browserEvent(given: unknown, now: Instant): Event | undefined {
  const said = saidSchema.safeParse(given);
  if (!said.success) return undefined;
  const { type, anonymousId, ago } = said.data;
  const data = jsonObject.safeParse(DATA[type].safeParse(said.data.data).data);
  if (!data.success) return undefined;
  return {
    id: `browser:${anonymousId}:${said.data.id}`,
    type,
    at: plusMillis(now, -Math.round(ago)),
    source: 'browser',
    identities: { anonymousId },
    data: data.data,
  };
}
