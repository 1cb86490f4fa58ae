import { expect, it } from 'vitest';
import type { Identities } from '#shared/event/event.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const HOUR = 3_600_000;
const review = journey({
  topic: 'orders',
  trigger: { type: 'event', event: 'purchase' },
  steps: [wait('try-it', 'PT1H'), send('ask')],
});
const GUEST = { email: 'Vera@shop.example' };
const OTHER = { externalId: '66', email: 'mallory@shop.example' };
const TAKING = { externalId: '66', ...GUEST };

/** Where the mail of an order goes, with what is said before it and while it waits. */
async function writtenTo(before: readonly Identities[], order: Identities, during: readonly Identities[]) {
  const shop = await HandShop.open([review]);
  const say = async (type: string, identities: Identities): Promise<void> => {
    await shop.enrol(event(type, { at: shop.clock.now(), identities }));
    shop.clock.pass(1000);
  };
  for (const who of before) await say('customer.updated', who);
  await say('purchase', order);
  for (const who of during) await say('customer.updated', who);
  const leg = shop.leg();
  await leg.run();
  shop.clock.pass(HOUR);
  leg.timeOut();
  await leg.advance({ timedOut: true });
  await shop.send();
  return shop.mailer.mails.map(({ to }) => to);
}

it.each<[string, readonly Identities[], Identities, readonly Identities[], string]>([
  ['a guest, whatever account names their address', [], GUEST, [OTHER, TAKING, OTHER], 'vera@shop.example'],
  ['a guest, whose address an account has named before', [TAKING, OTHER], GUEST, [OTHER], 'vera@shop.example'],
  ['a customer, where they are reached now', [], OTHER, [{ ...OTHER, email: 'new@shop.example' }], 'new@shop.example'],
  ['a customer by number, at the address that they have', [OTHER], { externalId: '66' }, [], 'mallory@shop.example'],
])('the mail of an order goes to %s', async (_, before, order, during, to) => {
  expect(await writtenTo(before, order, during)).toEqual([to]);
});
