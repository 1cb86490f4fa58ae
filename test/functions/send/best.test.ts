import { expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { YES } from '#test/build/moved.ts';
import { settings } from '#test/build/settings.ts';

const DAY = 86_400_000;
const letter = (step: object) => journey({ steps: [{ ...step }] });

/** Somebody who looks at pages in the evening, at a quarter past eight in Warsaw. */
async function evenings(shop: HandShop, nights = 5) {
  const now = shop.clock.now();
  for (let i = 1; i <= nights; i += 1)
    await shop.enrol(
      event('page.viewed', {
        id: `view-${i}`,
        at: `${plusMillis(now, -i * DAY).slice(0, 11)}19:15:00.000Z`,
        consents: YES,
      }),
    );
}

it.each([
  ['a send', [send('hello', { when: 'best' })]],
  ['a wait', [{ type: 'wait', id: 'w', until: 'best' }, send('hello')]],
])('%s comes at the hour in which the contact is there', async (_, steps) => {
  const shop = await HandShop.open([journey({ steps })], settings());
  await evenings(shop);
  await shop.enrol(event('cart.updated', { consents: YES }));
  const leg = shop.leg();
  await leg.run();
  expect((await shop.passage()).cursor?.wakeAt).toBe(`${shop.clock.now().slice(0, 11)}19:00:00.000Z`);
  await leg.runOut();
  await shop.send();
  expect(shop.mailer.mails).toHaveLength(1);
});

it('learns from clicks where a journey asks for the best hour, and nowhere else', async () => {
  const heard = async (more: object) => {
    const shop = await HandShop.open([letter(send('hello', more))], settings());
    await shop.enrol(event('cart.updated', { consents: YES }));
    await shop.leg().run();
    await shop.send();
    const { id, contact } = await shop.message('hello');
    const at = shop.clock.now();
    await shop.track({
      eventType: 'Click',
      mail: {
        timestamp: at,
        messageId: 'p1',
        destination: ['ann@shop.example'],
        tags: { contact: [contact], message: [id] },
      },
      click: { timestamp: at, link: 'https://shop.example/' },
    });
    for (const { detail } of shop.bus.entries) await shop.enrol(detail);
    return (await shop.contact()).hours;
  };
  expect(await heard({ when: 'best' })).toHaveLength(1);
  expect(await heard({})).toBeUndefined();
});

it('is a trait that conditions ask for', async () => {
  const branch = {
    ...{ type: 'branch', id: 'b', otherwise: [send('other')] },
    cases: [{ if: { trait: 'bestHour', is: '20:00' }, steps: [send('evening')] }],
  };
  const shop = await HandShop.open([journey({ steps: [branch] })], settings());
  await evenings(shop);
  await shop.enrol(event('cart.updated', { consents: YES }));
  await shop.leg().run();
  expect((await shop.messages()).map(({ step }) => step)).toEqual(['evening']);
});
