import * as z from 'zod';
import type { Delivery } from '#shared/source/source.ts';
import { type Instant, instantSchema, plusMillis } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import type { Answer, Feed, Question, Storefront } from './feed.ts';

/** WooCommerce's REST interface, version 3, read as the webhooks that were missed. */

const SIZES = [100, 25, 5];
const SECOND = 1000;

const gmt = z
  .string()
  .transform((date) => `${date}Z`)
  .pipe(instantSchema)
  .optional()
  .catch(undefined);
const datesSchema = z.object({ date_modified_gmt: gmt, date_created_gmt: gmt }).catch({});
const selfSchema = z.object({ _links: z.object({ self: z.array(z.object({ href: z.string() })).min(1) }) });

/**
 * The shop as its webhooks name it: every thing says where it lies. By the setting alone, `www.shop.example` would be
 * another shop than `shop.example`, and its orders other orders.
 */
const shopIn = (thing: unknown, url: string): string => {
  const href = selfSchema.safeParse(thing).data?._links.self[0]?.href ?? '';
  return /^(https?:\/\/[^?]+?)\/(?:wp-json\/|index\.php\?|\?rest_route=)/.exec(href)?.[1] ?? url;
};

type Read = { readonly things: readonly unknown[]; readonly total: number };

function thingsIn({ body, headers }: Answer): Read | { error: string } {
  const json = postedJson(body);
  if ('error' in json) return json;
  if (!Array.isArray(json.posted)) return { error: 'there is no list' };
  return { things: json.posted, total: Number(headers['x-wp-total'] ?? Number.NaN) };
}

const deliveriesOf = (things: readonly unknown[], topic: string, url: string): Delivery[] =>
  things.map((thing) => ({
    headers: { 'x-wc-webhook-topic': topic, 'x-wc-webhook-source': `${shopIn(thing, url)}/` },
    text: JSON.stringify(thing),
  }));

/** Its own word for whether more follows: things that the asker may not see are missing from a page, which is no end. */
const hasMore = ({ things, total }: Read, offset: number, size: number): boolean =>
  Number.isNaN(total) ? things.length >= size : offset + size < total;

/**
 * Where in the list of orders a page begins. Numbers of pages would not do: an order that changes meanwhile moves to the
 * end, all behind it move up, and one of them would never be seen. So a page begins at the moment that the last one ended
 * with, and counts only where more orders than a page holds changed in one and the same second.
 */
type Begin = { readonly after: Instant; readonly offset: number };

function beginOf({ from, next }: Question): Begin {
  const [after, offset] = next?.split('+') ?? [];
  return after === undefined ? { after: plusMillis(from, -SECOND), offset: 0 } : { after, offset: Number(offset) };
}

function nextBegin(things: readonly unknown[], { after, offset }: Begin, size: number): string {
  const moments = things.flatMap((thing) => datesSchema.parse(thing).date_modified_gmt ?? []);
  const isInOrder = moments.every((moment, i) => i === 0 || moment >= (moments[i - 1] ?? ''));
  const last = moments.at(-1);
  // What changed in that second is asked for again: not all of it need have been on the page.
  const further = last === undefined ? after : plusMillis(last, -SECOND);
  return isInOrder && further > after ? `${further}+0` : `${after}+${offset + size}`;
}

/** In UTC, as the question says. */
const date = (instant: Instant): string => instant.slice(0, 19);

const orders = (url: string): Feed => ({
  name: 'orders',
  sizes: SIZES,
  path: (question) => {
    const { after, offset } = beginOf(question);
    const until = date(plusMillis(question.until, SECOND));
    return `/wp-json/wc/v3/orders?modified_after=${date(after)}&modified_before=${until}&dates_are_gmt=true&orderby=modified&order=asc&per_page=${question.size}&offset=${offset}`;
  },
  read: (answer, question) => {
    const read = thingsIn(answer);
    if ('error' in read) return read;
    const begin = beginOf(question);
    const more = hasMore(read, begin.offset, question.size);
    return {
      deliveries: deliveriesOf(read.things, 'order.updated', url),
      next: more ? nextBegin(read.things, begin, question.size) : undefined,
    };
  },
});

/**
 * WooCommerce can't be asked which customers have changed (its issue 31482): the newest are looked at until one registered
 * before the window. Who registers meanwhile moves the others down, so that some are seen twice.
 */
const customers = (url: string): Feed => ({
  name: 'customers',
  sizes: SIZES,
  path: ({ next = '0', size }) =>
    `/wp-json/wc/v3/customers?orderby=registered_date&order=desc&per_page=${size}&offset=${next}`,
  read: (answer, { from, next = '0', size }) => {
    const read = thingsIn(answer);
    if ('error' in read) return read;
    const created = (thing: unknown): Instant | undefined => datesSchema.parse(thing).date_created_gmt;
    const isNew = (thing: unknown): boolean => (created(thing) ?? from) >= from;
    const more = hasMore(read, Number(next), size) && read.things.every(isNew);
    return {
      deliveries: deliveriesOf(read.things.filter(isNew), 'customer.created', url),
      next: more ? String(Number(next) + size) : undefined,
    };
  },
});

export const woocommerceStorefront = (url: string, since?: Instant): Storefront => ({
  source: 'woocommerce',
  url,
  since,
  shows: 'basic',
  feeds: [customers(url), orders(url)],
});
