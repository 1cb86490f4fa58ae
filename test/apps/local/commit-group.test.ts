import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Answers } from '#apps/local/answers.ts';
import { CommitGroup } from '#apps/local/commit-group.ts';
import { ExecutionRows } from '#apps/local/execution-rows.ts';
import { Mails } from '#apps/local/mails.ts';
import { QueueRows } from '#apps/local/queue-rows.ts';
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

it('takes along what queues, executions and the inbox hold back, and forgets what came and went', () => {
  const transactions = new Transactions(db);
  const group = new CommitGroup(transactions);
  const [queues, executions, mails, answers] = [
    new QueueRows(db),
    new ExecutionRows(db),
    new Mails(db, 1),
    new Answers(db),
  ];
  const count = (table: string): number => {
    const other = open();
    const n = Number(other.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
    other.close();
    return n;
  };
  group.next();
  queues.send('orders', ['1', '2'], 0, 0);
  queues.delete(queues.receive('orders', 1, { now: 0, until: 60, receives: 5 }).map(({ id }) => id));
  expect(executions.insert('one', 'A', 0, '{}')).toBe(true);
  expect(executions.insert('one', 'A', 0, '{}')).toBe(false);
  executions.close({ name: 'one', attempt: 0 }, 'A', 'SUCCEEDED');
  const mail = { from: 'a@b', to: 'c@d', subject: 's', html: '', text: '', headers: [], tags: {} };
  const [first, second] = [mails.add(mail, '2026-03-01T00:00:00.000Z'), mails.add(mail, '2026-03-01T00:00:00.000Z')];
  answers.keep(answers.promise({ mail: first, due: 1, kind: 'Send' }));
  answers.promise({ mail: second, due: 2, kind: 'Delivery' });
  expect(['queue_messages', 'executions', 'mails', 'mail_answers'].map(count)).toEqual([0, 0, 0, 0]);
  group.end();
  expect(['queue_messages', 'executions', 'mails', 'mail_answers'].map(count)).toEqual([1, 1, 2, 1]);
  expect(new QueueRows(db).receive('orders', 9, { now: 60, until: 90, receives: 5 })).toMatchObject([{ body: '2' }]);
  expect(new ExecutionRows(db).get('one')).toMatchObject({ phase: 'closed', attempt: 1 });
  expect([first, second].map((id) => new Mails(db, 1).find(id)?.mail !== undefined)).toEqual([false, true]);
  expect(new Answers(db).open()).toMatchObject([{ mail: second }]);
});

it('gives a message up in the moment in which another comes that the file does not have yet', () => {
  const rows = new QueueRows(db);
  const group = new CommitGroup(new Transactions(db));
  rows.send('enrol', ['"old"'], 0, 0);
  rows.receive('enrol', 1, { now: 0, until: 10, receives: 1 });
  group.next();
  rows.send('enrol', ['"new"'], 10, 10);
  expect(rows.receive('enrol', 10, { now: 10, until: 20, receives: 1 })).toMatchObject([{ body: '"new"' }]);
  group.end();
  expect(rows.dead('enrol')).toMatchObject([{ body: '"old"' }]);
  expect(rows.waiting('enrol')).toBe(1);
});
