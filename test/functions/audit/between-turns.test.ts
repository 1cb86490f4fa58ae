import { expect, it } from 'vitest';
import { auditContact } from '#shared/store/persons.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait, waitFor } from '#test/build/journey.ts';
import { DAY, HOUR } from './story.ts';

const found = async (shop: HandShop) => {
  const { contact } = await shop.contact();
  const audited = await auditContact(contact, { now: shop.clock.now(), flow: undefined }, shop);
  return audited?.findings.map(({ kind }) => kind);
};

it.each([
  ['was woken early', waitFor('paid', { event: 'purchase' }, { upTo: 'P30D' })],
  [
    'goes on to the second half of its wait',
    { ...wait('w', 'P2D'), until: { days: ['sun'], from: '18:00', to: '19:00' } },
  ],
])('a passage that %s is not taken for one without a token while it lies down again', async (_, step) => {
  const shop = await HandShop.open([journey({ steps: [step] })]);
  await shop.enrol(event('cart.updated', { consents: [consent('offers', '2026-03-01T00:00:00.000Z')] }));
  const leg = shop.leg();
  await leg.run();
  shop.clock.pass(2 * DAY);
  await shop.executions.succeed(leg.token);
  await leg.advance();
  expect(await shop.passage()).toMatchObject({ turn: 2, next: 'pause' });
  expect((await shop.passage()).token).toBeUndefined();
  expect(await found(shop)).toEqual([]);
  // Whoever had to make it lie down has not come.
  shop.clock.pass(3 * HOUR);
  expect(await found(shop)).toEqual(['tokenless']);
});
