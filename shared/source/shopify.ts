import { ownOf } from '#shared/own-of.ts';
import { instantSchema } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { signedBody } from '#shared/webhook/signed-body.ts';
import { type Context, TOPICS } from './shopify/topics.ts';
import type { Delivery, Source, Told } from './source.ts';

/** Both families of headers: those of webhooks, and the newer one without `x-`. */
const both = (name: string): [string, string] => [`x-shopify-${name}`, `shopify-${name}`];
const headerOf = ({ headers }: Delivery, name: string): string | undefined =>
  both(name)
    .map((one) => headers[one])
    .find((value) => value !== undefined && value !== '');

const shopOf = (delivery: Delivery): string | undefined => headerOf(delivery, 'shop-domain')?.toLowerCase();
const SHOP = /^[a-z0-9][a-z0-9.-]{0,99}$/;

function contextOf(delivery: Delivery, shop: string): Context {
  const at = instantSchema.safeParse(headerOf(delivery, 'triggered-at'));
  return { shop, at: at.success ? at.data : undefined };
}

function tell(delivery: Delivery): Told {
  const topic = headerOf(delivery, 'topic');
  const shop = shopOf(delivery) ?? '';
  if (topic === undefined) return { error: 'Shopify: there is no header x-shopify-topic' };
  if (!SHOP.test(shop)) return { error: 'Shopify: there is no shop in the header x-shopify-shop-domain' };
  const teller = ownOf(TOPICS, topic);
  if (teller === undefined) return { ignored: `no journey can use "${topic}"` };
  const json = postedJson(delivery.text);
  return 'error' in json ? json : teller(json.posted, contextOf(delivery, shop));
}

/** Shopify's webhooks, as of the version 2026-07 and some years before it (docs/shopify.md). */
export const shopify: Source = {
  scheme: signedBody(both('hmac-sha256')),
  reads: ['topic', 'shop-domain', 'triggered-at'].flatMap(both),
  tell,
  shopOf,
  mends: 'operator',
};
