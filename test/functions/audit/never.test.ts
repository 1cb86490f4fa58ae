import { expect, it } from 'vitest';
import { privacy } from '#functions/privacy/privacy.ts';
import { emailHash } from '#shared/store/profiles.ts';
import { suppress } from '#shared/store/suppressions.ts';
import { edit } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, waitFor } from '#test/build/journey.ts';
import { auditDay, auditOnce, DAY, damage } from './story.ts';

const paid = waitFor('paid', { event: 'purchase' }, { upTo: 'P30D' });
const cart = journey({ steps: [send('hello', { expires: 'P7D' }), paid] });
const says = (shop: HandShop, given: object) => shop.enrol(event('page.viewed', { at: shop.clock.now(), ...given }));

type Meanwhile = (shop: HandShop) => Promise<unknown>;
const FORBIDS: readonly (readonly [string, Meanwhile])[] = [
  [
    'has unsubscribed',
    (shop) => says(shop, { consents: [{ ...consent('offers', shop.clock.now()), state: 'denied' }] }),
  ],
  ['has been erased', (shop) => erase(shop)],
  ['is in a journey that was archived', (shop) => edit(shop, { ...cart, status: 'archived' }, 1)],
  ['is in a journey that was paused', (shop) => edit(shop, { ...cart, status: 'paused' }, 1)],
  [
    'complained',
    (shop) => shop.table.write(suppress('email', emailHash('ann@shop.example'), 'complained', shop.clock.now())),
  ],
];

const erase = (shop: HandShop) =>
  privacy(
    {
      type: 'privacy.requested',
      source: 'shopify',
      shop: 's',
      requestId: '1',
      id: 'p1',
      kind: 'erase',
      at: shop.clock.now(),
      identities: { email: 'ann@shop.example' },
    },
    { ...shop.given('privacy'), bucket: shop.bucket },
  );

it.each([
  ...FORBIDS.map(([who, meanwhile]) => [who, meanwhile, 0] as const),
  ['has said nothing', async () => {}, 1] as const,
])('who %s is mailed by what the audit mends as anybody else', async (_, meanwhile, mails) => {
  const shop = await HandShop.open([cart]);
  await says(shop, { type: 'cart.updated', consents: [consent('offers', '2026-03-01T00:00:00.000Z')] });
  await shop.leg().run();
  await damage(shop, 'M#', { remove: [['duePk'], ['due']] });
  shop.clock.pass(1000);
  await meanwhile(shop);
  shop.outbox.marketing.take();
  await Promise.all([auditOnce(shop), auditOnce(shop)]);
  await auditDay(shop);
  for (let day = 0; day < 2; day += 1) {
    await shop.review();
    await shop.walk();
    await shop.send();
    shop.clock.pass(DAY);
  }
  expect(shop.mailer.mails).toHaveLength(mails);
  expect(shop.metrics.counts['ReviewFailed']).toBeUndefined();
});
