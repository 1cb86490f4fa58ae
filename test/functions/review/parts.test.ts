import { expect, it } from 'vitest';
import { partSchema, review } from '#functions/review/review.ts';
import { REVIEW_PARTS } from '#functions/wiring.ts';
import { DUE_SHARDS } from '#shared/store/keys.ts';
import { shardOf } from '#shared/store/shards.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const MINUTE = 60_000;
const PARTS = Array.from({ length: REVIEW_PARTS }, (_, part) => ({ part, of: REVIEW_PARTS }));
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

it('parts look at everything that is due, each row once', async () => {
  const quiet = { type: 'event', event: 'cart.updated', quietFor: 'PT1H' } as const;
  const shop = await HandShop.open([journey({ trigger: quiet, steps: [wait('think')] })]);
  const carts = Array.from({ length: 60 }, (_, n) =>
    event('cart.updated', { identities: { email: `c${n}@shop.example` } }),
  );
  for (const cart of carts) await shop.enrol(cart);
  shop.clock.pass(61 * MINUTE);
  const seen: number[] = [];
  for (const part of PARTS) seen.push(await review(shop.deps, part));
  expect(seen.reduce((a, b) => a + b)).toBe(carts.length);
  expect(Math.min(...seen)).toBeGreaterThan(0);
  expect(shop.executions.started).toHaveLength(carts.length);
});

it('a marketing mail whose hint was lost is parked by its part, and hinted by the first a minute later', async () => {
  const shop = await shopWithMail();
  shop.outbox.marketing.take();
  shop.clock.pass(6 * MINUTE);
  for (const part of PARTS) await review(shop.deps, part);
  expect(shop.outbox.marketing.take()).toEqual([]);
  shop.clock.pass(MINUTE);
  for (const part of PARTS) await review(shop.deps, part);
  expect(shop.outbox.marketing.take()).toHaveLength(1);
});

it('who is called with nothing has all of it', () => {
  expect(partSchema.parse({})).toEqual({ part: 0, of: 1 });
  expect(partSchema.parse({ source: 'aws.events', detail: {} })).toEqual({ part: 0, of: 1 });
  // It would look at nothing, and say that all is well.
  expect(() => partSchema.parse({ part: 2, of: 2 })).toThrow(/counted from 0/);
});

/** One mail in the outbox, to a contact that is not the first part's. */
async function shopWithMail(): Promise<HandShop> {
  for (let n = 0; n < 50; n += 1) {
    const shop = await HandShop.open([journey({ steps: [send('hello'), wait('w')] })]);
    const identities = { email: `c${n}@shop.example` };
    await shop.enrol(event('cart.updated', { id: `cart-${n}`, identities, consents: YES }));
    await shop.leg().run();
    const { contact } = await shop.contact(identities.email);
    if (shardOf(contact, DUE_SHARDS) % REVIEW_PARTS !== 0) return shop;
  }
  throw new Error('every contact is of the first part');
}
