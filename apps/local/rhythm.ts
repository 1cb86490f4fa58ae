import { type Change, tally } from '#functions/tally/tally.ts';
import { SCHEDULES, STREAM } from '#functions/wiring.ts';
import type { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import type { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import type { VirtualClock } from './clock.ts';
import type { Count } from './metering.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export type RhythmOptions = {
  readonly clock: VirtualClock;
  readonly table: SqliteTable;
  readonly feed: SqliteFeed;
  readonly review: () => Promise<unknown>;
  readonly count: Count;
};

/**
 * What runs by the clock and by the stream. A deployment calls review every minute; here the minutes at which nothing is
 * due are left out, so that a year passes as fast as its events do.
 */
export class Rhythm {
  readonly #options: RhythmOptions;
  #reviewAt = Number.POSITIVE_INFINITY;
  #tallying = false;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: RhythmOptions) {
    this.#options = options;
    this.#look();
    this.#collect();
  }

  /** To be called on every commit of the table, with the smallest `due` that it wrote. */
  readonly written = (due: Instant | undefined): void => {
    this.#collect();
    if (due !== undefined) this.#reviewAfter(due);
  };

  #look(): void {
    const due = this.#options.table.nextDue();
    if (due !== undefined) this.#reviewAfter(due);
  }

  #reviewAfter(due: Instant): void {
    const every = SCHEDULES.review * MINUTE;
    const earliest = Math.max(toMillis(due), this.#options.clock.millis() + 1);
    this.#reviewBy(Math.ceil(earliest / every) * every);
  }

  #reviewBy(at: number): void {
    if (at >= this.#reviewAt) return;
    this.#reviewAt = at;
    this.#options.clock.atMillis(at, () => {
      if (this.#reviewAt !== at) return;
      this.#reviewAt = Number.POSITIVE_INFINITY;
      const due = this.#options.table.nextDue();
      if (due === undefined) return;
      // What was due by now may have been moved since.
      if (due > this.#options.clock.now()) this.#reviewAfter(due);
      else void this.#options.clock.run(() => this.#review());
    });
  }

  async #review(): Promise<void> {
    this.#options.count('lambda', 1);
    await this.#options.review();
    this.#sweep();
    this.#look();
  }

  /** What has expired goes, once a day. */
  #sweep(): void {
    const { clock, table } = this.#options;
    if (clock.millis() < this.#sweptAt + DAY) return;
    this.#sweptAt = clock.millis();
    while (table.deleteExpired(clock.now(), 1000) === 1000);
  }

  #collect(): void {
    if (this.#tallying) return;
    this.#tallying = true;
    const { clock } = this.#options;
    clock.atMillis(clock.millis() + STREAM.windowSeconds * 1000, () => void clock.run(() => this.#tally()));
  }

  async #tally(): Promise<void> {
    this.#tallying = false;
    await this.settle();
  }

  /** Counts what the stream still holds, for who wants the counters of this very moment. */
  settle(): Promise<void> {
    // One after the other: two at once would read the same entries.
    this.#settled = this.#settled.catch(() => {}).then(() => this.#settle());
    return this.#settled;
  }

  async #settle(): Promise<void> {
    const { feed, table, count } = this.#options;
    count('lambda', Math.ceil(feed.takeTold() / STREAM.batch));
    for (;;) {
      const entries = feed.read(0, STREAM.batch);
      const last = entries.at(-1);
      if (!last) return;
      const changes = entries
        .filter(({ expired }) => !expired)
        .map(
          ({ sequence, before, after }): Change => ({ sequence: String(sequence).padStart(20, '0'), before, after }),
        );
      await tally('local', changes, { table });
      feed.trim(last.sequence);
      if (entries.length < STREAM.batch) return;
    }
  }
}
