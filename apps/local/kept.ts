import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';

/** What the laptop itself must know after a restart: where the clock stood, how far a play had come. */
export class Kept {
  readonly #transactions: Transactions;
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  /** What is not in the file yet. */
  #held = new Map<string, string>();

  constructor(db: DatabaseSync) {
    db.exec('CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID');
    this.#transactions = new Transactions(db);
    this.#get = db.prepare('SELECT value FROM kept WHERE name = ?');
    this.#set = db.prepare(
      'INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#transactions.watch({
      begun: () => {},
      flush: () => this.#flush(),
      rolledBack: () => {
        this.#held = new Map();
      },
    });
  }

  get(name: string): string | undefined {
    const value = this.#held.get(name) ?? this.#get.get(name)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  set(name: string, value: string): void {
    this.#transactions.join(() => this.#held.set(name, value));
  }

  #flush(): void {
    for (const [name, value] of this.#held) this.#set.run(name, value);
    this.#held = new Map();
  }
}

/** Counters that a killed process does not forget. */
export class Tallies {
  readonly #kept: Kept;
  readonly #counts = new Map<string, number>();

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  of(name: string): number {
    return this.#counts.get(name) ?? Number(this.#kept.get(`tally.${name}`) ?? 0);
  }

  add(name: string, n: number): void {
    const count = this.of(name) + n;
    this.#counts.set(name, count);
    this.#kept.set(`tally.${name}`, String(count));
  }
}
