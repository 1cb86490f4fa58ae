import { review } from '#functions/review/review.ts';
import { comesByTime } from '#shared/store/keys.ts';
import { toMillis } from '#shared/time/instant.ts';
import type { Random } from '../random.ts';
import type { Invoke } from './lambda.ts';
import type { Changed, MemoryTable } from './memory-table.ts';
import type { Scheduler } from './scheduler.ts';

const MINUTE = 60_000;
/** Minutes by which review is late: it is called each minute, and a call may take longer than that. */
const LATE = [0, 0, 0, 1, 4] as const;

export type RhythmOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly table: MemoryTable;
  readonly invoke: Invoke;
};

/** Calls review at the minutes at which something is due, and a while later now and then. */
export class Rhythm {
  readonly #options: RhythmOptions;
  #next = Number.POSITIVE_INFINITY;

  constructor(options: RhythmOptions) {
    this.#options = options;
  }

  written(changed: readonly Changed[]): void {
    for (const { after } of changed) {
      const due = after?.['due'];
      if (typeof due === 'string' && comesByTime(after?.['duePk'])) this.#by(toMillis(due));
    }
  }

  /** Looks at what is due already. */
  look(): void {
    const due = this.#options.table.nextDue();
    if (due !== undefined) this.#by(toMillis(due));
  }

  #by(due: number): void {
    const { scheduler, random } = this.#options;
    const earliest = Math.ceil(Math.max(due, scheduler.millis + 1) / MINUTE) * MINUTE;
    if (earliest >= this.#next) return;
    const at = Math.min(this.#next, earliest + random.pick(LATE) * MINUTE);
    if (at >= this.#next) return;
    this.#next = at;
    scheduler.at(at, () => {
      if (this.#next !== at) return;
      this.#next = Number.POSITIVE_INFINITY;
      const next = this.#options.table.nextDue();
      if (next === undefined) return;
      if (toMillis(next) > scheduler.millis) this.#by(toMillis(next));
      else this.#options.invoke('review', review, () => this.look());
    });
  }
}
