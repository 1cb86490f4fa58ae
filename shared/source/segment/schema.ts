import * as z from 'zod';
import { amount, count, idText, listOf, maybe, maybeId, moment, text } from '#shared/source/lenient.ts';
import { jsonSchema } from '#shared/store/json.ts';

/** What Segment and RudderStack send, as far as somebody looks at it (https://segment.com/docs/connections/spec). */

const fields = z.record(z.string(), jsonSchema);
const maybeFields = fields.nullish().transform((given) => given ?? {});

export const messageSchema = z.object({
  type: z.string(),
  messageId: maybeId,
  userId: maybeId,
  anonymousId: maybeId,
  previousId: maybeId,
  event: text,
  name: text,
  category: text,
  properties: maybeFields,
  traits: maybeFields,
  context: maybe(z.object({ traits: maybe(fields), locale: text, timezone: text })),
  mergeProperties: listOf(z.object({ type: z.string(), value: idText })),
  timestamp: moment,
  originalTimestamp: moment,
  sentAt: moment,
  receivedAt: moment,
});
export type Message = z.infer<typeof messageSchema>;

export const productSchema = z.object({
  product_id: maybeId,
  variant_id: maybeId,
  sku: maybeId,
  name: text,
  brand: text,
  variant: text,
  category: text,
  price: amount,
  quantity: count,
  coupon: text,
  url: text,
  image_url: text,
});
export type Product = z.infer<typeof productSchema>;

/** Of all e-commerce events. What a shop leaves out is unknown. */
export const orderSchema = productSchema.extend({
  order_id: maybeId,
  refund_id: maybeId,
  cart_id: maybeId,
  checkout_id: maybeId,
  total: amount,
  revenue: amount,
  value: amount,
  subtotal: amount,
  discount: amount,
  tax: amount,
  shipping: amount,
  currency: text,
  reason: text,
  /** Nothing, unless it is a list: an empty one is an emptied cart. */
  products: maybe(z.custom<unknown>(Array.isArray).pipe(listOf(productSchema))),
  email: text,
  phone: text,
  first_name: text,
  last_name: text,
});
export type Order = z.infer<typeof orderSchema>;
