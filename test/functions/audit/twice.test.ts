import { expect, it } from 'vitest';
import { Placeholders, updateExpression } from '#shared/adapters/aws/expressions.ts';
import { loadCounts } from '#shared/store/counters.ts';
import { auditKey, counterKey } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, wait } from '#test/build/journey.ts';
import { auditOnce, DAY, HOUR } from './story.ts';

/** Three wait, of whom `entries` has lost one. */
async function miscounted(): Promise<HandShop> {
  const shop = await HandShop.open([journey({ steps: [wait('long', 'P90D')] })]);
  for (const name of ['ann', 'ben', 'cid']) await come(shop, name);
  await count(shop, 'shard-1', { entries: 2, inside: 3, 'at/long': 3 });
  shop.clock.pass(HOUR);
  return shop;
}

async function come(shop: HandShop, name: string): Promise<void> {
  await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: { email: `${name}@shop.example` } }));
  await shop.leg().run();
}

const count = (shop: HandShop, shard: string, counts: Readonly<Record<string, number>>) => {
  const named = Object.fromEntries(Object.entries(counts).map(([name, n]) => [`c:${name}`, n]));
  return shop.table.write({ kind: 'put', row: { ...counterKey('cart', 1, shard), ...named } });
};

/** A round, from its beginning to its end. `before`: what comes to pass an hour before it begins. */
async function round(shop: HandShop, before: () => Promise<void> = async () => {}): Promise<void> {
  await before();
  shop.clock.pass(HOUR);
  await auditOnce(shop);
  shop.clock.pass(DAY);
  await auditOnce(shop);
}

it('adds to a counter only as much as two rounds miss: what the stream brings late is not lost', async () => {
  const shop = await miscounted();
  await round(shop);
  await round(shop, async () => {
    for (const name of ['dee', 'eve', 'fay']) await come(shop, name);
  });
  await count(shop, 'shard-2', { entries: 3, inside: 3, 'at/long': 3 });
  expect(await loadCounts(shop.table, 'cart', 1)).toEqual({ entries: 6, inside: 6, 'at/long': 6 });
  await round(shop);
  expect(await loadCounts(shop.table, 'cart', 1)).toEqual({ entries: 6, inside: 6, 'at/long': 6 });
});

it('believes no single round after it has mended a counter', async () => {
  const shop = await miscounted();
  await round(shop);
  await round(shop);
  await round(shop, () => come(shop, 'dee'));
  await count(shop, 'shard-2', { entries: 1, inside: 1, 'at/long': 1 });
  expect(await loadCounts(shop.table, 'cart', 1)).toEqual({ entries: 4, inside: 4, 'at/long': 4 });
});

it('goes on from what a later version has noted, of whose kinds it knows nothing', async () => {
  const shop = await miscounted();
  await auditOnce(shop);
  await shop.table.write({ kind: 'update', key: auditKey, change: { set: [[['found', 'unknown'], 4]] } });
  expect((await auditOnce(shop)).found).toEqual({});
});

it('ends a round in which more counters are wrong than a row can name', async () => {
  const journeys = Array.from({ length: 5 }, (_, n) => `j${n}`);
  const shop = await HandShop.open(journeys.map((id) => journey({ id, steps: [wait('long', 'P90D')] })));
  const steps = Array.from({ length: 900 }, (_, n) => [`c:at/${String(n).padStart(100, 's')}`, 1]);
  for (const id of journeys)
    await shop.table.write({ kind: 'put', row: { ...counterKey(id, 1, 'shard-1'), ...Object.fromEntries(steps) } });
  await round(shop);
  expect((await shop.table.get(auditKey))?.['round']).toMatchObject({ shard: 256 });
});

it('mends no more counters of a version at once than an expression of DynamoDB holds', async () => {
  const shop = await HandShop.open([journey({ steps: [wait('long', 'P90D')] })]);
  await count(shop, 'shard-1', Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`at/s${n}`, 1])));
  const lengths: number[] = [];
  const transact: Table['transact'] = async (writes) => {
    for (const write of writes)
      if (write.kind === 'update') lengths.push(updateExpression(write.change, new Placeholders()).length);
    return shop.table.transact(writes);
  };
  const table = new Proxy(shop.table, {
    get: (target, name) => {
      const member: unknown = name === 'transact' ? transact : Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  for (let n = 0; n < 3; n += 1) {
    await auditOnce(shop, { table });
    shop.clock.pass(DAY);
    await auditOnce(shop, { table });
  }
  expect(Math.max(...lengths)).toBeLessThanOrEqual(4096);
  expect(new Set(Object.values(await loadCounts(shop.table, 'cart', 1)))).toEqual(new Set([0]));
});
