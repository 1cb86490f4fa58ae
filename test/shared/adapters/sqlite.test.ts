import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable, type Use } from '#shared/adapters/sqlite/table.ts';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import { ConditionFailed } from '#shared/errors.ts';
import type { Json, Write } from '#shared/store/table.ts';
import { memoryTable, StillClock } from '#test/build/table.ts';
import { tableContract } from '#test/shared/store/contract.ts';

tableContract('SqliteTable', async () => memoryTable());

const put = (sk: string, rest: Record<string, Json> = {}): Write => ({ kind: 'put', row: { pk: 'C#1', sk, ...rest } });
const seconds = (clock: StillClock, later: number) => Date.parse(clock.time) / 1000 + later;

describe('SqliteTable, where the engine of the DynamoDB tests is laxer than DynamoDB', () => {
  it('tells capitals apart in a prefix', async () => {
    const { table } = memoryTable();
    await table.write(put('B#1'));
    expect(await table.query({ pk: 'C#1', prefix: 'b' })).toEqual([]);
  });

  it('takes it for an error to remove from a map that is not there', async () => {
    const { table } = memoryTable();
    const key = { pk: 'C#1', sk: 'A' };
    await expect(table.write({ kind: 'update', key, change: { remove: [['map', 'n']] } })).rejects.toThrow();
  });
});

describe('SqliteTable inside a transaction of somebody else', () => {
  it('becomes part of it and goes when it is rolled back', async () => {
    const [db, clock] = [openDatabase(':memory:'), new StillClock()];
    const table = new SqliteTable(db, { now: clock.now });
    db.exec('BEGIN');
    await table.write(put('A'));
    await table.transact([put('B'), put('C')]);
    db.exec('ROLLBACK');
    expect(await table.query({ pk: 'C#1' })).toEqual([]);
  });

  it('leaves it open and whole when a condition fails', async () => {
    const [db, clock] = [openDatabase(':memory:'), new StillClock()];
    const table = new SqliteTable(db, { now: clock.now });
    db.exec('BEGIN');
    await table.write(put('A'));
    await expect(table.transact([put('B'), { ...put('A'), if: { absent: true } }])).rejects.toThrow(ConditionFailed);
    expect(db.isTransaction).toBe(true);
    db.exec('COMMIT');
    expect((await table.query({ pk: 'C#1' })).map(({ sk }) => sk)).toEqual(['A']);
  });
});

describe('SqliteTable after a refusal', () => {
  it('has ended its transaction', async () => {
    const [db, clock] = [openDatabase(':memory:'), new StillClock()];
    const table = new SqliteTable(db, { now: clock.now });
    await table.write(put('A'));
    await expect(table.write({ ...put('A'), if: { absent: true } })).rejects.toThrow(ConditionFailed);
    expect(db.isTransaction).toBe(false);
  });
});

