import { beforeEach, expect, it } from 'vitest';
import { event } from '#test/build/event.ts';
import { journey, tag, wait, waitFor } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const vip = (condition: object = { tag: 'vip' }) => ({ id: 'vip', name: 'Very important', if: condition });
const starts = (more: object = {}, status = 'live') => ({
  ...journey({
    id: 'won',
    trigger: { type: 'segment', segment: 'vip', when: 'enters', ...more },
    goal: { if: { event: 'subscription.started' } },
    steps: [wait('w', 'P30D')],
  }),
  status,
});

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ traits: { points: 'number' } }));
  await shop.put('segments/vip.json', vip({ trait: 'points', gte: 5 }));
});

const told = (email: string, points: number) =>
  shop.shop.enrol(event('registration', { at: shop.shop.clock.now(), identities: { email }, traits: { points } }));
/** Everybody has noticed the upload, and the walks that it began are over. */
async function settled(): Promise<void> {
  shop.shop.clock.pass(11_000);
  await shop.shop.review();
  await shop.shop.walk();
}
const won = async (name: string) => (await shop.shop.passages(name)).filter((p) => p.journey === 'won').length;
const [ann, bob] = ['ann@shop.example', 'bob@shop.example'];

it('those who were in the segment enter where the journey says so, once, and come again in by nothing', async () => {
  await told(ann, 9);
  await told(bob, 1);
  await shop.put('journeys/won.json', starts({ existing: true }));
  await settled();
  expect([await won(ann), await won(bob)]).toEqual([1, 0]);
  await shop.shop.walk();
  await told(bob, 7);
  await told(ann, 8);
  expect([await won(ann), await won(bob)]).toEqual([1, 1]);
});

it('they do also where something happens to them before the walk has come', async () => {
  await told(ann, 9);
  await shop.put('journeys/won.json', starts({ existing: true }));
  await told(ann, 9);
  expect(await won(ann)).toBe(1);
  await settled();
  expect(await won(ann)).toBe(1);
});

it('else only who comes into it from then on enters, before the walk as well as after it', async () => {
  await told(ann, 9);
  await told(bob, 1);
  await shop.put('journeys/won.json', starts());
  await told(bob, 9);
  await told(ann, 8);
  expect([await won(ann), await won(bob)]).toEqual([0, 1]);
  await settled();
  expect([await won(ann), await won(bob)]).toEqual([0, 1]);
});

it('an edit of the segment moves people and starts nothing; what they do afterwards does', async () => {
  await told(ann, 3);
  await told(bob, 1);
  await shop.put('journeys/won.json', starts());
  await settled();
  await shop.put('segments/vip.json', vip({ trait: 'points', gte: 2 }));
  await told(ann, 3);
  await settled();
  expect([await won(ann), await won(bob)]).toEqual([0, 0]);
  await told(bob, 2);
  await told(ann, 4);
  expect([await won(ann), await won(bob)]).toEqual([0, 1]);
});

it('who came into it while the journey was closed does not enter when it opens again', async () => {
  await told(ann, 1);
  await shop.put('journeys/won.json', starts({ existing: true }));
  await settled();
  await shop.put('journeys/won.json', starts({ existing: true }, 'closing'));
  shop.shop.clock.pass(11_000);
  await told(ann, 9);
  await shop.put('journeys/won.json', starts({ existing: true }));
  await settled();
  expect(await won(ann)).toBe(0);
});

it('an edit reaches those who are inside and wait for the segment', async () => {
  await shop.put(
    'journeys/cart.json',
    journey({
      trigger: { type: 'event', event: 'registration' },
      goal: { if: { event: 'purchase' } },
      steps: [waitFor('w', { segment: 'vip' }, { then: [tag('met')] })],
    }),
  );
  await told(ann, 3);
  const leg = shop.shop.leg();
  await leg.run();
  await shop.put('segments/vip.json', vip({ trait: 'points', gte: 2 }));
  await settled();
  expect(leg.isPaused).toBe(false);
});
