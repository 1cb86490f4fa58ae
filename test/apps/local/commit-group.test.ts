import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommitGroup } from '#apps/local/commit-group.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';

let folder = '';
const open = () => openDatabase(join(folder, 'tropa.db'));
let db: ReturnType<typeof open>;
const note = (n: number) => db.prepare('INSERT INTO notes VALUES (?)').run(n);
/** What whoever starts after a kill would find. */
const kept = (): unknown[] => {
  const other = open();
  const rows = other.prepare('SELECT n FROM notes ORDER BY n').all();
  other.close();
  return rows.map(({ n }) => n);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tropa-test-'));
  db = open();
  db.exec('CREATE TABLE notes (n INTEGER)');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

it('keeps all of what happened between two commits, or nothing', () => {
  const transactions = new Transactions(db);
  const group = new CommitGroup(transactions);
  group.next();
  note(1);
  transactions.run(() => note(2));
  expect(kept()).toEqual([]);
  group.end();
  expect(kept()).toEqual([1, 2]);
});

it('undoes only the part that failed', () => {
  const transactions = new Transactions(db);
  const group = new CommitGroup(transactions);
  group.next();
  note(1);
  expect(() =>
    transactions.run(() => {
      note(2);
      throw new Error('broken');
    }),
  ).toThrow('broken');
  group.end();
  expect(kept()).toEqual([1]);
});

it('has nothing to end before it has begun, or twice', () => {
  const group = new CommitGroup(new Transactions(db));
  group.end();
  group.next();
  group.end();
  group.end();
  note(1);
  expect(kept()).toEqual([1]);
});
