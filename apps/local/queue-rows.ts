import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS queue_messages (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    sent INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    receives INTEGER NOT NULL,
    reason TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS queue_messages_visible ON queue_messages (queue, visible, id);
  CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    sent INTEGER NOT NULL,
    died INTEGER NOT NULL,
    receives INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS dead_letters_queue ON dead_letters (queue, id);
`;

const receivedSchema = z.object({
  id: z.int(),
  body: z.string(),
  sent: z.int(),
  receives: z.int(),
  reason: z.string().nullable(),
});
export type Received = z.infer<typeof receivedSchema>;

const deadSchema = receivedSchema.extend({ died: z.int(), reason: z.string() });
export type Dead = z.infer<typeof deadSchema>;

const numberSchema = z.object({ n: z.int().nullable() });

/** Messages whose consumer died without saying why. */
const NO_REASON = 'no answer within the visibility timeout';

/** Messages in SQLite, times in milliseconds since 1970. Every method is one transaction, or part of the one that is open. */
export class QueueRows {
  readonly #transactions: Transactions;
  readonly #insert: StatementSync;
  readonly #receive: StatementSync;
  readonly #delete: StatementSync;
  readonly #note: StatementSync;
  readonly #hide: StatementSync;
  readonly #nextVisible: StatementSync;
  readonly #waiting: StatementSync;
  readonly #bury: StatementSync;
  readonly #dead: StatementSync;
  readonly #revive: StatementSync;
  readonly #unbury: StatementSync;
  readonly #uncover: StatementSync;
  /** Never given twice while a process lives, so that a late answer deletes no newer message. */
  #lastId: number;

  constructor(db: DatabaseSync) {
    db.exec(SCHEMA);
    this.#transactions = new Transactions(db);
    this.#insert = db.prepare('INSERT INTO queue_messages VALUES (?, ?, ?, ?, ?, 0, NULL)');
    this.#receive = db.prepare(
      `UPDATE queue_messages SET visible = ?, receives = receives + 1 WHERE id IN (
         SELECT id FROM queue_messages WHERE queue = ? AND visible <= ? ORDER BY visible, id LIMIT ?
       ) RETURNING id, body, sent, receives, reason`,
    );
    this.#delete = db.prepare('DELETE FROM queue_messages WHERE id = ?');
    this.#note = db.prepare('UPDATE queue_messages SET reason = ? WHERE id = ?');
    this.#hide = db.prepare('UPDATE queue_messages SET visible = ? WHERE id = ?');
    this.#nextVisible = db.prepare('SELECT min(visible) AS n FROM queue_messages WHERE queue = ?');
    this.#waiting = db.prepare('SELECT count(*) AS n FROM queue_messages WHERE queue = ?');
    this.#bury = db.prepare(
      `INSERT INTO dead_letters SELECT id, queue, body, sent, ?, receives - 1, coalesce(reason, '${NO_REASON}')
       FROM queue_messages WHERE id = ?`,
    );
    this.#dead = db.prepare('SELECT * FROM dead_letters WHERE queue = ? ORDER BY id');
    this.#revive = db.prepare(
      'INSERT INTO queue_messages SELECT ?, queue, body, ?, ?, 0, NULL FROM dead_letters WHERE id = ?',
    );
    this.#unbury = db.prepare('DELETE FROM dead_letters WHERE id = ?');
    this.#uncover = db.prepare('UPDATE queue_messages SET visible = ? WHERE receives > 0 AND visible > ?');
    const last = db.prepare(
      `SELECT max(n) AS n FROM (SELECT max(id) AS n FROM queue_messages UNION ALL SELECT max(id) FROM dead_letters)`,
    );
    this.#lastId = numberSchema.parse(last.get()).n ?? 0;
  }

  send(queue: string, bodies: readonly string[], now: number, visible: number): void {
    this.#together(bodies.length, () => {
      for (const body of bodies) this.#insert.run(++this.#lastId, queue, body, now, visible);
    });
  }

  /** In order of id. Messages that have been received `receives` times already go to the dead letters instead. */
  receive(queue: string, limit: number, times: { now: number; until: number; receives: number }): Received[] {
    const rows = this.#receive.all(times.until, queue, times.now, limit).map((row) => receivedSchema.parse(row));
    const alive = rows.filter(({ receives }) => receives <= times.receives);
    if (alive.length < rows.length)
      this.#transactions.run(() => {
        for (const { id, receives } of rows) if (receives > times.receives) this.#buryOne(id, times.now);
      });
    return alive.sort((a, b) => a.id - b.id);
  }

  delete(ids: readonly number[]): void {
    this.#together(ids.length, () => {
      for (const id of ids) this.#delete.run(id);
    });
  }

  /** Remembers why a message failed; `visible` brings it back then, without it when its visibility timeout ends. */
  fail(id: number, reason: string, visible?: number): void {
    this.#note.run(reason, id);
    if (visible !== undefined) this.#hide.run(visible, id);
  }

  /** When the next message of the queue can be received; undefined when there is none at all. */
  nextVisible(queue: string): number | undefined {
    return numberSchema.parse(this.#nextVisible.get(queue)).n ?? undefined;
  }

  waiting(queue: string): number {
    return Number(this.#waiting.get(queue)?.['n'] ?? 0);
  }

  dead(queue: string): Dead[] {
    return this.#dead.all(queue).map((row) => deadSchema.parse(row));
  }

  revive(ids: readonly number[], now: number): void {
    this.#together(ids.length, () => {
      for (const id of ids) {
        this.#revive.run(++this.#lastId, now, now, id);
        this.#unbury.run(id);
      }
    });
  }

  /** Makes visible what was being worked on; nobody does after a restart. */
  uncover(now: number): void {
    this.#uncover.run(now, now);
  }

  #buryOne(id: number, now: number): void {
    this.#bury.run(now, id);
    this.#delete.run(id);
  }

  #together(n: number, work: () => void): void {
    if (n > 1) this.#transactions.run(work);
    else work();
  }
}
