import { describe, expect, it } from 'vitest';
import { advance } from '#functions/advance/advance.ts';
import { addCodes } from '#shared/store/codes.ts';
import { putPools } from '#shared/store/pools.ts';
import type { Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { Crash, FaultyTable } from '#test/faults/table.ts';

const coupon = (more = {}) => ({ type: 'coupon', id: 'code', pool: 'cart-10', otherwise: [tag('none')], ...more });
const cart = journey({ steps: [coupon(), wait('rest')] });
const order = journey({
  id: 'order',
  trigger: { type: 'event', event: 'page.viewed' },
  steps: [coupon(), wait('rest')],
});

async function shopWith(codes: number, given = {}, journeys = [cart, order]): Promise<HandShop> {
  const shop = await HandShop.open(journeys, settings(given));
  await shop.table.write(putPools({ rev: 0, pools: ['cart-10'] }));
  const named = Array.from({ length: codes }, (_, i) => ({ code: `C${i}` }));
  await addCodes(shop.table, 'cart-10', named, 'u1');
  return shop;
}

const who = (i: number) => ({ identities: { email: `c${i}@shop.example` } });
const codeOf = (passage: { left: Record<string, Record<string, unknown>> }) => passage.left['code']?.['code'];
const left = async (shop: HandShop): Promise<number> => {
  const shards = await Promise.all(
    Array.from({ length: 16 }, (_, i) => shop.table.query({ pk: `U#cart-10#${i}`, prefix: 'CF#' })),
  );
  return shards.flat().length;
};

describe('a coupon step', () => {
  it('gives 900 codes to 1,000 who come at once, each to one, and the other way to the rest', async () => {
    const shop = await shopWith(900);
    for (let i = 0; i < 1000; i += 1) await shop.enrol(event('cart.updated', who(i)));
    await Promise.all(shop.legs().map((leg) => leg.advance()));
    const passages = (
      await Promise.all(Array.from({ length: 1000 }, (_, i) => shop.passages(`c${i}@shop.example`)))
    ).flat();
    const codes = passages.flatMap((passage) => codeOf(passage) ?? []);
    expect(new Set(codes).size).toBe(900);
    expect(codes).toHaveLength(900);
    expect(shop.metrics.counts['PoolEmpty']).toBe(100);
    expect((await shop.contact(`c${passages.findIndex((p) => !codeOf(p))}@shop.example`)).tags).toEqual(['none']);
  }, 120_000);

  it('takes no second code when its turn is repeated, or was cut off after it was written', async () => {
    const shop = await shopWith(5);
    await shop.enrol(event('cart.updated'));
    const input = shop.executions.started[0]?.input;
    const dying = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(advance(input, { ...shop.deps, table: dying })).rejects.toThrow(Crash);
    const code = codeOf(await shop.passage());
    await advance(input, shop.deps);
    await advance(input, shop.deps);
    expect(codeOf(await shop.passage())).toBe(code);
    expect(await left(shop)).toBe(4);
  });

  it('takes none when it was cut off before, and one when it is tried again', async () => {
    const shop = await shopWith(5);
    await shop.enrol(event('cart.updated'));
    const dying = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-before' : undefined));
    await expect(advance(shop.executions.started[0]?.input, { ...shop.deps, table: dying })).rejects.toThrow(Crash);
    expect(await left(shop)).toBe(5);
    await shop.leg().run();
    expect(await left(shop)).toBe(4);
  });

  it('gives one code to two passages of a contact that ask at once', async () => {
    const shop = await shopWith(5);
    await shop.enrol(event('cart.updated'));
    await shop.enrol(event('page.viewed'));
    const [first, second] = shop.legs();
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => second?.advance());
    await first?.advance({ table });
    const codes = (await shop.passages()).map(codeOf);
    expect(codes[0]).toBeDefined();
    expect(codes[0]).toBe(codes[1]);
    expect(await left(shop)).toBe(4);
  });

  it('gives another code when somebody was faster with the first', async () => {
    const shop = await shopWith(2);
    await shop.enrol(event('cart.updated', who(1)));
    await shop.enrol(event('cart.updated', who(2)));
    const [first, second] = shop.legs();
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => second?.advance());
    await first?.advance({ table });
    const codes = [codeOf(await shop.passage('c1@shop.example')), codeOf(await shop.passage('c2@shop.example'))];
    expect(codes.sort()).toEqual(['C0', 'C1']);
  });

  it('gives a new code once a purchase has named the old one, and not before', async () => {
    const shop = await shopWith(3);
    await shop.enrol(event('cart.updated'));
    await shop.leg().advance();
    const code = String(codeOf(await shop.passage()));
    await shop.enrol(event('purchase', { data: { coupon: code.toLowerCase() } }));
    await shop.enrol(event('page.viewed'));
    await shop.leg().advance();
    const codes = (await shop.passages()).map(codeOf);
    expect(codes).toContain(code);
    expect(new Set(codes).size).toBe(2);
  });

  it('gives no code that somebody has bought with, though nobody had given it', async () => {
    const shop = await shopWith(1);
    const buy = event('purchase', { data: { coupons: ['C0', 'unknown'] } });
    await shop.enrol(buy);
    await shop.enrol(buy);
    await shop.enrol(event('cart.updated'));
    await shop.leg().advance();
    expect(codeOf(await shop.passage())).toBeUndefined();
    expect(shop.metrics.counts['PoolEmpty']).toBe(1);
  });

  it('gives a code each time where the settings let them overlap', async () => {
    const shop = await shopWith(3, { pools: { 'cart-10': { overlap: true } } });
    await shop.enrol(event('cart.updated'));
    await shop.leg().advance();
    await shop.enrol(event('page.viewed'));
    await shop.leg().advance();
    expect(new Set((await shop.passages()).map(codeOf)).size).toBe(2);
    expect(await left(shop)).toBe(1);
  });
});
