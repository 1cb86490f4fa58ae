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

describe('of the passages of one contact', () => {
  const other = journey({ id: 'other', steps: [wait('w'), send('hello')] });

  /** Ann is inside two journeys. */
  async function insideBoth() {
    const shop = await HandShop.open([waiting, other]);
    await shop.enrol(event('cart.updated', { consents: YES }));
    const legs = shop.legs();
    for (const leg of legs) await leg.run();
    const of = async (id: string) => (await shop.passages()).filter(({ journey }) => journey === id);
    return { shop, legs, of };
  }

  it.each([
    ['archived', { ...waiting, status: 'archived' as const }, 1],
    ['replaced', { ...waiting, publish: { inside: 'leave' as const } }, 2],
    ['moved', { ...waiting, publish: { inside: 'move' as const } }, 2],
  ])('only those of the journey itself are %s', async (_, definition, version) => {
    const { shop, of } = await insideBoth();
    const [cart, beside] = [await of('cart'), await of('other')];
    await edit(shop, definition, version);
    await told(shop);
    expect(await of('other')).toEqual(beside);
    expect(await of('cart')).not.toEqual(cart);
  });

  it('only those of the journey itself go on, where both stood still', async () => {
    const { shop, legs, of } = await insideBoth();
    for (const definition of [waiting, other]) await edit(shop, { ...definition, status: 'paused' }, 1);
    shop.clock.pass(86_400_000);
    for (const leg of legs) {
      leg.timeOut();
      await leg.advance({ timedOut: true });
      expect(await leg.pause()).toBe('parked');
    }
    const [cart, beside] = [await of('cart'), await of('other')];
    await edit(shop, waiting, 1);
    await told(shop);
    expect(await of('other')).toEqual(beside);
    expect(await of('cart')).not.toEqual(cart);
  });
});

describe('who stands still', () => {
  it('is told nothing when the journey was paused again before the walk came by', async () => {
    const { shop, legs } = await inside();
    await edit(shop, { ...waiting, status: 'paused' }, 1);
    shop.clock.pass(86_400_000);
    for (const leg of legs) {
      leg.timeOut();
      await leg.advance({ timedOut: true });
      expect(await leg.pause()).toBe('parked');
    }
    await edit(shop, waiting, 1);
    shop.clock.pass(60_000);
    await shop.review();
    await edit(shop, { ...waiting, status: 'paused' }, 1);
    await shop.walk();
    expect(legs.map((leg) => leg.isPaused)).toEqual([true, true]);
    expect((await shop.passage()).heard).toEqual({});
  });
});

it('what a passage hears of its journey says of itself what it is, and which upload it comes from', async () => {
  const { shop } = await inside();
  await edit(shop, { ...waiting, status: 'archived' }, 1);
  await told(shop);
  expect(Object.values((await shop.passage()).heard)).toEqual([
    { n: 1, event: expect.stringMatching(/^archive#/), type: 'journey.status', at: shop.clock.now() },
  ]);
});
