import * as z from 'zod';
import { count, filled, flag, idText, listOf, maybe, maybeId, text } from '#shared/source/lenient.ts';
import { fromMillis } from '#shared/time/instant.ts';

/** What Stripe sends, as far as somebody looks at it (https://docs.stripe.com/api). */

const LAST_SECOND = 253_402_300_799;
const seconds = z
  .int()
  .min(0)
  .max(LAST_SECOND)
  .transform((value) => fromMillis(value * 1000));

/** A whole number of the smallest unit that Stripe knows of a currency. */
const units = maybe(z.union([z.int(), z.string().regex(/^-?\d{1,20}$/)]).transform((value) => BigInt(value)));

/** Another object, by its id or whole. */
const expandable = maybe(z.union([filled, z.object({ id: filled }).transform(({ id }) => id)]));

const metadata = z.record(z.string(), maybeId).catch({});
const address = maybe(z.object({ country: text, city: text }));
const details = maybe(z.object({ email: text, phone: text, name: text, address }));
const currency = z
  .string()
  .regex(/^[a-zA-Z]{3}$/)
  .transform((code) => code.toUpperCase());

export const stripeEventSchema = z.object({
  id: filled,
  type: filled,
  created: seconds,
  livemode: flag,
  data: z.object({ object: z.unknown(), previous_attributes: maybe(z.object({ amount_refunded: units })) }),
});
export type StripeEvent = z.infer<typeof stripeEventSchema>;

const lineSchema = z.object({
  description: text,
  quantity: count,
  price: maybe(z.object({ unit_amount: units, product: expandable })),
});
export type Line = z.infer<typeof lineSchema>;

export const sessionSchema = z.object({
  id: idText,
  created: seconds,
  mode: text,
  payment_status: text,
  currency: maybe(currency),
  amount_total: units,
  amount_subtotal: units,
  total_details: maybe(z.object({ amount_discount: units, amount_shipping: units, amount_tax: units })),
  client_reference_id: maybeId,
  /** Null where the shop itself has made the session; undefined where that is not sure. */
  payment_link: maybe(z.null()),
  customer: expandable,
  customer_details: details,
  customer_email: text,
  consent: maybe(z.object({ promotions: text })),
  line_items: maybe(z.object({ data: listOf(lineSchema) })),
  metadata,
  payment_intent: expandable,
});
export type Session = z.infer<typeof sessionSchema>;

export const refundSchema = z.object({
  id: idText,
  amount: units,
  charge: expandable,
  created: seconds,
  currency,
  metadata,
  payment_intent: expandable,
  reason: text,
  status: text,
});
export type Refund = z.infer<typeof refundSchema>;

export const chargeSchema = z.object({
  id: idText,
  amount_refunded: units,
  billing_details: details,
  currency,
  customer: expandable,
  metadata,
  payment_intent: expandable,
  receipt_email: text,
  refunds: maybe(z.object({ data: listOf(refundSchema) })),
});
export type Charge = z.infer<typeof chargeSchema>;

export const customerSchema = z.object({
  id: idText,
  created: maybe(seconds),
  email: text,
  phone: text,
  name: text,
  address,
  metadata,
  preferred_locales: listOf(filled),
});
export type Customer = z.infer<typeof customerSchema>;
