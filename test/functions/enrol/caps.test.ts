import { describe, expect, it } from 'vitest';
import { why } from '#shared/report/why.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { FaultyTable } from '#test/faults/table.ts';

const capped = (count: number, given = {}) => journey({ entry: { cap: [{ count }] }, steps: [wait('rest')], ...given });
const who = (i: number) => ({ identities: { email: `c${i}@shop.example` } });
const all = (n: number) => Array.from({ length: n }, (_, i) => i);
const refusals = (shop: HandShop) => shop.metrics.counts['EntryRefused'] ?? 0;

describe('a cap on entry', () => {
  it('lets exactly 500 of 2,000 in who come at once', async () => {
    const shop = await HandShop.open([capped(500)]);
    await Promise.all(all(2000).map((i) => shop.enrol(event('cart.updated', who(i)))));
    expect(new Set(shop.executions.started.map(({ name }) => name)).size).toBe(500);
    expect(refusals(shop)).toBe(1500);
  }, 60_000);

  it('is asked last: who is not wanted takes no place', async () => {
    const shop = await HandShop.open([capped(1, { entry: { if: { tag: 'vip' }, cap: [{ count: 1 }] } })]);
    await shop.enrol(event('cart.updated', who(1)));
    expect(shop.executions.started).toHaveLength(0);
    const shards = await Promise.all(all(16).map((shard) => shop.table.query({ pk: `N#cart#${shard}` })));
    expect(shards.flat()).toEqual([]);
  });

  it('counts an event once that comes twice, and once that was cut off after it was written', async () => {
    const shop = await HandShop.open([capped(2)]);
    const cart = event('cart.updated', who(1));
    const dying = new FaultyTable(shop.table, ({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(shop.enrol(cart, { table: dying })).rejects.toThrow();
    await shop.enrol(cart);
    await shop.enrol(cart);
    await shop.enrol(event('cart.updated', who(2)));
    await shop.enrol(event('cart.updated', who(3)));
    expect(new Set(shop.executions.started.map(({ name }) => name)).size).toBe(2);
  });

  it('is judged when a quiet time ends, not when it begins', async () => {
    const trigger = { type: 'event', event: 'cart.updated', quietFor: 'PT1H' } as const;
    const shop = await HandShop.open([capped(3, { trigger })]);
    for (const i of all(5)) await shop.enrol(event('cart.updated', who(i)));
    shop.clock.pass(61 * 60_000);
    await shop.review();
    expect(shop.executions.started).toHaveLength(3);
    expect(refusals(shop)).toBe(2);
  });

  it('holds for a day of the calendar', async () => {
    const trigger = { type: 'date', trait: 'birthday', every: 'P1Y', at: '10:00' } as const;
    const shop = await HandShop.open([capped(3, { trigger })]);
    for (const i of all(5)) await shop.enrol(event('page.viewed', { ...who(i), traits: { birthday: '1990-03-03' } }));
    shop.clock.pass(2 * 86_400_000);
    await shop.review();
    expect(shop.executions.started).toHaveLength(3);
    expect(refusals(shop)).toBe(2);
  });

  it('leaves the place of who begins anew', async () => {
    const entry = { again: { whileInside: 'restart' }, cap: [{ count: 1 }] } as const;
    const shop = await HandShop.open([capped(1, { entry })]);
    await shop.enrol(event('cart.updated', who(1)));
    shop.clock.pass(2 * 3_600_000);
    await shop.enrol(event('cart.updated', { ...who(1), at: shop.clock.now() }));
    expect((await shop.passages('c1@shop.example')).map(({ n, state }) => [n, state])).toEqual([
      [1, 'exited'],
      [2, 'inside'],
    ]);
  });

  it('is what `why` says of who came too late', async () => {
    const shop = await HandShop.open([capped(1)]);
    await shop.enrol(event('cart.updated', who(1)));
    await shop.enrol(event('cart.updated', who(2)));
    const { contact } = await shop.contact('c2@shop.example');
    const { table, published } = shop.deps;
    const said = await why(contact, 'cart', { table, published, now: plusMillis(shop.clock.now(), 1) });
    expect(said?.journeys[0]?.outside).toEqual({ reason: 'cap', because: [] });
  });
});
