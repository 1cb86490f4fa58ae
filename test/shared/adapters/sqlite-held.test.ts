import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import type { Row } from '#shared/store/table.ts';
import { StillClock } from '#test/build/table.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened() {
  const db = openDatabase(join(folder, 'tropa.db'));
  const feed = new SqliteFeed(db, [{ pk: 'C#', sk: '' }]);
  const table = new SqliteTable(db, { now: new StillClock().now, feed });
  const put = (sk: string, more: Omit<Row, 'pk' | 'sk'>) =>
    table.write({ kind: 'put', row: { pk: 'C#1', sk, ...more } });
  return { db, feed, table, transactions: new Transactions(db), put };
}
/** Bodies of rows as whoever starts after a kill would find them. */
const inFile = (): unknown[] => {
  const other = openDatabase(join(folder, 'tropa.db'));
  const bodies = other.prepare('SELECT body FROM rows ORDER BY sk').all();
  other.close();
  return bodies.map(({ body }) => JSON.parse(String(body)));
};

describe('what is written in a transaction that stays open', () => {
  it('reaches the file when it is committed, in its last state', async () => {
    const { db, table, transactions, put } = opened();
    transactions.begin();
    await put('A', { n: 1 });
    await put('A', { n: 2 });
    await put('B', { n: 1 });
    await table.write({ kind: 'delete', key: { pk: 'C#1', sk: 'B' } });
    expect(inFile()).toEqual([]);
    transactions.commit();
    expect(inFile()).toEqual([{ n: 2 }]);
    db.close();
  });

  it('is seen by every read before that', async () => {
    const { db, table, transactions, put } = opened();
    await put('A', { n: 1, duePk: 'due#1', due: '10:00' });
    await put('B', { n: 1 });
    transactions.begin();
    await put('A', { n: 2, duePk: 'due#1', due: '09:00' });
    await table.write({ kind: 'delete', key: { pk: 'C#1', sk: 'B' } });
    await put('C', { n: 3, dirPk: 'dir#1' });
    expect(await table.get({ pk: 'C#1', sk: 'B' })).toBeUndefined();
    expect(table.nextDue()).toBe('09:00');
    expect(await table.queryIndex({ index: 'due', pk: 'due#1', to: '09:30', limit: 9 })).toHaveLength(1);
    expect(await table.queryIndex({ index: 'directory', pk: 'dir#1', limit: 9 })).toHaveLength(1);
    expect((await table.query({ pk: 'C#1' })).map(({ sk, n }) => [sk, n])).toEqual([
      ['A', 2],
      ['C', 3],
    ]);
    await put('B', { n: 4 });
    transactions.commit();
    expect(inFile().map((row) => (row as Row)['n'])).toEqual([2, 4, 3]);
    db.close();
  });

  it('is kept up to where a part of it failed', async () => {
    const { db, transactions, put } = opened();
    transactions.begin();
    await put('A', { n: 1 });
    expect(() =>
      transactions.run(() => {
        void put('A', { n: 2 });
        throw new Error('undone');
      }),
    ).toThrow('undone');
    transactions.commit();
    expect(inFile()).toEqual([{ n: 1 }]);
    db.close();
  });
});

describe('a row from the file', () => {
  it('is what stood there, also to who replaces it', async () => {
    const first = opened();
    await first.put('A', { n: 1, old: true });
    first.db.close();
    const second = opened();
    await second.table.write({ kind: 'put', row: { pk: 'C#1', sk: 'A', n: 2 }, if: { equals: { n: 1, old: true } } });
    expect(second.feed.read(1, 9)).toMatchObject([{ before: { n: 1, old: true }, after: { n: 2 } }]);
    second.db.close();
  });
});

describe('the change feed in a transaction that stays open', () => {
  it('does not use a number again that was read, trimmed and never in the file', async () => {
    const first = opened();
    first.transactions.begin();
    await first.put('A', { n: 1 });
    await first.put('A', { n: 2 });
    expect(first.feed.read(0, 9).map(({ sequence }) => sequence)).toEqual([1, 2]);
    first.feed.trim(2);
    first.transactions.commit();
    first.db.close();
    const second = opened();
    await second.put('A', { n: 3 });
    expect(second.feed.read(0, 9).map(({ sequence }) => sequence)).toEqual([3]);
    second.db.close();
  });

  it('is read in order when only a part of it is in the file', async () => {
    const { db, feed, transactions, put } = opened();
    await put('A', { n: 1 });
    transactions.begin();
    await put('A', { n: 2 });
    await put('A', { n: 3 });
    expect(feed.read(0, 2).map(({ after }) => after?.['n'])).toEqual([1, 2]);
    feed.trim(1);
    expect(feed.read(0, 9).map(({ after }) => after?.['n'])).toEqual([2, 3]);
    transactions.commit();
    expect(feed.read(0, 9).map(({ after }) => after?.['n'])).toEqual([2, 3]);
    db.close();
  });
});
