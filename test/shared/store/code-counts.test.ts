import { describe, expect, it } from 'vitest';
import { type Change, tally } from '#functions/tally/tally.ts';
import { STREAM } from '#functions/wiring.ts';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { poolCounts, populationOf } from '#shared/store/code-counts.ts';
import { addCodes, giveCode, useCodes } from '#shared/store/codes.ts';
import { loadCounts, SHOP } from '#shared/store/counters.ts';

const NOW = '2026-03-02T09:00:00.000Z';

describe('counts of codes', () => {
  it('say how many are left, given and used, and what a journey has used in a month', async () => {
    const db = openDatabase(':memory:');
    const feed = new SqliteFeed(db, STREAM.keys);
    const table = new SqliteTable(db, { now: () => NOW, feed });
    const named = ['A', 'B', 'C', 'D', 'E'].map((code) => ({ code }));
    await addCodes(table, 'cart-10', named, 'u1');
    const give = (i: number, at: string, journey = 'cart') =>
      table.transact(
        giveCode(
          { pool: 'cart-10', free: named[i] ?? { code: '' }, before: undefined },
          { contact: `c${i}`, journey, at },
        ),
      );
    await give(0, '2026-02-27T09:00:00.000Z');
    await give(1, '2026-02-28T09:00:00.000Z');
    await give(2, NOW);
    await table.transact(await useCodes(table, ['cart-10'], ['a', 'e'], { event: 'e', at: NOW }));
    const changes = feed
      .read(0, 1000)
      .map(({ sequence, before, after }): Change => ({ sequence: String(sequence).padStart(20, '0'), before, after }));
    await tally('s', changes, { table });
    const counts = await loadCounts(table, SHOP.journey, SHOP.version);
    expect(poolCounts(counts)).toEqual({ 'cart-10': { left: 1, given: 3, used: 2 } });
    expect(populationOf(counts, NOW)).toEqual({ codes: { 'cart-10': 1 }, used: { 'cart/cart-10': 2 } });
    expect(populationOf(counts, '2026-04-30T09:00:00.000Z').used).toEqual({ 'cart/cart-10': 1 });
    expect(populationOf(counts, '2026-05-01T09:00:00.000Z').used).toEqual({});
  });
});
