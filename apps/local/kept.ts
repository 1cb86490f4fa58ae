import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';

/** What the laptop itself must know after a restart: where the clock stood, how far a play had come. A handful of values. */
export class Kept {
  readonly #transactions: Transactions;
  readonly #all: StatementSync;
  readonly #set: StatementSync;
  readonly #values = new Map<string, string>();
  /** Names of what is not in the file yet. */
  readonly #changed = new Set<string>();

  constructor(db: DatabaseSync) {
    db.exec('CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID');
    this.#transactions = new Transactions(db);
    this.#all = db.prepare('SELECT name, value FROM kept');
    this.#set = db.prepare(
      'INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#load();
    this.#transactions.watch({ begun: () => {}, flush: () => this.#flush(), rolledBack: () => this.#load() });
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: string): void {
    this.#transactions.join(() => {
      this.#values.set(name, value);
      this.#changed.add(name);
    });
  }

  #load(): void {
    this.#values.clear();
    this.#changed.clear();
    for (const { name, value } of this.#all.all()) this.#values.set(String(name), String(value));
  }

  #flush(): void {
    for (const name of this.#changed) this.#set.run(name, this.#values.get(name) ?? '');
    this.#changed.clear();
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
