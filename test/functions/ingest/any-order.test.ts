import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ingest } from '#functions/ingest/ingest.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { SENDERS } from '#test/build/deliveries.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { message, ORDER, track } from '#test/build/segment.ts';
import { settings } from '#test/build/settings.ts';
import { charge, customer, refund, secondsOf, session, stripeEvent } from '#test/build/stripe.ts';

const START = '2026-02-25T08:00:00.000Z';
const HOUR = 3_600_000;
const given = settings({ rates: { USD: 0.92 }, sources: { stripe: { consent: ['offers'] } } });

type Post = { readonly source: 'segment' | 'stripe'; readonly body: string };

/** What is left in the table of a customer's deliveries, in this order, some time apart. */
async function leftBy(posts: readonly Post[], apart: number) {
  const shop = await HandShop.open([], given);
  const deps = {
    ...shop.deps,
    secrets: { get: async (id: string) => [id === 'source-segment' ? SENDERS.segment.secret : SENDERS.stripe.secret] },
    secretId: 'w',
    sourceSecrets: 'source-',
  };
  for (const post of posts) {
    const headers = SENDERS[post.source].headers(post.body, shop.clock.now());
    const request = {
      headers,
      pathParameters: { source: post.source },
      body: post.body,
      isBase64Encoded: false,
    };
    const { statusCode, body } = await ingest({ ...request, requestContext: { http: { method: 'POST' } } }, deps);
    expect([statusCode, body]).toEqual([200, expect.stringContaining('"accepted":')]);
    for (const { detail } of shop.bus.entries.splice(0)) await shop.enrol(detail);
    shop.clock.pass(apart);
  }
  expect(shop.overflow.bodies).toEqual([]);
  const { contact, rev, ...profile } = await shop.contact();
  const events = (await shop.events()).map(({ id, type, at, data }) => ({ id, type, at, data }));
  return { profile, events: events.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1)) };
}

/** A customer's life at a shop that sends its events by Segment: each message as it is delivered, again and again. */
const segmentLife = (seed: number): object[] => {
  const at = (hours: number): object => ({ timestamp: plusMillis(START, hours * HOUR + seed) });
  const usd = { order_id: '1043', total: '19.99', currency: 'USD', products: [{ product_id: 'T9', price: 19.99 }] };
  const consents = [{ channel: 'email', topic: 'offers', state: 'granted', at: plusMillis(START, HOUR) }];
  return [
    message('page', { ...at(0), properties: { url: '/' } }),
    message('identify', { ...at(1), traits: { email: 'ann@shop.example', firstName: 'Anna', plan: 'free', consents } }),
    track('Signed Up', { email: 'ann@shop.example' }, at(1)),
    track('Product Viewed', { product_id: 'T1', price: 9.6 }, at(2)),
    track('Cart Viewed', { cart_id: 'k1', products: ORDER.products }, at(3)),
    track('Order Completed', ORDER, at(4)),
    message('identify', { ...at(5), traits: { firstName: 'Ann', plan: 'gold' } }),
    track('Order Completed', usd, at(6)),
    track('Order Refunded', { order_id: '1042', total: 9.6 }, at(7)),
    track('Song Played', { n: seed }, at(8)),
    message('identify', { ...at(9), traits: { plan: null } }),
  ];
};

/** The same at Stripe's, where the shop's own number comes with some of the events. */
const stripeLife = (seed: number): object[] => {
  const at = (hours: number): object => ({ created: secondsOf(plusMillis(START, hours * HOUR)) + seed });
  const mine = { metadata: { customer_id: '4711' }, ...at(1) };
  const usd = session({ id: 'cs_2', currency: 'usd', amount_total: 1999, payment_intent: 'pi_6', ...mine });
  const unpaid = session({ id: 'cs_3', payment_status: 'unpaid' });
  return [
    stripeEvent('customer.created', customer(at(0)), at(0)),
    stripeEvent('checkout.session.completed', session({ consent: { promotions: 'opt_in' } }), at(2)),
    stripeEvent('checkout.session.completed', usd, at(3)),
    stripeEvent('checkout.session.completed', unpaid, at(4)),
    stripeEvent('checkout.session.async_payment_succeeded', { ...unpaid, payment_status: 'paid' }, at(30)),
    stripeEvent('customer.updated', customer({ name: 'Ann Nowak' }), at(31)),
    stripeEvent('charge.refunded', charge({ refunds: { data: [refund(at(32))] } }), at(32)),
    stripeEvent('charge.refunded', charge({ id: 'ch_4', amount_refunded: 300 }), at(33)),
    stripeEvent('customer.updated', customer({ name: 'Ann Wrona', ...mine }), at(34)),
  ];
};

const LIVES = { segment: segmentLife, stripe: stripeLife };

/** A whole number in place of a random one, so that a failure can be seen again. */
const shuffled = fc.tuple(
  fc.nat({ max: 500 }),
  fc.array(fc.nat({ max: 1_000_000 }), { minLength: 22, maxLength: 22 }),
  fc.constantFrom(0, 1000, HOUR, 24 * HOUR),
);

describe.each(['segment', 'stripe'] as const)('deliveries of %s', (source) => {
  it('end in the same events, profile and purchases, in whichever order, how often and how late they come', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ([seed, keys, apart]) => {
        const posts = LIVES[source](seed).map((event) => ({ source, body: JSON.stringify(event) }));
        const inOrder = await leftBy(posts, 0);
        expect(inOrder.profile.traits['purchases.count']).toBe(source === 'segment' ? 2 : 3);
        // Each twice, by random keys: any order, with the second near the first or far from it.
        const mixed = [...posts, ...posts]
          .map((post, i) => ({ post, key: keys[i] ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ post }) => post);
        expect(await leftBy(mixed, apart)).toEqual(inOrder);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

it('a batch tells what its messages tell one by one', async () => {
  const messages = segmentLife(0);
  const single = messages.map((one) => ({ source: 'segment' as const, body: JSON.stringify(one) }));
  const batch = { source: 'segment' as const, body: JSON.stringify({ batch: messages }) };
  expect(await leftBy([batch, ...single], 0)).toEqual(await leftBy(single, 0));
});
