import { type Change, tally } from '#functions/tally/tally.ts';
import { STREAM } from '#functions/wiring.ts';
import type { Random } from '../random.ts';
import type { Invoke } from './lambda.ts';
import type { Changed } from './memory-table.ts';
import type { Scheduler } from './scheduler.ts';

type Shard = {
  readonly name: string;
  readonly changes: Change[];
  read: number;
  busy: boolean;
  /** For the window of its next batch to end. */
  waits: boolean;
};

const SHARDS = 2;
/** The window that a batch is collected in, and hours in which nobody reads. */
const WAITS = [60_000, 60_000, 5 * 3_600_000, 24 * 3_600_000] as const;

const isTold = ({ key }: Changed): boolean =>
  STREAM.keys.some(({ pk, sk }) => key.pk.startsWith(pk) && key.sk.startsWith(sk));

/** The table's stream and who reads it: each shard in its order, and a batch again and again until it is taken. */
export class Stream {
  /** Everything that was ever told of, for who reckons it all anew. */
  readonly all: Change[] = [];
  #hurries = false;
  readonly #shards: readonly Shard[];
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #invoke: Invoke;

  constructor(scheduler: Scheduler, random: Random, invoke: Invoke) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#invoke = invoke;
    this.#shards = Array.from({ length: SHARDS }, (_, i) => ({
      name: `shard-${i}`,
      changes: [],
      read: 0,
      busy: false,
      waits: false,
    }));
  }

  written(changed: readonly Changed[]): void {
    for (const one of changed) {
      if (!isTold(one)) continue;
      const { key, before, after } = one;
      const shard = this.#shards[key.pk.charCodeAt(key.pk.length - 1) % SHARDS];
      if (!shard) continue;
      const change = { sequence: String(shard.changes.length + 1).padStart(20, '0'), before, after };
      shard.changes.push(change);
      this.all.push(change);
      this.#ask(shard);
    }
  }

  /** Whether everything has been counted. */
  get isRead(): boolean {
    return this.#shards.every(({ changes, read }) => changes.length === read);
  }

  /** Reads on without a window to collect in: a journey that goes round and round writes until the last moment. */
  hurry(): void {
    this.#hurries = true;
    for (const shard of this.#shards) if (shard.waits) this.#work(shard);
  }

  #ask(shard: Shard): void {
    if (shard.busy) return;
    shard.busy = true;
    shard.waits = true;
    const wait = this.#hurries ? 0 : this.#random.pick(WAITS);
    this.#scheduler.after(wait, () => {
      if (shard.waits) this.#work(shard);
    });
  }

  #work(shard: Shard): void {
    shard.waits = false;
    const end = Math.min(shard.changes.length, shard.read + 1 + this.#random.below(STREAM.batch));
    const batch = shard.changes.slice(shard.read, end);
    this.#invoke(
      'tally',
      ({ table }) => tally(shard.name, batch, { table }),
      (ended) => {
        if ('result' in ended) shard.read = end;
        shard.busy = false;
        if (shard.read < shard.changes.length) this.#ask(shard);
      },
    );
  }
}