describe('what the table remembers of its rows', () => {
  const key = { pk: 'C#1', sk: 'A' };
  const due = (at: string) => put('A', { duePk: 'due#1', due: at });
  const made = () => {
    const [db, clock] = [openDatabase(':memory:'), new StillClock()];
    return { db, clock, table: new SqliteTable(db, { now: clock.now }), transactions: new Transactions(db) };
  };

  it('is the same object as long as the row stands unchanged', async () => {
    const { table } = made();
    await table.write(put('A', { n: 1 }));
    const row = await table.get(key);
    expect(await table.get(key)).toBe(row);
    expect((await table.query({ pk: 'C#1' }))[0]).toBe(row);
    await table.write(put('A', { n: 2 }));
    expect(await table.get(key)).toEqual({ ...key, n: 2 });
    expect(row).toEqual({ ...key, n: 1 });
  });

  it('is shared by all tables on one handle', async () => {
    const { db, clock, table } = made();
    const other = new SqliteTable(db, { now: clock.now });
    expect(await table.get(key)).toBeUndefined();
    await other.write(put('A', { n: 1 }));
    expect(await table.get(key)).toEqual({ ...key, n: 1 });
  });

  it('is forgotten with what was rolled back, whoever began the transaction', async () => {
    const { db, table, transactions } = made();
    await table.write(due('10:00'));
    const undone = (): void => {
      void table.write(due('09:00'));
      void table.write(put('B'));
      throw new Error('undone');
    };
    const asBefore = async (): Promise<void> => {
      expect((await table.get(key))?.['due']).toBe('10:00');
      expect(await table.get({ ...key, sk: 'B' })).toBeUndefined();
      expect(table.nextDue()).toBe('10:00');
    };
    expect(() => transactions.run(undone)).toThrow('undone');
    await asBefore();
    transactions.begin();
    expect(() => transactions.run(undone)).toThrow('undone');
    transactions.commit();
    await asBefore();
    db.exec('BEGIN');
    expect(undone).toThrow('undone');
    expect((await table.get(key))?.['due']).toBe('09:00');
    db.exec('ROLLBACK');
    await asBefore();
  });

  it('does not hide what is not in the file yet', async () => {
    for (const to of [undefined, '12:00']) {
      const { table, transactions } = made();
      transactions.begin();
      await table.write(due('10:00'));
      const range = { index: 'due' as const, pk: 'due#1', limit: 9 };
      expect(await table.queryIndex(to === undefined ? range : { ...range, to })).toHaveLength(1);
      transactions.commit();
    }
  });

  it('does not hide what becomes due, moves or leaves', async () => {
    const { table } = made();
    const dueBy = async (to: string) => (await table.queryIndex({ index: 'due', pk: 'due#1', to, limit: 9 })).length;
    const everDue = async () => (await table.queryIndex({ index: 'due', pk: 'due#1', limit: 9 })).length;
    expect([await dueBy('12:00'), await everDue()]).toEqual([0, 0]);
    await table.write(due('10:00'));
    expect(await everDue()).toBe(1);
    expect([await dueBy('09:59'), await dueBy('10:00')]).toEqual([0, 1]);
    await table.write(due('11:00'));
    expect([table.nextDue(), await dueBy('10:59'), await dueBy('11:00')]).toEqual(['11:00', 0, 1]);
    await table.write(due('10:30'));
    expect([await dueBy('10:29'), await dueBy('10:30')]).toEqual([0, 1]);
    await table.write({ kind: 'delete', key });
    expect([await dueBy('12:00'), await everDue(), table.nextDue()]).toEqual([0, 0, undefined]);
  });
});

describe('what is due next', () => {
  it('is the smallest time of all shards, expired rows aside', async () => {
    const { table, clock } = memoryTable();
    expect(table.nextDue()).toBeUndefined();
    await table.write(put('A', { duePk: 'due#1', due: '11:00' }));
    await table.write(put('B', { duePk: 'due#31', due: '10:00' }));
    await table.write(put('C', { duePk: 'due#4', due: '09:00', expires: seconds(clock, 60) }));
    await table.write(put('D', { duePk: 'due#4', due: '12:00' }));
    await table.write(put('E', { due: '08:00' }));
    expect(table.nextDue()).toBe('09:00');
    clock.pass(60_000);
    expect(table.nextDue()).toBe('10:00');
    await table.write({ kind: 'delete', key: { pk: 'C#1', sk: 'B' } });
    expect(table.nextDue()).toBe('11:00');
  });
});

describe('deletion of what has expired', () => {
  it('takes the oldest first, as many as it is told, and costs nothing', async () => {
    const used: Use[] = [];
    const { table, clock } = memoryTable({ onUse: (use) => used.push(use) });
    for (const n of [3, 1, 2, 9])
      await table.write(put(`E#${n}`, { expires: seconds(clock, n), duePk: 'due#1', due: `${n}` }));
    await table.write(put('PROFILE'));
    clock.pass(5000);
    used.length = 0;
    const left = async () => (await table.queryIndex({ index: 'due', pk: 'due#1', limit: 9 })).map(({ sk }) => sk);
    expect(await left()).toEqual(['E#1', 'E#2', 'E#3', 'E#9']);
    used.length = 0;
    expect(table.deleteExpired(clock.now(), 2)).toBe(2);
    expect(await left()).toEqual(['E#3', 'E#9']);
    expect(table.deleteExpired(clock.now(), 2)).toBe(1);
    expect(table.deleteExpired(clock.now(), 2)).toBe(0);
    expect(used.filter(({ write }) => write !== undefined)).toEqual([]);
    expect(await left()).toEqual(['E#9']);
    expect((await table.query({ pk: 'C#1' })).map(({ sk }) => sk)).toEqual(['E#9', 'PROFILE']);
  });
});

