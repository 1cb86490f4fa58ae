import * as z from 'zod';
import { amount, count, idText, listOf, maybe, maybeId, text } from '#shared/source/lenient.ts';
import { instantSchema } from '#shared/time/instant.ts';

/** The parts of WooCommerce's bodies that Tropa reads: its webhooks and its REST interface (version 3) send the same. */

/** Dates in UTC come without saying that they are. */
const gmt = z
  .string()
  .transform((date) => (/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : `${date}Z`))
  .pipe(instantSchema);
const maybeGmt = maybe(gmt);

const meta = listOf(z.object({ key: z.string(), value: maybeId }));
export type Meta = z.infer<typeof meta>;

const address = maybe(
  z.object({ first_name: text, last_name: text, country: text, city: text, email: text, phone: text }),
);
export type Address = z.infer<typeof address>;

/** A number that says nobody: of a guest, or of a product that has no variants. */
const someId = maybeId.transform((id) => (id === '0' ? undefined : id));

const item = z.object({
  product_id: someId,
  variation_id: someId,
  sku: text,
  name: text,
  quantity: count,
  price: maybe(z.coerce.number()),
  subtotal: amount,
  image: maybe(z.object({ src: text })),
});
export type Item = z.infer<typeof item>;

export const orderSchema = z.object({
  id: idText,
  number: maybeId,
  status: z.string(),
  currency: text,
  date_created_gmt: gmt,
  date_modified_gmt: maybeGmt,
  date_paid_gmt: maybeGmt,
  date_completed_gmt: maybeGmt,
  total: amount,
  discount_total: amount,
  shipping_total: amount,
  total_tax: amount,
  customer_id: someId,
  billing: address,
  shipping: address,
  meta_data: meta,
  line_items: listOf(item),
  coupon_lines: listOf(z.object({ code: text })),
  refunds: listOf(z.object({ id: idText, total: amount })),
});
export type Order = z.infer<typeof orderSchema>;

export const customerSchema = z.object({
  id: idText,
  date_created_gmt: gmt,
  date_modified_gmt: maybeGmt,
  email: text,
  first_name: text,
  last_name: text,
  billing: address,
  meta_data: meta,
});
export type Customer = z.infer<typeof customerSchema>;

/** The first of these that says anything. */
export const metaOf = (all: Meta, ...keys: readonly string[]): string | undefined =>
  all.find(({ key, value }) => keys.includes(key) && value !== undefined)?.value;
