import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Conflict } from '#shared/errors.ts';

const SQLITE_BUSY = 5;

/** For who remembers what lies in the file. */
export type Watcher = {
  /** A transaction has begun; until it ends no other process writes. */
  readonly begun: () => void;
  /** What has been held back is to be written now, and is as good as committed. */
  readonly flush?: () => void;
  /** What has been written since the transaction began may be gone again, and what was held back is. */
  readonly rolledBack: () => void;
};

/** What all transactions of one handle share. */
type Shared = { readonly watchers: Watcher[]; own: boolean };
const handles = new WeakMap<DatabaseSync, Shared>();

function sharedBy(db: DatabaseSync): Shared {
  const known = handles.get(db) ?? { watchers: [], own: false };
  handles.set(db, known);
  return known;
}

/** Transactions on a handle that others may share. */
export class Transactions {
  readonly #db: DatabaseSync;
  readonly #shared: Shared;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#shared = sharedBy(db);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#savepoint = db.prepare('SAVEPOINT work');
    this.#release = db.prepare('RELEASE work');
  }

  /** Whether a transaction is open that was begun here, so that watchers will hear of its end. */
  get own(): boolean {
    return this.#shared.own;
  }

  watch(watcher: Watcher): void {
    this.#shared.watchers.push(watcher);
  }

  /**
   * Runs `work` in a transaction, or in a savepoint where one is open already, so that it happens whole or not at all.
   * Throws Conflict when another process holds the file for longer than the busy timeout.
   */
  run<T>(work: () => T): T {
    if (this.#db.isTransaction) return this.#nested(work);
    this.begin();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.#rollBack('ROLLBACK');
      this.#shared.own = false;
      throw error;
    }
  }

  /** Begins a transaction that whoever called ends by `commit`: what runs in between becomes part of it. Throws as `run` does. */
  begin(): void {
    try {
      this.#begin.run();
    } catch (error) {
      if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
        throw new Conflict('another process writes to the file', { cause: error });
      throw error;
    }
    this.#shared.own = true;
    for (const { begun } of this.#shared.watchers) begun();
  }

  /** Has everything written that was held back, then commits. */
  commit(): void {
    this.flush();
    this.#commit.run();
    this.#shared.own = false;
  }

  /** Has everything written that was held back, for who looks into the file. */
  flush(): void {
    for (const { flush } of this.#shared.watchers) flush?.();
  }

  /**
   * Runs `work` in the transaction that is open, or in one of its own. For work that changes nothing before it throws:
   * it needs no savepoint.
   */
  join<T>(work: () => T): T {
    if (!this.#db.isTransaction) return this.run(work);
    const result = work();
    // Nobody will say when a transaction ends that was not begun here.
    if (!this.#shared.own) this.flush();
    return result;
  }

  #nested<T>(work: () => T): T {
    // What is held back would not be undone.
    this.flush();
    this.#savepoint.run();
    try {
      const result = work();
      this.#release.run();
      return result;
    } catch (error) {
      this.#rollBack('ROLLBACK TO work; RELEASE work');
      throw error;
    }
  }

  #rollBack(sql: string): void {
    // A full disk and the like end the transaction by themselves.
    if (this.#db.isTransaction) this.#db.exec(sql);
    for (const { rolledBack } of this.#shared.watchers) rolledBack();
  }
}
