import type { Plant } from './plant.ts';
import { Shared, TableRoom } from './shares.ts';

/** What all stages share in one step of time. */
export class World {
  readonly plant: Plant;
  /** Seconds of one step. */
  readonly step: number;
  readonly lambdas: Shared;
  readonly table: TableRoom;
  #steps = 0;

  constructor(plant: Plant, step: number) {
    this.plant = plant;
    this.step = step;
    this.lambdas = new Shared(plant.lambdas);
    this.table = new TableRoom(plant.tableWrites, step);
  }

  get now(): number {
    return this.#steps * this.step;
  }

  next(): void {
    this.#steps += 1;
    this.lambdas.next();
    this.table.next(this.now);
  }

  /** How many things the runs of a function get through in a step, each so many seconds long, for no more than there are. */
  runs(seconds: number, there: number, most = Number.POSITIVE_INFINITY): number {
    const wanted = Math.min(most, (there * seconds) / this.step);
    return seconds === 0 ? there : (this.lambdas.grant(wanted) * this.step) / seconds;
  }

  /** How many things the table has room for, of so many units each. */
  room(units: number, there: number): number {
    return units === 0 ? there : this.table.units.grant(there * units) / units;
  }
}

/** Lambda begins with so many runs for a queue, and adds so many a second while it is behind. */
const [FIRST_RUNS, MORE_RUNS] = [5, 5];

/** How many runs an event source has come to. */
export class Pollers {
  #runs = FIRST_RUNS;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  next(waiting: number, step: number): number {
    const runs = Math.min(this.#most, this.#runs);
    this.#runs = waiting > 0 ? Math.min(this.#most, this.#runs + MORE_RUNS * step) : FIRST_RUNS;
    return runs;
  }
}
