import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What the laptop itself must know after a restart: where the clock stood, how far a play had come. */
export class Kept {
  readonly #get: StatementSync;
  readonly #set: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec('CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID');
    this.#get = db.prepare('SELECT value FROM kept WHERE name = ?');
    this.#set = db.prepare(
      'INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
  }

  get(name: string): string | undefined {
    const value = this.#get.get(name)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  set(name: string, value: string): void {
    this.#set.run(name, value);
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
