import { expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';

const MINUTE = 60_000;
const ENTERED = '2026-03-02T09:00:00.000Z';
const later = (minutes: number) => plusMillis(ENTERED, minutes * MINUTE);

const waiting = journey({
  steps: [wait('think')],
  goal: { if: { event: 'purchase' }, value: 'total' },
  exits: [{ if: { event: 'order.cancelled' }, outcome: 'cancelled' }],
});

it.each([
  ['an exit', event('order.cancelled', { at: later(1) }), 'cancelled'],
  [
    'unsubscribing',
    event('preferences', { at: later(1), consents: [consent('offers', later(1), 'denied')] }),
    'unsubscribed',
  ],
])('who has left by %s stays so when the goal is reached, which is noted beside it', async (_, leaves, outcome) => {
  const shop = await HandShop.open([waiting]);
  await shop.enrol(event('cart.updated', { at: ENTERED, consents: [consent('offers', ENTERED)] }));
  const leg = shop.leg();
  await leg.run();
  await shop.enrol(leaves);
  await leg.run();
  expect(await shop.passage()).toMatchObject({ state: 'exited', outcome });
  const purchase = event('purchase', { at: later(2), data: { total: 40 } });
  await shop.enrol(purchase);
  const passage = await shop.passage();
  expect(passage).toMatchObject({ state: 'exited', outcome, converted: { event: purchase.id, value: 40 } });
  expect((await shop.contact()).watching).toEqual({});
});

it('a consent to a topic that the settings do not have is kept, and counted as strange', async () => {
  const shop = await HandShop.open([waiting]);
  const consents = [consent('ofers', ENTERED), consent('marketing', ENTERED), consent('offers', ENTERED)];
  await shop.enrol(event('preferences', { at: ENTERED, consents }));
  expect(Object.keys((await shop.contact()).consents['email'] ?? {})).toContain('ofers');
  expect(shop.metrics.counts['ConsentUnknownTopic']).toBe(1);
});
