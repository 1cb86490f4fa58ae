import { describe, expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const START = '2026-03-02T09:00:00.000Z';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

const bought = { if: { event: 'purchase' } };
const afterTrigger = { not: { event: 'purchase', since: { trigger: 'at' } } };
const quiet = { type: 'event' as const, event: 'cart.updated', quietFor: 'PT1H' };
const WAYS = {
  'by its goal': journey({ goal: bought, steps: [wait('w', 'PT1H'), send('hello')] }),
  'by its exit': journey({ exits: [bought], steps: [wait('w', 'PT1H'), send('hello')] }),
  'by its goal, of an amount': journey({
    goal: { if: { event: 'purchase', sum: 'total', gte: 10 } },
    steps: [wait('w', 'PT1H'), send('hello')],
  }),
  'by its goal, before the quiet time is over': journey({ trigger: quiet, goal: bought, steps: [send('hello')] }),
  'by its entry rule, before the quiet time is over': journey({
    trigger: quiet,
    entry: { if: afterTrigger },
    steps: [send('hello')],
  }),
};

/** The mails of somebody who has a cart, and buys; own times are minutes from the cart's arrival. */
async function mails(reminder: ReturnType<typeof journey>, cartAt: number, buyAt: number, arrives: number) {
  const shop = await HandShop.open([reminder]);
  await shop.enrol(event('cart.updated', { consents: YES, at: plusMillis(START, cartAt * MINUTE) }));
  for (const leg of shop.legs()) await leg.run();
  shop.clock.pass(arrives * MINUTE);
  await shop.enrol(event('purchase', { at: plusMillis(START, buyAt * MINUTE), data: { total: 40 } }));
  for (let minutes = 0; minutes < 80; minutes += 10) {
    shop.clock.pass(10 * MINUTE);
    await shop.review();
  }
  for (const leg of shop.legs()) {
    if (!leg.isPaused) await leg.run();
    if (leg.isPaused) await leg.runOut();
  }
  await shop.send();
  return shop.mailer.mails.length;
}

describe.each(Object.entries(WAYS))('who has bought gets no reminder, %s,', (_, reminder) => {
  it.each([
    ['where the storefront is 4 minutes fast', 4, 2, 2],
    ['where the till is 4 minutes slow', 0, -2, 2],
    ['where both are', 4, -2, 2],
  ])('%s', async (__, cartAt, buyAt, arrives) => {
    expect(await mails(reminder, cartAt, buyAt, arrives)).toBe(0);
  });

  it('and who has bought well before gets one, however late that is known', async () => {
    expect(await mails(reminder, 0, -6, 2)).toBe(1);
  });
});

describe('a purchase that comes more than a day late', () => {
  const reminder = journey({ goal: bought, steps: [wait('w', 'P3D'), send('hello')] });

  async function late(given: object) {
    const shop = await HandShop.open([reminder]);
    await shop.enrol(event('cart.updated', { consents: YES }));
    const leg = shop.leg();
    await leg.run();
    shop.clock.pass(26 * HOUR);
    await shop.enrol(event('purchase', given));
    return { shop, leg };
  }

  it('stops the reminder, and starts nothing', async () => {
    const { shop, leg } = await late({ at: plusMillis(START, HOUR) });
    expect(leg.isPaused).toBe(false);
    await leg.run();
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
    expect((await shop.passages()).map(({ state }) => state)).toEqual(['converted']);
  });

  it('from before the cart does not', async () => {
    const { leg } = await late({ at: plusMillis(START, -HOUR) });
    expect(leg.isPaused).toBe(true);
  });

  it('and is history does not', async () => {
    const { leg } = await late({ at: plusMillis(START, HOUR), historic: true });
    expect(leg.isPaused).toBe(true);
  });

  it('counts for the goal of a passage that is over', async () => {
    const shop = await HandShop.open([journey({ goal: bought, steps: [] })]);
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    shop.clock.pass(26 * HOUR);
    await shop.enrol(event('purchase', { at: plusMillis(START, HOUR) }));
    expect((await shop.passage()).state).toBe('converted');
  });
});
