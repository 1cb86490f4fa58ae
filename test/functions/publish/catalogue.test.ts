import { beforeEach, describe, expect, it } from 'vitest';
import { tally } from '#functions/tally/tally.ts';
import { enrolmentRow } from '#shared/store/enrolments.ts';
import { event } from '#test/build/event.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const DAY = 86_400_000;
const vip = (condition: object = { tag: 'vip' }) => ({ id: 'vip', name: 'Very important', if: condition });

/** What is kept of a journey's earlier versions, for as long as somebody may be inside one. */
let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  await shop.put('segments/vip.json', vip());
});
const put = (definition: object) => shop.put('journeys/cart.json', definition);
const pass = (days: number) => shop.shop.clock.pass(days * DAY);
const looks = () => shop.shop.scan().filter(({ task }) => task === 'segments').length;
const asking = journey({ exits: [{ if: { segment: 'vip' } }], steps: [wait('w', 'P5D'), tag('a')] });
const indifferent = journey({ steps: [wait('w', 'P5D'), tag('b')] });

describe('an edited segment', () => {
  it('is looked up for those inside an earlier version that asks about it, until nobody can be inside', async () => {
    await put(asking);
    await put(indifferent);
    await shop.put('segments/vip.json', vip({ tag: 'other' }));
    expect(looks()).toBe(1);
    // What the version of before has asked is forgotten with the next upload of the journey.
    pass(30);
    await put(indifferent);
    await shop.put('segments/vip.json', vip());
    expect(looks()).toBe(1);
  });

  it('is of no interest to a journey that never asked about one', async () => {
    await put(indifferent);
    await put({ ...indifferent, name: 'Later' });
    await shop.put('segments/vip.json', vip({ tag: 'other' }));
    expect(looks()).toBe(0);
    expect(await shop.live()).not.toHaveProperty('asks');
  });
});

describe('goals of versions that nobody enters any more', () => {
  const aims = (type: string, days: number) =>
    journey({
      goal: { if: { event: 'tag.added', where: { data: 'tag', is: type } }, window: `P${days}D` },
      steps: [tag('a')],
    });
  const asksForMail = journey({
    goal: { if: { message: 'any', is: 'clicked', gte: 1 }, window: 'P30D' },
    steps: [tag('a')],
  });
  const bought = journey({ goal: { if: { event: 'purchase' } }, steps: [tag('a')] });
  const watched = async () => (await shop.live())?.watching ?? [];

  it('are each watched to their own end', async () => {
    await put(aims('fan', 60));
    await put(asksForMail);
    await put(bought);
    expect(await watched()).toHaveLength(2);
    pass(40);
    await put({ ...bought, name: 'Later' });
    const left = (await watched()).filter(({ happenings }) => happenings.includes('tag.added'));
    expect(left).toHaveLength(1);
    expect((await shop.deps.published.wanted()).has('tag.added')).toBe(true);
    pass(40);
    shop.deps.published.refresh();
    expect((await shop.deps.published.wanted()).has('tag.added')).toBe(false);
  });

  it('that name the same are watched once, to the later end of the two', async () => {
    await put(aims('fan', 60));
    await put(aims('friend', 10));
    await put(bought);
    const [only, ...more] = await watched();
    expect(more).toEqual([]);
    pass(61);
    expect((only?.until ?? '') > shop.shop.clock.now()).toBe(true);
    expect((await shop.deps.published.wanted()).has('tag.added')).toBe(true);
    pass(5);
    expect((only?.until ?? '') > shop.shop.clock.now()).toBe(false);
  });
});

describe('who stands in an earlier version than the one before', () => {
  it('is counted, too, when an edit is to move everybody', async () => {
    await put(journey({ steps: [wait('old', 'P5D'), tag('a')] }));
    await shop.shop.enrol(event('cart.updated'));
    await shop.shop.leg().run();
    const after = enrolmentRow(await shop.shop.passage(), shop.shop.clock.now());
    await tally('shard', [{ sequence: '1', before: undefined, after }], { table: shop.shop.table });
    await put(indifferent);
    const said = await put({ ...indifferent, name: 'Later', publish: { inside: 'move' } });
    expect(said?.remarks.map(({ code, message }) => `${code} ${message}`)).toContain(
      'E45 1 contact is in "old", which is gone. Say in "moved" where they go on, or use "inside": "finish".',
    );
  });
});
