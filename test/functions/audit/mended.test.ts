import { expect, it } from 'vitest';
import { claimMessage } from '#shared/store/messages.ts';
import { auditContact } from '#shared/store/persons.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, waitFor } from '#test/build/journey.ts';
import { auditDay, DAY, damage, HOUR } from './story.ts';

const paid = waitFor('paid', { event: 'purchase' }, { upTo: 'P30D' });

it.each([
  ['orders', 'delivered once more', 1, undefined],
  ['offers', 'unknown, and never sent again', 0, 'no word from the provider'],
])('a mail of topic %s whose attempt died, and that was not due, is %s by review', async (topic, _, mails, reason) => {
  const shop = await HandShop.open([journey({ topic, steps: [send('hello', { expires: 'P7D' }), paid] })]);
  await shop.enrol(event('cart.updated', { consents: [consent('offers', '2026-03-01T00:00:00.000Z')] }));
  await shop.leg().run();
  await shop.table.write(claimMessage(await shop.message('hello'), 'died', shop.clock.now()));
  await damage(shop, 'M#', { remove: [['duePk'], ['due']] });
  expect(await auditDay(shop)).toEqual({ found: { unsent: 1 }, mended: { unsent: 1 } });
  shop.outbox.transactional.take();
  shop.outbox.marketing.take();
  await shop.review();
  await shop.send();
  expect(shop.metrics.counts['ReviewFailed']).toBeUndefined();
  expect(shop.mailer.mails).toHaveLength(mails);
  expect((await shop.message('hello')).reason).toBe(reason);
});

it('finds nothing in a passage that has just heard once more what it first heard long ago', async () => {
  const often = { event: 'purchase', gte: 3 };
  const shop = await HandShop.open([journey({ steps: [waitFor('loyal', often, { upTo: 'P30D' })] })]);
  await shop.enrol(event('cart.updated'));
  const leg = shop.leg();
  await leg.run();
  const buys = (id: string, deps = {}) => shop.enrol(event('purchase', { id, at: shop.clock.now() }), deps);
  await buys('o1');
  await leg.run();
  shop.clock.pass(DAY);
  const { contact } = await shop.contact();
  const findings = async () => (await auditContact(contact, { now: shop.clock.now() }, shop))?.findings;
  const succeed = () => Promise.reject(new Error('not yet'));
  await expect(buys('o2', { executions: { ...shop.executions, succeed } })).rejects.toThrow();
  expect(await findings()).toEqual([]);
  shop.clock.pass(3 * HOUR);
  expect(await findings()).toMatchObject([{ kind: 'unheard' }]);
});
