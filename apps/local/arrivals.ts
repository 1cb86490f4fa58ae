import type * as came from '#shared/source/arrival.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';

export type Arrival = came.Arrival & {
  readonly n: number;
  /** By the clock of the machine. */
  readonly arrived: Instant;
};

/** Older ones are forgotten. */
const KEPT = 500;

/** What has arrived lately, for whoever sets a storefront up and looks on. It is kept in memory only. */
export class Arrivals {
  readonly #kept: Arrival[] = [];
  #last = 0;

  readonly note: came.Note = (one) => {
    if (!one) return;
    this.#last += 1;
    this.#kept.push({ n: this.#last, arrived: fromMillis(Date.now()), ...one });
    if (this.#kept.length > KEPT) this.#kept.shift();
  };

  /** Those after the nth; all that are kept where so many never were, as after a restart. */
  since(n: number): readonly Arrival[] {
    return n > this.#last ? [...this.#kept] : this.#kept.filter((one) => one.n > n);
  }

  get last(): number {
    return this.#last;
  }
}
