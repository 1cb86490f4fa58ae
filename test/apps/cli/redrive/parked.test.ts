import { describe, expect, it } from 'vitest';
import { lyingParked, redriveParked } from '#apps/cli/redrive/parked.ts';
import type { RedriveRequest, Watch } from '#apps/cli/redrive/request.ts';
import { erase } from '#functions/privacy/erase.ts';
import { privacyRequested } from '#shared/event/privacy.ts';
import type { Put } from '#shared/event/put.ts';
import { loadParked, park } from '#shared/store/parked.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { FaultyTable } from '#test/faults/table.ts';

const DAY = 86_400_000;
const watch: Watch = { seen: () => {}, signal: new AbortController().signal };
const counting = settings({ traits: { looks: { event: 'product.viewed' }, events: { event: 'cart.updated' } } });

/** A shop that has stood for two months; what is put is recorded unless the test says otherwise. */
async function open() {
  const shop = await HandShop.open([journey({ steps: [tag('entered')] })], counting);
  const put: Put[] = [];
  let takes = true;
  const opened: Parameters<typeof redriveParked>[1] = {
    table: shop.table,
    clock: shop.clock,
    eventDays: 400,
    put: async (events: readonly Put[]) => {
      put.push(...events);
      for (const one of takes ? events : []) await shop.enrol(one);
    },
    pass: async () => {},
  };
  const redrive = (given: Partial<RedriveRequest> = {}, more: Partial<typeof opened> = {}) =>
    redriveParked({ what: 'parked', dryRun: false, discard: false, ...given }, { ...opened, ...more }, watch);
  const agoDays = (days: number) => plusMillis(shop.clock.now(), -days * DAY);
  const lying = async () => (await lyingParked(shop.table)).lies.map(({ reason, count }) => [reason, count]);
  const stall = (is: boolean) => {
    takes = !is;
  };
  const looks = async () => (await shop.contact()).traits['looks'];
  return { shop, put, redrive, agoDays, lying, stall, looks };
}

const PARKED = 'too-old: product.viewed';

