import type { Became, Lying, RedriveRequest, RedriveResult } from '#apps/cli/redrive/request.ts';
import { type Aside, isMeant, Piles } from '#shared/redrive/pile.ts';

/** What was found and what became of it, while it goes on. */
export class Tallied {
  readonly #request: Pick<RedriveRequest, 'what' | 'reason' | 'limit'>;
  readonly #lies = new Piles();
  readonly #meant = new Piles();
  readonly #became: Partial<Record<Became, number>> = {};
  #left: number;
  #looked = 0;
  #stopped: RedriveResult['stopped'];

  constructor(request: Pick<RedriveRequest, 'what' | 'reason' | 'limit'>) {
    this.#request = request;
    this.#left = request.limit ?? Number.POSITIVE_INFINITY;
  }

  /** Notes something that lies there. Whether it is meant, and within the limit. */
  take(aside: Aside): boolean {
    this.#looked += 1;
    this.#lies.add(aside);
    if (!isMeant(aside.reason, this.#request.reason)) return false;
    if (this.#left === 0) {
      this.#stopped ??= 'limit';
      return false;
    }
    this.#left -= 1;
    this.#meant.add(aside);
    return true;
  }

  count(what: Became, n = 1): void {
    if (n > 0) this.#became[what] = (this.#became[what] ?? 0) + n;
  }

  stop(why: NonNullable<RedriveResult['stopped']>): void {
    this.#stopped ??= why;
  }

  get looked(): number {
    return this.#looked;
  }

  get isOver(): boolean {
    return this.#stopped !== undefined;
  }

  lying(): Lying {
    return {
      what: this.#request.what,
      lies: this.#lies.list(),
      ...(this.#stopped !== undefined && { stopped: this.#stopped }),
    };
  }

  result(): RedriveResult {
    return { ...this.lying(), meant: this.#meant.list(), became: this.#became };
  }
}
