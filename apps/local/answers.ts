import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import { PROGRAMS, SES_KINDS } from './ses-events.ts';

/** What follows a mail outside of the mailbox: its reader unsubscribes, buys, or confirms a sign-up. */
export const ACTS = ['unsubscribe', 'purchase', 'confirm'] as const;
export type Act = (typeof ACTS)[number];

const answerSchema = z.object({
  n: z.int(),
  mail: z.string(),
  /** Milliseconds since 1970. */
  due: z.int(),
  kind: z.enum([...SES_KINDS, ...PROGRAMS, ...ACTS]),
});
export type Answer = z.infer<typeof answerSchema>;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS mail_answers (
    n INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT NOT NULL, due INTEGER NOT NULL, kind TEXT NOT NULL
  ) STRICT;
`;

/** What has been promised to become of mails. What was kept before the transaction is committed never reaches the file. */
export class Answers {
  readonly #transactions: Transactions;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #delete: StatementSync;
  readonly #all: StatementSync;
  #held = new Map<number, Answer>();
  #last: number;

  constructor(db: DatabaseSync) {
    db.exec(SCHEMA);
    this.#transactions = new Transactions(db);
    this.#insert = db.prepare('INSERT INTO mail_answers (n, mail, due, kind) VALUES (?, ?, ?, ?)');
    this.#find = db.prepare('SELECT * FROM mail_answers WHERE n = ?');
    this.#delete = db.prepare('DELETE FROM mail_answers WHERE n = ?');
    this.#all = db.prepare('SELECT * FROM mail_answers ORDER BY n');
    this.#last = Number(db.prepare('SELECT max(n) AS n FROM mail_answers').get()?.['n'] ?? 0);
    this.#transactions.watch({
      begun: () => {},
      flush: () => this.#flush(),
      rolledBack: () => {
        this.#held = new Map();
      },
    });
  }

  /** Returns its number, which no other has while a process lives. */
  promise(answer: Omit<Answer, 'n'>): number {
    this.#last += 1;
    const n = this.#last;
    this.#transactions.join(() => this.#held.set(n, { ...answer, n }));
    return n;
  }

  find(n: number): Answer | undefined {
    const held = this.#held.get(n);
    if (held) return held;
    const row = this.#find.get(n);
    return row && answerSchema.parse(row);
  }

  /** The promise has been kept, and is forgotten. */
  keep(n: number): void {
    if (!this.#held.delete(n)) this.#delete.run(n);
  }

  /** Those of which nothing has come yet. */
  open(): Answer[] {
    this.#transactions.join(() => this.#flush());
    return this.#all.all().map((row) => answerSchema.parse(row));
  }

  #flush(): void {
    for (const { n, mail, due, kind } of this.#held.values()) this.#insert.run(n, mail, due, kind);
    this.#held = new Map();
  }
}
