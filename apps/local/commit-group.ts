import type { Transactions } from '#shared/adapters/sqlite/transactions.ts';

/** Milliseconds of real time: what a killed process does again at most. */
const EVERY = 1000;

/**
 * Commits once a second what happens while the clock jumps, and not after every write, which would take longer than the
 * write. All state lies in one file, mails, queues and the clock included: a killed process goes back to a moment at
 * which the clock jumped and does again what it did since, as if it had been killed a little earlier. Not for a clock
 * that passes by itself: then somebody outside is told that what he sent is kept.
 */
export class CommitGroup {
  readonly #transactions: Transactions;
  readonly #beforeCommit: () => void;
  #begun: number | undefined;

  constructor(transactions: Transactions, beforeCommit: () => void = () => {}) {
    this.#transactions = transactions;
    this.#beforeCommit = beforeCommit;
  }

  /** To be called whenever nothing is half done. Throws Conflict when another process holds the file. */
  next(): void {
    const now = performance.now();
    if (this.#begun !== undefined && now - this.#begun < EVERY) return;
    this.end();
    this.#transactions.begin();
    this.#begun = now;
  }

  end(): void {
    if (this.#begun === undefined) return;
    this.#begun = undefined;
    this.#beforeCommit();
    this.#transactions.commit();
  }
}
