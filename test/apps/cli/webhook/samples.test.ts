import { describe, expect, it } from 'vitest';
import { SAMPLES, topicOf } from '#apps/cli/webhook/samples.ts';
import { SUBSCRIBED, TOPICS } from '#shared/source/shopify/topics.ts';
import { readFacts } from '#shared/source/source.ts';
import { SOURCE_NAMES, sourceNamed } from '#shared/source/sources.ts';
import { STRIPE_TYPES } from '#shared/source/stripe.ts';
import { WOOCOMMERCE_TOPICS } from '#shared/source/woocommerce.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const FRESH = { now: NOW, number: 1_772_442_000_000, email: 'ann@shop.example' };

const all = Object.entries(SAMPLES).flatMap(([source, samples]) =>
  Object.keys(samples.bodies).map((topic) => ({ source, topic, samples })),
);

/** What a topic's sample becomes, as its source reads it. */
const toldBy = (source: string, topic: string, fresh = FRESH) => {
  const { bodies, headers } = SAMPLES[source as 'shopify'];
  const text = JSON.stringify(bodies[topic]?.(fresh));
  return sourceNamed(source)?.tell({ headers: headers(topic, fresh), text });
};

it.each(all)('$source reads its sample of $topic whole', ({ source, topic }) => {
  const told = toldBy(source, topic) ?? { error: 'no source' };
  expect(told).not.toHaveProperty('error');
  if ('facts' in told) expect(readFacts(told.facts, source).rejected).toEqual([]);
  if ('ignored' in told) expect(told.ignored).not.toMatch(/no journey can use/);
});

it.each(SOURCE_NAMES)('the samples of %s are signed as it verifies them', (name) => {
  const scheme = sourceNamed(name)?.scheme;
  const secret = `whsec_${Buffer.from('a secret of the shop, long enough').toString('base64')}`;
  const body = '{"a":"ä"}';
  const headers = scheme?.sign({ id: 'm1', now: NOW, body }, secret) ?? {};
  expect(scheme?.verify(headers, Buffer.from(body), [secret], NOW)).toBe('valid');
  expect(scheme?.verify(headers, Buffer.from(`${body} `), [secret], NOW)).toBe('forged');
  expect(scheme?.verify(headers, Buffer.from(body), [secret.replace('Y', 'X')], NOW)).toBe('forged');
});

describe('there is a sample', () => {
  it('of each topic that is known of Shopify, WooCommerce and Stripe', () => {
    expect(Object.keys(SAMPLES.shopify.bodies).sort()).toEqual(Object.keys(TOPICS).sort());
    expect(Object.keys(SAMPLES.woocommerce.bodies)).toEqual(expect.arrayContaining([...WOOCOMMERCE_TOPICS]));
    expect(Object.keys(SAMPLES.stripe.bodies)).toEqual(STRIPE_TYPES);
  });

  it.each([...SUBSCRIBED.map((topic) => ['shopify', topic]), ...WOOCOMMERCE_TOPICS.map((t) => ['woocommerce', t])])(
    'of %s %s, which shops subscribe to, that tells events',
    (source = '', topic = '') => {
      expect(toldBy(source, topic)).toHaveProperty('facts');
    },
  );
});

it('says something new each time, and knows a customer again by the address', () => {
  const ids = (number: number) => JSON.stringify(toldBy('shopify', 'orders/create', { ...FRESH, number }));
  expect(ids(1)).not.toBe(ids(2));
  const other = { ...FRESH, number: 7, email: 'ANN@shop.example' };
  const whose = (fresh: typeof FRESH) =>
    /"externalId":"(\d+)"/.exec(JSON.stringify(toldBy('shopify', 'orders/create', fresh)))?.[1];
  expect(whose(FRESH)).toBe(whose(other));
  expect(whose({ ...FRESH, email: 'ben@shop.example' })).not.toBe(whose(FRESH));
});

it.each([
  ['segment', 'order completed', 'Order Completed'],
  ['shopify', 'orders/create', 'orders/create'],
])('finds %s %s', (source, written, topic) => {
  expect(topicOf(source, written)).toBe(topic);
});

it.each([
  ['shopfy', 'orders/create', /no source "shopfy".*"shopify"/],
  ['shopify', 'orders/creat', /no topic "orders\/creat".*"orders\/create".*--list/],
])('says what was meant by %s %s', (source, topic, message) => {
  expect(() => topicOf(source, topic)).toThrow(message);
});
