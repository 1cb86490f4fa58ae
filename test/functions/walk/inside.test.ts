import { describe, expect, it } from 'vitest';
import { edit, told } from '#test/build/edit.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];
const waiting = journey({ entry: { again: {} }, steps: [wait('w'), send('hello')] });

/** Ann and Bob are inside, each in a pause. */
async function inside() {
  const shop = await HandShop.open([waiting]);
  for (const email of ['ann@shop.example', 'bob@shop.example'])
    await shop.enrol(event('cart.updated', { identities: { email }, consents: YES }));
  const legs = shop.legs();
  for (const leg of legs) await leg.run();
  return { shop, legs };
}

const outcomes = async (shop: HandShop) =>
  Promise.all(['ann@shop.example', 'bob@shop.example'].map(async (email) => (await shop.passage(email)).outcome));

describe('a journey that is archived', () => {
  it('lets everybody go at once, and nobody in', async () => {
    const { shop, legs } = await inside();
    await edit(shop, { ...waiting, status: 'archived' }, 1);
    await told(shop);
    expect(legs.map((leg) => leg.isPaused)).toEqual([false, false]);
    for (const leg of legs) expect(await leg.run()).toBe('finished');
    expect(await outcomes(shop)).toEqual(['archived', 'archived']);
    await shop.enrol(event('cart.updated', { consents: YES }));
    expect(await shop.passages()).toHaveLength(1);
    await shop.send();
    expect(shop.mailer.mails).toEqual([]);
  });

  it('keeps those whom it has not told yet when it is opened again', async () => {
    const { shop, legs } = await inside();
    await edit(shop, { ...waiting, status: 'archived' }, 1);
    shop.clock.pass(60_000);
    await shop.review();
    await edit(shop, waiting, 1);
    await shop.walk();
    expect(legs.map((leg) => leg.isPaused)).toEqual([true, true]);
  });
});

describe('a version that lets nobody stay on an earlier one', () => {
  it('makes those who are inside leave as replaced, and not those who entered it', async () => {
    const { shop, legs } = await inside();
    await edit(shop, { ...waiting, publish: { inside: 'leave' } }, 2);
    const email = 'eve@shop.example';
    await shop.enrol(event('cart.updated', { identities: { email }, consents: YES }));
    await told(shop);
    for (const leg of legs) await leg.run();
    expect(await outcomes(shop)).toEqual(['replaced', 'replaced']);
    const eve = await shop.passage(email);
    expect([eve.state, eve.version, eve.heard]).toEqual(['inside', 2, {}]);
  });

  it('without that word lets them finish on theirs', async () => {
    const { shop, legs } = await inside();
    await edit(shop, waiting, 2);
    shop.clock.pass(60_000);
    await shop.review();
    expect(shop.walking.bodies).toEqual([]);
    expect(legs.map((leg) => leg.isPaused)).toEqual([true, true]);
  });
});
