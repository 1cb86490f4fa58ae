import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demographicsIn, type Product, productsIn } from '#apps/cli/replay/households.ts';
import { timeReader } from '#apps/cli/replay/moment.ts';
import { ordersOf, withRegistration } from '#apps/cli/replay/orders.ts';
import { commaSeparated, type Fields, type Input } from '#apps/cli/replay/rows.ts';
import {
  type Derived,
  decimal,
  eventId,
  type Placed,
  type Rejection,
  rounded,
  type Source,
  type Subject,
  text,
} from '#apps/cli/replay/source.ts';
import type { Event } from '#shared/event/event.ts';

/**
 * dunnhumby "The Complete Journey": a grocer's households. A basket is one purchase; its first is the registration. Found
 * beside the transactions and used too: coupon_redemptions, demographics and products, each as .csv or .csv.gz.
 */

const NAME = 'completejourney';
const TRANSACTIONS = ['household_id', 'basket_id', 'product_id', 'quantity', 'sales_value', 'transaction_timestamp'];
const REDEMPTIONS = ['household_id', 'coupon_upc', 'campaign_id', 'redemption_date'];

type Item = { readonly productId: string; readonly quantity: number; readonly price: number } & Partial<Product>;
type Line = Subject & { readonly kind: 'line'; readonly basket: string; readonly value: number; readonly item: Item };
type Redemption = Subject & { readonly kind: 'redemption'; readonly coupon: string; readonly campaign: string };
type Household = Line | Redemption;

/** Reads the small files beside the first transactions file at once; what is missing there is left out. */
export async function completeJourney(files: readonly string[], zone = 'America/New_York'): Promise<Source<Household>> {
  const folder = dirname(files[0] ?? '.');
  const time = timeReader(zone, 'iso');
  const catalogue = beside(folder, 'products', ['product_id', 'product_category', 'product_type']);
  const households = beside(folder, 'demographics', ['household_id']);
  const products = await productsIn(catalogue);
  const traits = await demographicsIn(households);
  const redemptions = beside(folder, 'coupon_redemptions', REDEMPTIONS);
  return {
    name: NAME,
    addresses: 'none',
    consents: 'all',
    inputs: [...files.map((file) => commaSeparated(file, TRANSACTIONS)), ...(redemptions ? [redemptions] : [])],
    lookups: [catalogue, households].flatMap((input) => (input ? [input.file] : [])),
    read: (fields, input) => (input === redemptions ? readRedemption(fields, time) : readLine(fields, time, products)),
    about: (contact) => traits.get(contact),
    derive,
  };
}

function beside(folder: string, name: string, columns: readonly string[]): Input | undefined {
  const file = [`${name}.csv`, `${name}.csv.gz`].map((found) => join(folder, found)).find((found) => existsSync(found));
  return file === undefined ? undefined : commaSeparated(file, columns);
}

type Time = (written: string) => string | undefined;

function readLine(fields: Fields, time: Time, products: Map<string, Product>): Line | Rejection {
  const contact = text(fields, 'household_id');
  if (contact === '') return { reject: 'no-household' };
  const basket = text(fields, 'basket_id');
  if (basket === '') return { reject: 'no-basket' };
  const at = time(text(fields, 'transaction_timestamp'));
  if (at === undefined) return { reject: 'bad-time' };
  const quantity = decimal(text(fields, 'quantity'));
  if (quantity === undefined) return { reject: 'bad-quantity' };
  // The till's lines for coupons and deposits; nothing was bought by them.
  if (quantity <= 0) return { reject: 'no-quantity' };
  const value = decimal(text(fields, 'sales_value'));
  if (value === undefined || value < 0) return { reject: 'bad-price' };
  const productId = text(fields, 'product_id');
  const item = { productId, ...products.get(productId), quantity, price: rounded(value / quantity) };
  return { kind: 'line', contact, at, basket, value, item };
}

function readRedemption(fields: Fields, time: Time): Redemption | Rejection {
  const contact = text(fields, 'household_id');
  if (contact === '') return { reject: 'no-household' };
  const at = time(text(fields, 'redemption_date'));
  if (at === undefined) return { reject: 'bad-time' };
  return { kind: 'redemption', contact, at, coupon: text(fields, 'coupon_upc'), campaign: text(fields, 'campaign_id') };
}

function* derive(rows: Iterable<Placed<Household>>): Generator<Derived> {
  yield* withRegistration(happenings(rows), 'purchase');
}

function* happenings(rows: Iterable<Placed<Household>>): Generator<Derived> {
  for (const { lines, closing } of ordersOf(rows, keyOf)) {
    const { at, place, contact } = closing;
    const base = {
      id: eventId(NAME, ...keyOf(closing).split(':')),
      at,
      source: NAME,
      identities: { externalId: contact },
    };
    const uses = lines.map((line) => line.place);
    if (closing.kind === 'redemption') {
      // A coupon is redeemed once a day at most in these data; the same row again is the same redemption.
      const [first = place, ...again] = uses;
      if (again.length > 0) yield { reject: 'duplicate-row', rows: again };
      const data = { couponId: closing.coupon, campaignId: closing.campaign };
      yield { event: { ...base, type: 'coupon.redeemed', data }, place, uses: [first] };
    } else {
      yield { event: { ...base, type: 'purchase', data: basketData(closing.basket, lines) }, place, uses };
    }
  }
}

const keyOf = (row: Household): string =>
  row.kind === 'line' ? row.basket : `coupon:${row.contact}:${row.coupon}:${row.campaign}:${row.at.slice(0, 10)}`;

function basketData(orderId: string, rows: readonly Household[]): Event['data'] {
  const lines = rows.flatMap((row) => (row.kind === 'line' ? [row] : []));
  const total = rounded(lines.reduce((sum, line) => sum + line.value, 0));
  return { orderId, total, items: lines.map((line) => line.item) };
}
