import { describe, expect, it } from 'vitest';
import { loadCatalogue, putCatalogue } from '#shared/store/journeys.ts';
import { toMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const NIGHT = settings({
  topics: { offers: { kind: 'marketing' }, orders: { kind: 'transactional' } },
  quiet: [{ from: '21:00', to: '09:00' }],
});

/** So many people's mails lie in one batch, at one slot a second. They are asked about at that time. */
async function evening(at: string, topic = 'offers') {
  const shop = await HandShop.open([journey({ topic, steps: [send('letter')] })], NIGHT);
  shop.clock.pass(toMillis(at) - toMillis(shop.clock.now()));
  for (const n of Array.from({ length: 20 }, (_, i) => i)) {
    const consents = [consent('offers', shop.clock.now())];
    await shop.enrol(
      event('cart.updated', { at: shop.clock.now(), identities: { email: `${n}@shop.example` }, consents }),
    );
  }
  for (const leg of shop.legs()) await leg.run();
  const times: string[] = [];
  const work = (after: () => Promise<void> = async () => {}) =>
    shop.send({
      rate: 1,
      mailer: {
        send: async (mail) => {
          times.push(shop.clock.now());
          await after();
          return shop.mailer.send(mail);
        },
      },
    });
  return { shop, work, times };
}

describe('a mail that waits for its slot', () => {
  it('does not go when quiet time has begun meanwhile, and goes when that is over', async () => {
    const { shop, work, times } = await evening('2026-03-02T19:59:55.000Z');
    await work();
    expect(times.filter((at) => at >= '2026-03-02T20:00:00.000Z')).toEqual([]);
    expect(times).toHaveLength(5);
    shop.clock.pass(12.1 * 3_600_000);
    await shop.review();
    await work();
    expect(times).toHaveLength(20);
  });

  it('goes in quiet time where it is about an order', async () => {
    const { work, times } = await evening('2026-03-02T19:59:55.000Z', 'orders');
    await work();
    expect(times).toHaveLength(20);
  });

  it('does not go when its journey was paused more than ten seconds before', async () => {
    const { shop, work, times } = await evening('2026-03-02T12:00:00.000Z');
    await work(async () => {
      const { rev, journeys } = await loadCatalogue(shop.table);
      const { cart } = journeys;
      if (cart?.status === 'live')
        await shop.table.write(putCatalogue({ rev, journeys: { cart: { ...cart, status: 'paused' } } }));
    });
    expect(times.length).toBeLessThanOrEqual(12);
  });
});
