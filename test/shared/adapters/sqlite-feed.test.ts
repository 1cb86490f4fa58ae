import { describe, expect, it } from 'vitest';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { ConditionFailed } from '#shared/errors.ts';
import { toEpochSeconds } from '#shared/time/instant.ts';
import { StillClock } from '#test/build/table.ts';

const PREFIXES = [
  { pk: 'C#', sk: 'PROFILE' },
  { pk: 'C#', sk: 'J#' },
];

function told() {
  const [db, clock] = [openDatabase(':memory:'), new StillClock()];
  const feed = new SqliteFeed(db, PREFIXES);
  return { db, clock, feed, table: new SqliteTable(db, { now: clock.now, feed }) };
}
const key = { pk: 'C#1', sk: 'J#welcome' };

describe('the change feed', () => {
  it('tells of inserts, changes and deletes with both images, in order', async () => {
    const { feed, table, clock } = told();
    await table.write({ kind: 'put', row: { ...key, n: 1 } });
    clock.pass(1000);
    await table.write({ kind: 'update', key, change: { add: [[['n'], 1]] } });
    await table.write({ kind: 'delete', key });
    const at = '2026-03-02T09:00:01.000Z';
    expect(feed.read(0, 10)).toEqual([
      { sequence: 1, at: '2026-03-02T09:00:00.000Z', key, before: undefined, after: { ...key, n: 1 }, expired: false },
      { sequence: 2, at, key, before: { ...key, n: 1 }, after: { ...key, n: 2 }, expired: false },
      { sequence: 3, at, key, before: { ...key, n: 2 }, after: undefined, expired: false },
    ]);
  });

  it('tells of rows by the first letters of both keys, and of no others', async () => {
    const { feed, table } = told();
    const keys = [
      { pk: 'C#1', sk: 'PROFILE' },
      { pk: 'C#1', sk: 'M#1' },
      { pk: 'R#1', sk: 'J#1' },
      { pk: 'C#2', sk: 'J#1' },
    ];
    await table.transact(keys.map((row) => ({ kind: 'put', row })));
    expect(feed.read(0, 10).map((entry) => entry.key)).toEqual([keys[0], keys[3]]);
  });

  it('says nothing of a write that changes nothing, of a check, or of one that was refused', async () => {
    const { feed, table } = told();
    await table.write({ kind: 'put', row: { ...key, n: 1 } });
    await table.write({ kind: 'put', row: { ...key, n: 1 } });
    await table.write({ kind: 'check', key, if: { exists: true } });
    await table.write({ kind: 'delete', key: { ...key, sk: 'J#other' } });
    const refused = table.transact([
      { kind: 'put', row: { ...key, n: 2 } },
      { kind: 'check', key: { pk: 'C#1', sk: 'PROFILE' }, if: { exists: true } },
    ]);
    await expect(refused).rejects.toThrow(ConditionFailed);
    expect(feed.read(0, 10)).toHaveLength(1);
  });

  it('shows only what its reader looks at, and leaves out what it would see no change in', async () => {
    const [db, clock] = [openDatabase(':memory:'), new StillClock()];
    const feed = new SqliteFeed(db, [{ pk: 'C#', sk: 'J#', sees: ['state', 'outcome'] }]);
    const table = new SqliteTable(db, { now: clock.now, feed });
    const put = (state: string, n: number) => table.write({ kind: 'put', row: { ...key, state, n } });
    await put('inside', 1);
    await put('inside', 2);
    await put('finished', 2);
    const images = feed.read(0, 10).map(({ before, after }) => ({ before, after }));
    expect(images).toEqual([
      { before: undefined, after: { ...key, state: 'inside' } },
      { before: { ...key, state: 'inside' }, after: { ...key, state: 'finished' } },
    ]);
    expect([feed.takeTold(), feed.takeTold()]).toEqual([3, 0]);
  });

  it('is in the transaction of the change', async () => {
    const { db, feed, table } = told();
    db.exec('BEGIN');
    await table.write({ kind: 'put', row: key });
    db.exec('ROLLBACK');
    expect(feed.read(0, 10)).toEqual([]);
  });

  it('marks rows that left because they had expired', async () => {
    const { feed, table, clock } = told();
    await table.write({ kind: 'put', row: { ...key, expires: toEpochSeconds(clock.time) } });
    table.deleteExpired(clock.now(), 10);
    expect(feed.read(1, 10)).toMatchObject([{ key, after: undefined, expired: true }]);
  });

  it('is read piece by piece, and never gives a number twice after a trim', async () => {
    const { feed, table } = told();
    const write = (n: number) => table.write({ kind: 'put', row: { ...key, n } });
    for (const n of [1, 2, 3]) await write(n);
    expect(feed.read(0, 2).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(feed.read(2, 2).map(({ sequence }) => sequence)).toEqual([3]);
    feed.trim(2);
    expect(feed.read(0, 9).map(({ sequence }) => sequence)).toEqual([3]);
    feed.trim(3);
    await write(4);
    expect(feed.read(0, 9).map(({ sequence }) => sequence)).toEqual([4]);
  });
});
