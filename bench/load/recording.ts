import { Carry, TokenBucket } from './bucket.ts';
import { Latencies } from './latencies.ts';
import { type Cohort, Later, Line } from './line.ts';
import { Pollers, type World } from './world.ts';

/** Seconds that the client of AWS spends on a call that is throttled four times. */
const THROTTLED = 0.35;
/** Attempts that enrol makes at a transaction, times those of the client. */
const ATTEMPTS = 8 * 4;

/**
 * Enrol: events become rows, and rows become hints. An event whose hint was throttled is recorded already; its message fails,
 * and comes again when its visibility is over, to give the hint.
 */
export class Recording {
  readonly #world: World;
  readonly #starts: TokenBucket;
  readonly #sends: TokenBucket;
  readonly #pollers: Pollers;
  readonly #served = new Carry();
  readonly #failed = new Carry();
  readonly #counts = { starts: new Carry(), wakes: new Carry() };
  readonly line = new Line();
  /** Messages that failed and are hidden: events that are not recorded yet, and hints. */
  readonly #hidden: Later;
  readonly #hints: Readonly<Record<'starts' | 'wakes', { hidden: Later; line: Line }>>;
  readonly latency = new Latencies();
  recorded = 0;
  readonly throttled = { starts: 0, wakes: 0, table: 0 };
  readonly dead = { events: 0, hints: 0 };
  failures = 0;
  /** Executions that events have started. */
  started = 0;
  #debt = 0;

  constructor(world: World) {
    this.#world = world;
    const { plant, step } = world;
    this.#starts = new TokenBucket(plant.startExecution, step);
    this.#sends = new TokenBucket(plant.sendTask, step);
    this.#pollers = new Pollers(plant.queues.enrol.concurrency);
    this.#hidden = new Later(step);
    const hints = () => ({ hidden: new Later(step), line: new Line() });
    this.#hints = { starts: hints(), wakes: hints() };
  }

  /** Events that are not recorded yet. */
  get waiting(): number {
    return this.line.length + this.#hidden.length;
  }

  get hintsWaiting(): number {
    return Object.values(this.#hints).reduce((sum, { hidden, line }) => sum + hidden.length + line.length, 0);
  }

  begin(): void {
    this.#starts.fill(this.#world.step);
    this.#sends.fill(this.#world.step);
  }

  /** For who starts executions besides. */
  start(n: number): number {
    const started = this.#starts.take(n);
    this.throttled.starts += n - started;
    return started;
  }

  /** Takes what has come, and returns the passages that go on, by the birth of the event that moved them. */
  next(come: readonly Cohort[]): { readonly moved: Cohort[]; readonly recorded: Cohort[] } {
    const { now, step, plant } = this.#world;
    for (const cohort of [...come, ...this.#hidden.take(now)]) this.line.push(cohort, now);
    for (const { hidden, line } of Object.values(this.#hints))
      for (const cohort of hidden.take(now)) line.push(cohort, now);
    const again = this.#hints.starts.line.length + this.#hints.wakes.line.length;
    const runs = this.#pollers.next(this.line.length + again, step);
    const there = this.line.length + again + this.#debt / plant.enrol.seconds;
    let capacity = this.#served.whole(this.#world.runs(plant.enrol.seconds, there, runs) - this.#pay(runs));
    const moved: Cohort[] = [];
    for (const what of ['starts', 'wakes'] as const) {
      const taken = this.#hints[what].line.take(Math.ceil(Math.max(0, capacity) / 2), now);
      for (const cohort of taken) {
        capacity -= cohort.n;
        moved.push(...this.#hint(what, cohort, cohort.n));
      }
    }
    const recorded = this.#record(Math.max(0, capacity));
    for (const cohort of recorded)
      for (const what of ['starts', 'wakes'] as const)
        moved.push(
          ...this.#hint(what, { ...cohort, tries: 1 }, this.#counts[what].whole(cohort.n * plant.perEvent[what])),
        );
    return { moved, recorded };
  }

  #record(capacity: number): Cohort[] {
    const { now, plant } = this.#world;
    const wanted = Math.min(capacity, this.line.length);
    const room = Math.min(wanted, Math.floor(this.#world.room(plant.enrol.units, wanted) + 1e-9));
    this.throttled.table += wanted - room;
    const recorded = this.line.take(room, now);
    for (const { born, n } of recorded) {
      this.recorded += n;
      this.latency.note(now - born + plant.enrol.seconds, n);
    }
    // Most find room at one of their many attempts; few do not.
    const chance = wanted === 0 ? 0 : (1 - room / wanted) ** ATTEMPTS;
    for (const cohort of this.line.take(this.#failed.whole(chance * (wanted - room)), now)) this.#fail(cohort);
    return recorded;
  }

  #fail(cohort: Cohort): void {
    const { now, plant } = this.#world;
    this.failures += cohort.n;
    if (cohort.tries + 1 >= plant.queues.enrol.receives) this.dead.events += cohort.n;
    else this.#hidden.put(now + plant.queues.enrol.visibility, { ...cohort, tries: cohort.tries + 1 });
  }

  #hint(what: 'starts' | 'wakes', { born, tries }: Cohort, n: number): Cohort[] {
    const { now, plant } = this.#world;
    const given = (what === 'starts' ? this.#starts : this.#sends).take(n);
    const refused = n - given;
    if (what === 'starts') this.started += given;
    this.throttled[what] += refused;
    this.failures += refused;
    this.#debt += refused * THROTTLED;
    if (tries >= plant.queues.enrol.receives) this.dead.hints += refused;
    else this.#hints[what].hidden.put(now + plant.queues.enrol.visibility, { born, n: refused, tries: tries + 1 });
    return given > 0 ? [{ born, n: given, tries: 0 }] : [];
  }

  /** Runs that waited for throttled calls have done nothing else. Returns events that were not worked on for it. */
  #pay(runs: number): number {
    const { step, plant } = this.#world;
    const paid = Math.min(this.#debt, (runs * step) / 2);
    this.#debt -= paid;
    return paid / plant.enrol.seconds;
  }
}
