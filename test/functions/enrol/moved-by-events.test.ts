import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '#test/build/event.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

/** Journeys that a segment starts, and what moves somebody into it. */
let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ traits: { points: 'number' } }));
});
const starts = (segment: string) =>
  journey({
    id: 'won',
    trigger: { type: 'segment', segment, when: 'enters' },
    goal: { if: { event: 'subscription.started' } },
    steps: [wait('w', 'P30D')],
  });
const told = (email: string, points: number) =>
  shop.shop.enrol(event('registration', { at: shop.shop.clock.now(), identities: { email }, traits: { points } }));
const begun = () => shop.shop.executions.started.map(({ name }) => name.split('-')[0]);

describe('a segment whose journey is there since now', () => {
  const [ann, bob] = ['ann@shop.example', 'bob@shop.example'];
  beforeEach(async () => {
    await shop.put('segments/vip.json', { id: 'vip', name: 'Very important', if: { trait: 'points', gte: 5 } });
    await told(ann, 9);
    await told(bob, 1);
    await shop.put('journeys/won.json', starts('vip'));
  });

  it('is entered by who comes into it before everybody was looked at, and not by who was in it before', async () => {
    await told(ann, 8);
    expect(begun()).toEqual([]);
    await told(bob, 7);
    expect(begun()).toEqual(['won']);
    await told(bob, 8);
    expect(begun()).toEqual(['won']);
  });

  it('is entered by a new contact with their first event, and not by one that tells of the past', async () => {
    const identities = { email: 'eve@shop.example' };
    const historic = { historic: true, at: '2026-01-02T09:00:00.000Z' };
    await shop.shop.enrol(event('registration', { ...historic, identities, traits: { points: 9 } }));
    expect(begun()).toEqual([]);
    await told('joe@shop.example', 9);
    expect(begun()).toEqual(['won']);
  });
});

describe('a segment of those who are inside a journey', () => {
  const cart = journey({ goal: { if: { event: 'purchase' }, window: 'P30D' }, steps: [tag('a')] });
  const look = async () => {
    shop.shop.clock.pass(60_000);
    await shop.shop.review();
  };

  it('has them soon after the event that brought them in', async () => {
    await shop.put('journeys/cart.json', { ...cart, steps: [wait('w', 'P9D')] });
    await shop.put('segments/buying.json', { id: 'buying', name: 'Buying', if: { journey: 'cart' } });
    await shop.put('journeys/won.json', starts('buying'));
    await look();
    await shop.shop.walk();
    await shop.shop.enrol(event('cart.updated', { at: shop.shop.clock.now() }));
    expect(begun()).toEqual(['cart']);
    await look();
    expect(begun()).toEqual(['cart', 'won']);
  });
});

describe('a passage that is over and whose goal is watched', () => {
  it('is left as it is by what is not quite the goal, and counts what is', async () => {
    const goal = { if: { event: 'purchase', where: { data: 'total', gt: 5 } }, window: 'P30D' };
    await shop.put('journeys/cart.json', journey({ goal, steps: [tag('a')] }));
    await shop.shop.enrol(event('cart.updated', { at: shop.shop.clock.now() }));
    await shop.shop.leg().run();
    const before = await shop.shop.passage();
    expect(before.state).toBe('finished');
    const buys = (total: number) =>
      shop.shop.enrol(event('purchase', { at: shop.shop.clock.now(), data: { total, currency: 'EUR' } }));
    await buys(3);
    expect(await shop.shop.passage()).toEqual(before);
    await buys(7);
    expect((await shop.shop.passage()).state).toBe('converted');
  });
});
