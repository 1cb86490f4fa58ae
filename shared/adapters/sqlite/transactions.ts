import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Conflict } from '#shared/errors.ts';

const SQLITE_BUSY = 5;

/** Transactions on a handle that others may share. */
export class Transactions {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Runs `work` in a transaction, or in a savepoint where one is open already, so that it happens whole or not at all.
   * Throws Conflict when another process holds the file for longer than the busy timeout.
   */
  run<T>(work: () => T): T {
    if (this.#db.isTransaction) return this.#nested(work);
    this.#start();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      // A full disk and the like end the transaction by themselves.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #nested<T>(work: () => T): T {
    this.#db.exec('SAVEPOINT work');
    try {
      const result = work();
      this.#db.exec('RELEASE work');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK TO work; RELEASE work');
      throw error;
    }
  }

  #start(): void {
    try {
      this.#begin.run();
    } catch (error) {
      if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
        throw new Conflict('another process writes to the file', { cause: error });
      throw error;
    }
  }
}
