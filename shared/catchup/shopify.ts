import * as z from 'zod';
import { moment } from '#shared/source/lenient.ts';
import { SHOPIFY_VERSION } from '#shared/source/shopify/version.ts';
import type { Delivery } from '#shared/source/source.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import type { Answer, Feed, Page, Question, Storefront } from './feed.ts';

/** Shopify's REST Admin API (https://shopify.dev/docs/api/admin-rest), read as the webhooks that were missed. */

const SIZES = [250, 50, 10];
const DAY = 86_400_000;

/** The page after this one, by its cursor alone: the address in the header may lead anywhere. */
function nextIn({ headers }: Answer): string | undefined {
  const url = /<([^<>]*)>;\s*rel="?next"?/.exec(headers['link'] ?? '')?.[1];
  return url === undefined || !URL.canParse(url)
    ? undefined
    : (new URL(url).searchParams.get('page_info') ?? undefined);
}

/** As its documentation writes dates. What changed within the last second is in the next window, too. */
const date = (instant: Instant): string => `${instant.slice(0, 19)}Z`;

/** A page is asked for by its cursor, and by nothing else but its size. */
const pathOf =
  (list: string, filter: string) =>
  ({ from, until, next, size }: Question): string => {
    const which =
      next === undefined
        ? `${filter}updated_at_min=${date(from)}&updated_at_max=${date(until)}`
        : `page_info=${encodeURIComponent(next)}`;
    return `/admin/api/${SHOPIFY_VERSION}/${list}.json?limit=${size}&${which}`;
  };

type TopicsOf = (thing: unknown, question: Question) => readonly string[];

const readerOf =
  (list: string, shop: string, topicsOf: TopicsOf): Feed['read'] =>
  (answer, question): Page | { error: string } => {
    const json = postedJson(answer.body);
    if ('error' in json) return json;
    const things = z.object({ [list]: z.array(z.unknown()) }).safeParse(json.posted).data?.[list];
    if (things === undefined) return { error: `there is no list of ${list}` };
    const deliveries = things.flatMap((thing): Delivery[] =>
      topicsOf(thing, question).map((topic) => ({
        headers: { 'x-shopify-topic': topic, 'x-shopify-shop-domain': shop },
        text: JSON.stringify(thing),
      })),
    );
    return { deliveries, next: nextIn(answer) };
  };

const createdSchema = z.object({ created_at: moment });

/** A customer who changed this long after the registration was told of it by an earlier sweep. */
const isNew = (customer: unknown, from: Instant): boolean => {
  const created = createdSchema.safeParse(customer).data?.created_at;
  return created !== undefined && created >= plusMillis(from, -DAY);
};

export const shopifyStorefront = (shop: string, since?: Instant, url = `https://${shop}`): Storefront => ({
  source: 'shopify',
  url,
  since,
  shows: 'x-shopify-access-token',
  // The tokens of apps that are made since 2026 live for a day.
  exchange: '/admin/oauth/access_token',
  feeds: [
    {
      name: 'customers',
      sizes: SIZES,
      path: pathOf('customers', ''),
      read: readerOf('customers', shop, (customer, { from }) =>
        isNew(customer, from) ? ['customers/create', 'customers/update'] : ['customers/update'],
      ),
    },
    {
      name: 'orders',
      sizes: SIZES,
      path: pathOf('orders', 'status=any&'),
      read: readerOf('orders', shop, () => ['orders/updated']),
    },
  ],
});