describe('the meter', () => {
  it('counts a refused write as if it had left everything as it was', async () => {
    const used: Use[] = [];
    const { table } = memoryTable({ onUse: (use) => used.push(use) });
    await table.write(put('A', { text: 'x'.repeat(1500) }));
    const again: Write = { ...put('A', { text: 'x'.repeat(5000) }), if: { absent: true } };
    await expect(table.write(again)).rejects.toThrow(ConditionFailed);
    await expect(table.transact([again, put('B')])).rejects.toThrow(ConditionFailed);
    expect(used).toEqual([{ write: 2 }, { write: 2 }, { write: 4 }, { write: 2 }]);
  });
});

describe('a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tropa-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('has everything when it is opened again, and two handles see each other', async () => {
    const clock = new StillClock();
    const open = () => {
      const db = openDatabase(join(folder, 'tropa.db'));
      return { db, feed: new SqliteFeed(db, [{ pk: 'C#', sk: '' }]) };
    };
    const one = open();
    const table = new SqliteTable(one.db, { now: clock.now, feed: one.feed });
    await table.transact([put('A', { n: 1 }), put('B', { duePk: 'due#1', due: '09:00' })]);
    const two = open();
    const other = new SqliteTable(two.db, { now: clock.now, feed: two.feed });
    await other.write({ kind: 'update', key: { pk: 'C#1', sk: 'A' }, change: { add: [[['n'], 1]] } });
    expect(await table.get({ pk: 'C#1', sk: 'A' })).toEqual({ pk: 'C#1', sk: 'A', n: 2 });
    one.db.close();
    two.db.close();
    const three = open();
    expect(new SqliteTable(three.db, { now: clock.now }).nextDue()).toBe('09:00');
    expect(three.feed.read(0, 10).map(({ key }) => key.sk)).toEqual(['A', 'B', 'A']);
    three.db.close();
  });
});

describe('every query', () => {
  it('is answered from an index, without a scan or a sort', async () => {
    const [db, clock] = [openDatabase(':memory:'), new StillClock()];
    const asked: string[] = [];
    const prepare = db.prepare.bind(db);
    db.prepare = (sql) => {
      asked.push(sql);
      return prepare(sql);
    };
    const spied = new SqliteTable(db, { now: clock.now });
    await spied.write(put('A'));
    spied.nextDue();
    for (const reverse of [true, false])
      for (const range of [{}, { prefix: 'A' }, { from: 'A' }, { to: 'A' }])
        await spied.query({ pk: 'C#1', reverse, ...range });
    for (const index of ['due', 'directory'] as const)
      for (const more of [{}, { to: 'z' }, { to: 'z', after: { pk: 'a', sk: 'b', sort: 'c' } }])
        await spied.queryIndex({ index, pk: 'x', limit: 1, ...more });
    const plans = asked
      .filter((sql) => /^\s*(SELECT|WITH)/.test(sql))
      .map((sql) => ({
        sql,
        steps: prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...Array(sql.split('?').length - 1).fill(''))
          .map((row) => String(row['detail'])),
      }));
    expect(plans.length).toBeGreaterThan(12);
    for (const { sql, steps } of plans)
      for (const step of steps)
        expect(step, sql).not.toMatch(/SCAN rows(?! USING COVERING INDEX)|TEMP B-TREE|AUTOMATIC/);
  });
});
