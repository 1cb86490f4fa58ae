import { beforeEach, describe, expect, it } from 'vitest';
import { tally } from '#functions/tally/tally.ts';
import { enrolmentRow } from '#shared/store/enrolments.ts';
import { event } from '#test/build/event.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';

const DAY = 86_400_000;
const cart = (steps: readonly object[], more: object = {}) => journey({ steps, ...more });
const MOVE = { publish: { inside: 'move' } };

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  await shop.put('templates/hello/email.mjml', templateFile());
  await shop.put('journeys/cart.json', cart([wait('offer', 'P2D'), tag('a')]));
});

/** Ann stands on the wait, and the counters know it. */
async function inside() {
  await shop.shop.enrol(event('cart.updated'));
  const leg = shop.shop.leg();
  await leg.run();
  await counted();
  return leg;
}

async function counted() {
  const after = enrolmentRow(await shop.shop.passage(), shop.shop.clock.now());
  await tally('shard', [{ sequence: '1', before: undefined, after }], { table: shop.shop.table });
}

const errors = async (content: object) =>
  ((await shop.put('journeys/cart.json', content))?.remarks ?? [])
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);

describe('an edit that moves those inside', () => {
  it('is refused when it forgets somebody, with their number', async () => {
    await inside();
    expect(await errors(cart([tag('a')], MOVE))).toEqual([
      'E45 1 contact is in "offer", which is gone. Say in "moved" where they go on, or use "inside": "finish".',
    ]);
    expect(await errors(cart([tag('a')]))).toEqual([]);
  });

  it('may be the first of its journey, which moves nobody', async () => {
    await shop.put('journeys/new.json', { ...cart([tag('a')], MOVE), id: 'new' });
    expect((await shop.live('new'))?.version).toBe(1);
  });

  it('goes live when it says where they go on', async () => {
    await inside();
    const said = await errors(
      cart([wait('pause', 'P1D'), tag('a')], { publish: { inside: 'move', moved: { offer: 'pause' } } }),
    );
    expect(said).toEqual([]);
    shop.shop.clock.pass(60_000);
    await shop.shop.review();
    await shop.shop.walk();
    await shop.shop.leg().run();
    expect(await shop.shop.passage()).toMatchObject({ version: 2, cursor: { step: 'pause' } });
  });

  it.each([
    [{ gone: 'a' }, 'E49 No version of this journey had a step "gone".'],
    [{ ofer: 'a' }, 'E49 No version of this journey had a step "ofer". Did you mean "offer"?'],
    [{ a: 'end' }, 'E49 "a" is still there, and who stands there goes on there. Remove it from "moved".'],
    [{ offer: 'b' }, 'E15 There is no step "b". Did you mean "a"?'],
  ])('is refused when "moved" is %j', async (moved, said) => {
    await shop.put('journeys/cart.json', cart([wait('offer', 'P3D'), tag('a')]));
    expect(await errors(cart([tag('a')], { publish: { inside: 'move', moved } }))).toEqual([said]);
  });

  it('stands in no way of a pause later on, whomever it has left behind', async () => {
    await shop.shop.enrol(event('cart.updated'));
    await shop.shop.leg().run();
    await shop.put('journeys/cart.json', cart([tag('a')], MOVE));
    // Who had not been counted by then.
    await counted();
    expect(await errors(cart([tag('a')], { ...MOVE, status: 'paused' }))).toEqual([]);
    expect((await shop.live())?.status).toBe('paused');
  });

  it('may name steps of versions that nobody can be inside any more', async () => {
    const moving = cart([wait('pause', 'P1D'), tag('a')], { publish: { inside: 'move', moved: { offer: 'pause' } } });
    await shop.put('journeys/cart.json', moving);
    await shop.put('journeys/cart.json', cart([wait('pause', 'P2D'), tag('a')]));
    shop.shop.clock.pass(100 * DAY);
    // Back to the version before.
    expect(await errors(moving)).toEqual([]);
    expect((await shop.live())?.version).toBe(4);
  });

  it('may come afterwards, by that word alone', async () => {
    await inside();
    await shop.put('journeys/cart.json', cart([wait('offer', 'P5D'), tag('b')]));
    await shop.put('journeys/cart.json', cart([wait('offer', 'P5D'), tag('b')], MOVE));
    shop.shop.clock.pass(60_000);
    await shop.shop.review();
    await shop.shop.walk();
    expect(await shop.shop.passage()).toMatchObject({ version: 3, first: 1 });
  });
});

describe('"moved" without "move"', () => {
  it('is refused', async () => {
    expect(await errors(cart([tag('a')], { publish: { inside: 'leave', moved: { offer: 'a' } } }))).toEqual([
      'E49 "moved" says where people go on, which is asked only with "inside": "move"; here it is "leave".',
    ]);
  });
});

describe('a journey that is paused', () => {
  it('says so, and keeps its earlier versions for as long as it was', async () => {
    await inside();
    await shop.put('journeys/cart.json', cart([send('hello')]));
    await shop.put('journeys/cart.json', cart([send('hello')], { status: 'paused' }));
    expect(await shop.report('journeys/cart.json')).toContain('PAUSED');
    const before = (await shop.live())?.older;
    shop.shop.clock.pass(100 * DAY);
    await shop.put('journeys/cart.json', cart([send('hello')], { status: 'live' }));
    const [older] = (await shop.live())?.older ?? [];
    expect(older?.version).toBe(1);
    expect(Date.parse(older?.until ?? '') - Date.parse(before?.[0]?.until ?? '')).toBe(100 * DAY);
  });
});
