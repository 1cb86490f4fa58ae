import { Carry, TokenBucket } from './bucket.ts';
import { type Cohort, Line } from './line.ts';
import type { World } from './world.ts';

export type Queued = { readonly transactional: Cohort[]; readonly marketing: Cohort[] };

/** Executions: a turn each, with its pause, as fast as transitions, runs and the table allow. */
export class Passages {
  readonly #world: World;
  readonly #transitions: TokenBucket;
  readonly #runs = new Carry();
  readonly #mails = { transactional: new Carry(), marketing: new Carry() };
  readonly line = new Line();
  turns = 0;
  throttled = 0;

  constructor(world: World) {
    this.#world = world;
    this.#transitions = new TokenBucket(world.plant.transitions, world.step);
  }

  /** Takes passages that go on, and returns the messages that they put out. */
  next(come: readonly Cohort[]): Queued {
    const { now, step, plant } = this.#world;
    this.#transitions.fill(step);
    for (const cohort of come) this.line.push(cohort, now);
    const { turn } = plant;
    const runs = this.#world.runs(turn.seconds, this.line.length);
    const wanted = Math.min(
      this.line.length,
      this.#runs.whole(Math.min(runs, this.#world.room(turn.units, this.line.length))),
    );
    const given = Math.floor(this.#transitions.take(Math.ceil(wanted * turn.transitions)) / turn.transitions + 1e-9);
    const goes = Math.min(wanted, given);
    this.throttled += wanted - goes;
    const queued: Queued = { transactional: [], marketing: [] };
    for (const { born, n } of this.line.take(goes, now)) {
      this.turns += n;
      for (const lane of ['transactional', 'marketing'] as const) {
        const mails = this.#mails[lane].whole(n * turn[lane]);
        if (mails > 0) queued[lane].push({ born, n: mails, tries: 0 });
      }
    }
    return queued;
  }
}
