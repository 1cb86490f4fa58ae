import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { comesByTime } from '#shared/store/keys.ts';
import { FIRST_DUE, SHARDS_DUE } from './query.ts';

/**
 * For each shard of the due index a time that none of its rows is due before, remembered: mostly nothing is due, and to
 * hear so from every shard is what a laptop would mostly do.
 */
export class DueTimes {
  readonly #first: StatementSync;
  readonly #shards: StatementSync;
  #bounds: Map<string, string> | undefined;

  constructor(db: DatabaseSync) {
    this.#first = db.prepare(FIRST_DUE);
    this.#shards = db.prepare(SHARDS_DUE);
  }

  /** To be told of every row that is put into the index, or moved inside it. */
  add(shard: string, at: string): void {
    const bound = this.#bounds?.get(shard);
    if (bound === undefined || at < bound) this.#bounds?.set(shard, at);
  }

  /** It is read from the file when it is first asked. */
  get isToBeRead(): boolean {
    return this.#bounds === undefined;
  }

  /** Whether certainly nothing of the shard is due by then; without a moment, whether certainly nothing is in it. */
  isAfter(shard: string, moment: string | undefined): boolean {
    const bound = this.#known().get(shard);
    return bound === undefined || (moment !== undefined && bound > moment);
  }

  /** The smallest time of all rows that have not expired, and come by time. */
  next(nowSeconds: number): string | undefined {
    let least: string | undefined;
    for (const [shard, bound] of [...this.#known()].sort(byBound)) {
      if (least !== undefined && bound >= least) break;
      if (!comesByTime(shard)) continue;
      const { first, alive } = this.#first.get(shard, shard, nowSeconds) ?? {};
      if (typeof first === 'string') this.#known().set(shard, first);
      else this.#known().delete(shard);
      if (typeof alive === 'string' && (least === undefined || alive < least)) least = alive;
    }
    return least;
  }

  clear(): void {
    this.#bounds = undefined;
  }

  #known(): Map<string, string> {
    this.#bounds ??= new Map(this.#shards.all().map(({ pk }) => [String(pk), '']));
    return this.#bounds;
  }
}

const byBound = ([, a]: [string, string], [, b]: [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);
