import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import { WaitingMessages } from './waiting.ts';

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

const waitingSchema = z.object({ id: z.int(), queue: z.string(), visible: z.int() });
const numberSchema = z.object({ n: z.int().nullable() });

/** Messages whose consumer died without saying why. */
const NO_REASON = 'no answer within the visibility timeout';

/**
 * Messages in SQLite, times in milliseconds since 1970. Every method is one transaction, or part of the one that is open.
 * Their order is kept in memory: nobody else works on the file meanwhile.
 */
export class QueueRows {
  readonly #transactions: Transactions;
  readonly #insert: StatementSync;
  readonly #receive: StatementSync;
  readonly #delete: StatementSync;
  readonly #note: StatementSync;
  readonly #hide: StatementSync;
  readonly #order: StatementSync;
  #messages = new WaitingMessages();
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
      `UPDATE queue_messages SET visible = ?, receives = receives + 1 WHERE id = ?
       RETURNING id, body, sent, receives, reason`,
    );
    this.#delete = db.prepare('DELETE FROM queue_messages WHERE id = ?');
    this.#note = db.prepare('UPDATE queue_messages SET reason = ? WHERE id = ?');
    this.#hide = db.prepare('UPDATE queue_messages SET visible = ? WHERE id = ?');
    this.#bury = db.prepare(
      `INSERT INTO dead_letters SELECT id, queue, body, sent, ?, receives - 1, coalesce(reason, '${NO_REASON}')
       FROM queue_messages WHERE id = ?`,
    );
    this.#dead = db.prepare('SELECT * FROM dead_letters WHERE queue = ? ORDER BY id');
    this.#revive = db.prepare(
      'INSERT INTO queue_messages SELECT ?, queue, body, ?, ?, 0, NULL FROM dead_letters WHERE id = ? RETURNING id, queue, visible',
    );
    this.#unbury = db.prepare('DELETE FROM dead_letters WHERE id = ?');
    this.#uncover = db.prepare('UPDATE queue_messages SET visible = ? WHERE receives > 0 AND visible > ? RETURNING id');
    const last = db.prepare(
      `SELECT max(n) AS n FROM (SELECT max(id) AS n FROM queue_messages UNION ALL SELECT max(id) FROM dead_letters)`,
    );
    this.#lastId = numberSchema.parse(last.get()).n ?? 0;
    this.#order = db.prepare('SELECT id, queue, visible FROM queue_messages ORDER BY visible, id');
    this.#load();
    this.#transactions.watch({ begun: () => {}, rolledBack: () => this.#load() });
  }

  #load(): void {
    this.#messages = new WaitingMessages();
    for (const row of this.#order.iterate()) this.#messages.add(waitingSchema.parse(row));
  }

  send(queue: string, bodies: readonly string[], now: number, visible: number): void {
    this.#together(bodies.length, () => {
      for (const body of bodies) {
        const id = ++this.#lastId;
        this.#insert.run(id, queue, body, now, visible);
        this.#messages.add({ id, queue, visible });
      }
    });
  }

  /** In order of id. Messages that have been received `receives` times already go to the dead letters instead. */
  receive(queue: string, limit: number, times: { now: number; until: number; receives: number }): Received[] {
    const ids = this.#messages.visible(queue, times.now, limit);
    const alive: Received[] = [];
    this.#together(ids.length, () => {
      for (const id of ids) {
        const message = this.#receiveOne(id, times.until);
        if (message && message.receives > times.receives) this.#buryOne(id, times.now);
        else if (message) alive.push(message);
      }
    });
    return alive.sort((a, b) => a.id - b.id);
  }

  #receiveOne(id: number, until: number): Received | undefined {
    const row = this.#receive.get(until, id);
    if (row) this.#messages.move(id, until);
    else this.#messages.remove(id);
    return row && receivedSchema.parse(row);
  }

  delete(ids: readonly number[]): void {
    this.#together(ids.length, () => {
      for (const id of ids) this.#remove(id);
    });
  }

  /** Remembers why a message failed; `visible` brings it back then, without it when its visibility timeout ends. */
  fail(id: number, reason: string, visible?: number): void {
    this.#note.run(reason, id);
    if (visible === undefined) return;
    this.#hide.run(visible, id);
    this.#messages.move(id, visible);
  }

  /** When the next message of the queue can be received; undefined when there is none at all. */
  nextVisible(queue: string): number | undefined {
    return this.#messages.first(queue);
  }

  waiting(queue: string): number {
    return this.#messages.count(queue);
  }

  dead(queue: string): Dead[] {
    return this.#dead.all(queue).map((row) => deadSchema.parse(row));
  }

  revive(ids: readonly number[], now: number): void {
    this.#together(ids.length, () => {
      for (const id of ids) {
        this.#messages.add(waitingSchema.parse(this.#revive.get(++this.#lastId, now, now, id)));
        this.#unbury.run(id);
      }
    });
  }

  /** Makes visible what was being worked on; nobody does after a restart. */
  uncover(now: number): void {
    for (const row of this.#uncover.all(now, now)) this.#messages.move(z.int().parse(row['id']), now);
  }

  #buryOne(id: number, now: number): void {
    this.#transactions.run(() => {
      this.#bury.run(now, id);
      this.#remove(id);
    });
  }

  #remove(id: number): void {
    this.#delete.run(id);
    this.#messages.remove(id);
  }

  #together(n: number, work: () => void): void {
    if (n > 1) this.#transactions.run(work);
    else work();
  }
}
