import { expect, it } from 'vitest';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const DAY = 86_400_000;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const mailing = journey({ id: 'mailing', entry: { again: {} }, steps: [send('hello')] });
const silent = {
  message: 'any',
  channel: 'email',
  topic: 'marketing',
  among: 3,
  isNot: ['opened', 'clicked'],
  gte: 3,
} as const;
const winBack = journey({
  id: 'win-back',
  trigger: { type: 'event', event: 'page.viewed' },
  entry: { if: silent, again: {} },
  steps: [wait('w')],
});

/** A mailing each day, each sent and delivered; those of these days are clicked as well. */
async function mailed(days: number, clicked: readonly number[] = []): Promise<HandShop> {
  const shop = await HandShop.open([mailing, winBack]);
  for (let day = 1; day <= days; day += 1) {
    await shop.enrol(event('cart.updated', { at: shop.clock.now(), consents: YES }));
    await shop.leg().run();
    await shop.send();
    const { contact } = await shop.contact();
    const mail = shop.mailer.mails.at(-1);
    const facts = ['Delivery', ...(clicked.includes(day) ? ['Click'] : [])];
    for (const eventType of facts) {
      await shop.track({
        eventType,
        mail: {
          timestamp: shop.clock.now(),
          messageId: `ses-${day}`,
          destination: ['ann@shop.example'],
          tags: { contact: [contact], message: [mail?.tags['message'] ?? ''] },
        },
      });
    }
    shop.clock.pass(DAY);
  }
  shop.clock.pass(3 * DAY);
  await shop.enrol(event('page.viewed', { at: shop.clock.now() }));
  return shop;
}

const isInside = async (shop: HandShop) => (await shop.passages()).some((passage) => passage.journey === 'win-back');

it('who opened none of the last three mails of all journeys is found by the mails themselves', async () => {
  expect(await isInside(await mailed(4, [1]))).toBe(true);
});

it('who clicked one of them is not, nor who got fewer', async () => {
  expect(await isInside(await mailed(4, [3]))).toBe(false);
  expect(await isInside(await mailed(2))).toBe(false);
});