describe('an event that was too old', () => {
  it('is recorded as history, starts nothing, and is put aside no more', async () => {
    const { shop, redrive, agoDays, lying, looks, put } = await open();
    await shop.enrol(event('product.viewed'));
    expect(await shop.enrol(event('product.viewed', { id: 'old', at: agoDays(40) }))).toBe('parked');
    expect(await shop.enrol(event('cart.updated', { id: 'cart', at: agoDays(40) }))).toBe('parked');
    expect(await lying()).toEqual([
      ['too-old: cart.updated', 1],
      [PARKED, 1],
    ]);
    const dry = await redrive({ dryRun: true });
    expect([dry.meant.length, dry.became, put, await looks()]).toEqual([2, {}, [], 1]);
    expect(await redrive({ reason: 'product.viewed' })).toMatchObject({ became: { recorded: 1 } });
    expect([await lying(), await looks()]).toEqual([[['too-old: cart.updated', 1]], 2]);
    expect(await redrive()).toMatchObject({ became: { recorded: 1 } });
    expect(await lying()).toEqual([]);
    expect(put).toMatchObject([
      { id: 'old', historic: true },
      { id: 'cart', historic: true },
    ]);
    expect(shop.executions.started).toEqual([]);
  });

  it('counts once, however often it is brought back, and wherever that is cut off', async () => {
    const { shop, redrive, agoDays, lying, looks } = await open();
    await shop.enrol(event('product.viewed'));
    const old = event('product.viewed', { id: 'old', at: agoDays(40) });
    await shop.enrol(old);
    const cut = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-before' : undefined));
    await expect(redrive({}, { table: cut })).rejects.toThrow();
    expect([await lying(), await looks()]).toEqual([[[PARKED, 1]], 2]);
    expect(await redrive()).toMatchObject({ became: { known: 1 } });
    expect([await lying(), await looks()]).toEqual([[], 2]);
    await shop.enrol(old);
    expect([await lying(), await looks()]).toEqual([[], 2]);
  });

  it('that was counted before its receipt expired is known by its row, and counts no second time', async () => {
    const { shop, redrive, lying, looks } = await open();
    const seen = event('product.viewed', { id: 'seen', at: shop.clock.now() });
    await shop.enrol(seen);
    shop.clock.pass(40 * DAY);
    expect(await shop.enrol(seen)).toBe('parked');
    expect(await redrive()).toMatchObject({ became: { known: 1 } });
    expect([await lying(), await looks()]).toEqual([[], 1]);
    // It is known also by whoever it belongs to now.
    const merged = event('product.viewed', { id: 'two', at: shop.clock.now(), identities: { externalId: '7' } });
    await shop.enrol(merged);
    await shop.enrol(
      event('registration', { identities: { externalId: '7', email: 'ann@shop.example' }, at: shop.clock.now() }),
    );
    shop.clock.pass(40 * DAY);
    expect(await shop.enrol(merged)).toBe('parked');
    expect(await redrive()).toMatchObject({ became: { known: 1 } });
    expect(await looks()).toBe(2);
  });

  it('is left where it is when events of its time are kept no more: nobody can tell whether it was counted', async () => {
    const { shop, redrive, agoDays, lying, put } = await open();
    await shop.enrol(event('product.viewed', { at: agoDays(401) }));
    // That a purchase was recorded is known for good.
    await shop.enrol(event('purchase', { id: 'bought', at: agoDays(401), data: { total: 5, currency: 'EUR' } }));
    expect(await redrive()).toMatchObject({ became: { recorded: 1, undecided: 1 } });
    expect([await lying(), put.map(({ id }) => id)]).toEqual([[[PARKED, 1]], ['bought']]);
    await expect(redrive({}, { eventDays: undefined })).rejects.toThrow(/Deploy it again/);
  });

  it('stays until it is recorded', async () => {
    const { shop, redrive, agoDays, lying, stall } = await open();
    await shop.enrol(event('product.viewed', { at: agoDays(40) }));
    stall(true);
    expect(await redrive()).toMatchObject({ became: { pending: 1 } });
    expect(await lying()).toEqual([[PARKED, 1]]);
    stall(false);
    expect(await redrive()).toMatchObject({ became: { recorded: 1 } });
    expect(await lying()).toEqual([]);
  });

  it('of somebody who was erased since makes nobody known, and goes', async () => {
    const { shop, redrive, agoDays, lying, put } = await open();
    await shop.enrol(event('registration', { at: shop.clock.now() }));
    const { contact } = await shop.contact();
    await erase(contact, { ...shop.deps, hint: async () => {} });
    await shop.enrol(event('product.viewed', { at: agoDays(40), consents: [consent('news', agoDays(40))] }));
    expect(await redrive()).toMatchObject({ became: { erased: 1 } });
    expect([await lying(), put]).toEqual([[], []]);
  });
});

describe('an event that came through too many journeys', () => {
  it('is recorded, and goes no further', async () => {
    const { shop, redrive, put, lying } = await open();
    expect(await shop.enrol(event('product.viewed', { hops: 6 }))).toBe('parked');
    expect(await redrive()).toMatchObject({ became: { recorded: 1 } });
    expect(put[0]).not.toHaveProperty('hops');
    expect(await lying()).toEqual([]);
  });
});

it('what only a person can decide stays, until they take it away', async () => {
  const { shop, redrive, lying, put } = await open();
  const at = shop.clock.now();
  const left = privacyRequested(
    { id: 'p1', kind: 'erase-shop', at, identities: {}, requestId: 'r', shop: 's' },
    'shopify',
  );
  await shop.table.write(park(left as never, 'privacy', at));
  const moved = event('segment.moved', { hops: 6, contact: 'c', identities: {}, source: 'tropa' });
  await shop.table.write(park(moved, 'too-many-hops', at));
  expect(await redrive()).toMatchObject({ became: { undecided: 2 } });
  expect(put).toEqual([]);
  expect(await redrive({ discard: true, reason: 'privacy' })).toMatchObject({ became: { discarded: 1 } });
  expect(await lying()).toEqual([['too-many-hops: segment.moved', 1]]);
});

it('no more are brought back than a limit allows, and none twice in one go', async () => {
  const { shop, redrive, agoDays, looks, put } = await open();
  for (let n = 0; n < 130; n += 1) await shop.enrol(event('product.viewed', { at: agoDays(40) }));
  expect(await redrive({ limit: 60 })).toMatchObject({ became: { recorded: 60 }, stopped: 'limit' });
  expect([await looks(), (await loadParked(shop.table, 'too-old')).length]).toEqual([60, 70]);
  expect(await redrive()).toMatchObject({ became: { recorded: 70 } });
  expect([await looks(), new Set(put.map(({ id }) => id)).size, put.length]).toEqual([130, 130, 130]);
});
