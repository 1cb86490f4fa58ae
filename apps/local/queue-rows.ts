import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import { type Standing, type Waiting, WaitingMessages } from './waiting.ts';

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
  CREATE INDEX IF NOT EXISTS queue_messages_order ON queue_messages (queue, visible, id);
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

const messageSchema = receivedSchema.extend({ queue: z.string(), visible: z.int() });
/** A message as it is now, where the file does not have it so. */
type Held = z.infer<typeof messageSchema> & { readonly inFile: boolean };

const deadSchema = receivedSchema.extend({ died: z.int(), reason: z.string() });
export type Dead = z.infer<typeof deadSchema>;

const waitingSchema = z.object({ id: z.int(), queue: z.string(), visible: z.int() });
const countSchema = z.object({ queue: z.string(), n: z.int() });
const numberSchema = z.object({ n: z.int().nullable() });

/** Messages whose consumer died without saying why. */
const NO_REASON = 'no answer within the visibility timeout';

/**
 * Messages in SQLite, times in milliseconds since 1970. Every method is one transaction, or part of the one that is open.
 * The order of the first of each queue is kept in memory: nobody else works on the file meanwhile. Most messages are deleted
 * before the transaction that they were sent in is committed, and never reach the file.
 */
export class QueueRows {
  readonly #transactions: Transactions;
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #delete: StatementSync;
  readonly #change: StatementSync;
  readonly #counts: StatementSync;
  readonly #behind: StatementSync;
  #messages: WaitingMessages;
  #held = new Map<number, Held>();
  /** Deleted, and in the file still. */
  #gone = new Set<number>();
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
    this.#insert = db.prepare('INSERT INTO queue_messages VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#read = db.prepare('SELECT * FROM queue_messages WHERE id = ?');
    this.#delete = db.prepare('DELETE FROM queue_messages WHERE id = ?');
    this.#change = db.prepare('UPDATE queue_messages SET visible = ?, receives = ?, reason = ? WHERE id = ?');
    this.#bury = db.prepare(
      `INSERT INTO dead_letters SELECT id, queue, body, sent, ?, receives, coalesce(reason, '${NO_REASON}')
       FROM queue_messages WHERE id = ?`,
    );
    this.#dead = db.prepare('SELECT * FROM dead_letters WHERE queue = ? ORDER BY id');
    this.#revive = db.prepare(
      'INSERT INTO queue_messages SELECT ?, queue, body, ?, ?, 0, NULL FROM dead_letters WHERE id = ? RETURNING id, queue, visible',
    );
    this.#unbury = db.prepare('DELETE FROM dead_letters WHERE id = ?');
    this.#uncover = db.prepare('UPDATE queue_messages SET visible = ? WHERE receives > 0 AND visible > ?');
    const last = db.prepare(
      `SELECT max(n) AS n FROM (SELECT max(id) AS n FROM queue_messages UNION ALL SELECT max(id) FROM dead_letters)`,
    );
    this.#lastId = numberSchema.parse(last.get()).n ?? 0;
    this.#counts = db.prepare('SELECT queue, count(*) AS n FROM queue_messages GROUP BY queue');
    this.#behind = db.prepare(
      `SELECT id, queue, visible FROM queue_messages WHERE queue = ? AND (visible, id) > (?, ?)
       ORDER BY visible, id LIMIT ?`,
    );
    this.#messages = this.#load();
    this.#transactions.watch({ begun: () => {}, flush: () => this.#flush(), rolledBack: () => void this.#load() });
  }

  /** Everything as the file has it. */
  #load(): WaitingMessages {
    this.#messages = new WaitingMessages((...asked) => this.#readOn(...asked));
    this.#held = new Map();
    this.#gone = new Set();
    for (const row of this.#counts.all()) {
      const { queue, n } = countSchema.parse(row);
      this.#messages.lying(queue, n);
    }
    return this.#messages;
  }

  #readOn(queue: string, { visible, id }: Standing, limit: number): Waiting[] {
    this.#transactions.join(() => this.#flush());
    return this.#behind.all(queue, visible, id, limit).map((row) => waitingSchema.parse(row));
  }

  #flush(): void {
    for (const id of this.#gone) this.#delete.run(id);
    for (const { id, queue, body, sent, visible, receives, reason, inFile } of this.#held.values()) {
      if (inFile) this.#change.run(visible, receives, reason, id);
      else this.#insert.run(id, queue, body, sent, visible, receives, reason);
    }
    this.#gone = new Set();
    this.#held = new Map();
  }

  send(queue: string, bodies: readonly string[], sent: number, visible: number): void {
    this.#transactions.join(() => {
      for (const body of bodies) {
        this.#lastId += 1;
        const id = this.#lastId;
        this.#held.set(id, { id, queue, body, sent, visible, receives: 0, reason: null, inFile: false });
        this.#messages.add({ id, queue, visible });
      }
    });
  }

  /** In order of id. Messages that have been received `receives` times already go to the dead letters instead. */
  receive(queue: string, limit: number, times: { now: number; until: number; receives: number }): Received[] {
    const ids = this.#messages.visible(queue, times.now, limit);
    if (ids.length === 0) return [];
    return this.#transactions.join(() => {
      const messages = ids.map((id) => this.#find(id)).filter((message) => message !== undefined);
      // What nobody can find would be offered for ever.
      if (messages.length < ids.length) this.#load();
      for (const { id, receives } of messages) if (receives >= times.receives) this.#buryOne(id, times.now);
      return ids
        .flatMap((id) => this.#find(id) ?? [])
        .map((message) => this.#hold(message, { receives: message.receives + 1, visible: times.until }))
        .sort((a, b) => a.id - b.id);
    });
  }

  delete(ids: readonly number[]): void {
    this.#transactions.join(() => {
      for (const id of ids) this.#remove(id);
    });
  }

  /** Remembers why a message failed; `visible` brings it back then, without it when its visibility timeout ends. */
  fail(id: number, reason: string, visible?: number): void {
    this.#transactions.join(() => {
      const message = this.#find(id);
      if (message) this.#hold(message, { reason, ...(visible !== undefined && { visible }) });
    });
  }

  /** Puts a message among the dead letters at once. */
  giveUp(id: number, reason: string, now: number): void {
    this.#transactions.join(() => {
      this.fail(id, reason);
      this.#buryOne(id, now);
    });
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
    this.#transactions.run(() => {
      for (const id of ids) {
        this.#messages.add(waitingSchema.parse(this.#revive.get(++this.#lastId, now, now, id)));
        this.#unbury.run(id);
      }
    });
  }

  /** Makes visible what was being worked on; nobody does after a restart. */
  uncover(now: number): void {
    this.#transactions.join(() => {
      this.#flush();
      this.#uncover.run(now, now);
      this.#load();
    });
  }

  /** Takes dead letters away for good. */
  forget(ids: readonly number[]): void {
    this.#transactions.run(() => {
      for (const id of ids) this.#unbury.run(id);
    });
  }

  #find(id: number): Held | undefined {
    const held = this.#held.get(id);
    if (held || this.#gone.has(id)) return held;
    const row = this.#read.get(id);
    return row && { ...messageSchema.parse(row), inFile: true };
  }

  /** Takes the message as it was and leaves it as it is to be. */
  #hold(before: Held, change: Partial<Held>): Held {
    const message = { ...before, ...change };
    this.#held.set(message.id, message);
    this.#messages.remove(before);
    this.#messages.add(message);
    return message;
  }

  #buryOne(id: number, now: number): void {
    this.#transactions.run(() => {
      this.#bury.run(now, id);
      this.#remove(id);
    });
  }

  #remove(id: number): void {
    const message = this.#find(id);
    if (!message) return;
    this.#held.delete(id);
    this.#messages.remove(message);
    if (message.inFile) this.#gone.add(id);
  }
}
