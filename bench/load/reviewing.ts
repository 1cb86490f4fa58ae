import { Carry } from './bucket.ts';
import { Latencies } from './latencies.ts';
import { type Cohort, Later, Line } from './line.ts';
import type { World } from './world.ts';

const MINUTE = 60;

/** Review: one run a minute over what is due. Carts that have come to rest, for the most part. */
export class Reviewing {
  readonly #world: World;
  readonly #due: Later;
  readonly #rows = new Carry();
  readonly #seen = new Carry();
  readonly #starts = new Carry();
  readonly line = new Line();
  /** From the moment that a row was due until it was looked at. */
  readonly late = new Latencies();
  looked = 0;

  constructor(world: World) {
    this.#world = world;
    this.#due = new Later(world.step);
  }

  get waiting(): number {
    return this.#due.length + this.line.length;
  }

  /** Of what was recorded, some will be due. Returns the passages that were started. */
  next(
    recorded: readonly Cohort[],
    start: (n: number) => number,
  ): { readonly moved: Cohort[]; readonly looked: Cohort[] } {
    const { now, step, plant } = this.#world;
    const { after, perSecond, units, starts } = plant.review;
    for (const { born, n } of recorded) {
      // Quiet time is reckoned from when it happened; a run begins each minute.
      const due = Math.max(born + after, now);
      this.#due.put(Math.ceil(due / MINUTE) * MINUTE, {
        born,
        n: this.#rows.whole(n * plant.perEvent.dueRows),
        tries: 0,
      });
    }
    for (const cohort of this.#due.take(now)) this.line.push(cohort, now);
    const able = Math.min(this.line.length, this.#seen.whole(Math.min(perSecond * step, this.line.length)));
    const looked = this.line.take(Math.floor(this.#world.room(units, able) + 1e-9), now);
    const moved: Cohort[] = [];
    for (const { born, n } of looked) {
      this.looked += n;
      this.late.note(Math.max(0, now - born - after), n);
      const wanted = this.#starts.whole(n * starts);
      const started = start(wanted);
      // A row whose start was throttled stays due: the next run finds it.
      if (started < wanted) this.#due.put(now + MINUTE, { born, n: Math.ceil((wanted - started) / starts), tries: 0 });
      if (started > 0) moved.push({ born: now, n: started, tries: 0 });
    }
    return { moved, looked };
  }
}
