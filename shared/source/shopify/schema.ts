import * as z from 'zod';
import { amount, count, flag, idText, listOf, maybe, maybeId, moment, text } from '#shared/source/lenient.ts';
import { instantSchema } from '#shared/time/instant.ts';

/** The parts of Shopify's bodies that Tropa reads: those of its webhooks, and of the REST resources, which are alike. */

const note = z.object({ name: text, value: text });
/** A list of names and values, or in a cart an object of them. */
const notes = z
  .union([
    z.array(note),
    z
      .record(z.string(), z.unknown())
      .transform((all) =>
        Object.entries(all).map(([name, value]) => ({ name, value: typeof value === 'string' ? value : undefined })),
      ),
  ])
  .catch([]);

const priceSet = maybe(z.object({ shop_money: maybe(z.object({ amount, currency_code: text })) }));

const item = z.object({
  product_id: maybeId,
  variant_id: maybeId,
  sku: text,
  title: text,
  quantity: count,
  price: amount,
  line_price: amount,
  price_set: priceSet,
  vendor: text,
});
export type Item = z.infer<typeof item>;

const address = maybe(z.object({ country_code: text, city: text }));

/** Of one channel. `subscribed` is a yes, `unsubscribed` and `redacted` a no; the others say neither. */
export const wordSchema = z.object({ state: text, opt_in_level: text, consent_updated_at: moment });
export type Word = z.infer<typeof wordSchema>;

export const customerSchema = z.object({
  id: idText,
  admin_graphql_api_id: text,
  email: text,
  phone: text,
  first_name: text,
  last_name: text,
  locale: text,
  tags: maybe(z.string()),
  default_address: address,
  email_marketing_consent: maybe(wordSchema),
  sms_marketing_consent: maybe(wordSchema),
  created_at: moment,
  updated_at: moment,
});
export type Customer = z.infer<typeof customerSchema>;

export const fulfillmentSchema = z.object({
  id: idText,
  order_id: maybeId,
  name: text,
  email: text,
  status: text,
  shipment_status: text,
  tracking_number: text,
  tracking_url: text,
  tracking_company: text,
  created_at: moment,
  updated_at: moment,
  line_items: listOf(item),
});
export type Fulfillment = z.infer<typeof fulfillmentSchema>;

const refund = z.object({
  id: idText,
  created_at: moment,
  processed_at: moment,
  transactions: listOf(z.object({ kind: text, status: text, amount, currency: text })),
});
export type Refund = z.infer<typeof refund>;

export const orderSchema = z.object({
  id: idText,
  admin_graphql_api_id: text,
  created_at: instantSchema,
  processed_at: moment,
  updated_at: moment,
  cancelled_at: moment,
  cancel_reason: text,
  name: text,
  email: text,
  contact_email: text,
  phone: text,
  cart_token: text,
  checkout_token: text,
  currency: text,
  total_price: amount,
  subtotal_price: amount,
  total_discounts: amount,
  total_tax: amount,
  total_shipping_price_set: priceSet,
  shipping_lines: listOf(z.object({ price: amount })),
  discount_codes: listOf(z.object({ code: text })),
  note_attributes: notes,
  test: flag,
  line_items: listOf(item),
  customer: maybe(customerSchema),
  shipping_address: address,
  billing_address: address,
  fulfillments: listOf(fulfillmentSchema),
  refunds: listOf(refund),
});
export type Order = z.infer<typeof orderSchema>;

export const checkoutSchema = z.object({
  token: idText,
  cart_token: text,
  created_at: moment,
  updated_at: instantSchema,
  completed_at: text,
  abandoned_checkout_url: text,
  email: text,
  phone: text,
  customer: maybe(customerSchema),
  currency: text,
  total_price: amount,
  subtotal_price: amount,
  note_attributes: notes,
  line_items: listOf(item),
});
export type Checkout = z.infer<typeof checkoutSchema>;

export const cartSchema = z.object({
  token: maybeId,
  id: maybeId,
  updated_at: instantSchema,
  email: text,
  phone: text,
  customer: maybe(customerSchema),
  attributes: notes,
  note_attributes: notes,
  currency: text,
  line_items: listOf(item),
});
export type Cart = z.infer<typeof cartSchema>;

/** The number of a thing: the one in its global id, where that is there, since some bodies round the other. */
export const numberOf = ({ id, admin_graphql_api_id }: { id: string; admin_graphql_api_id?: string | undefined }) =>
  /^gid:\/\/shopify\/\w+\/(\d+)/.exec(admin_graphql_api_id ?? '')?.[1] ?? id;

/** The number that the shop's pages have given a browser, which goes with its cart into the order. */
export const anonymousIn = (all: Order['note_attributes']): string | undefined =>
  all.find(({ name }) => name === '_tropa_id')?.value;
