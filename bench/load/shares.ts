/** Something of which all take at the same time: runs of the account, write units of the table. Who wants more gets more. */
export class Shared {
  limit: number;
  #wanted = 0;
  #share = 1;
  /** What was wanted and not given. */
  refused = 0;
  /** The most that was ever given at a time. */
  peak = 0;
  #given = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** A part of what is wanted, as large as it was for everybody a step ago. */
  grant(wanted: number): number {
    const given = Math.min(wanted * this.#share, Math.max(0, this.limit - this.#given));
    this.#wanted += wanted;
    this.#given += given;
    this.refused += wanted - given;
    return given;
  }

  /** Begins the next step. Returns what was given in the one that is over. */
  next(): number {
    const given = this.#given;
    this.#share = this.#wanted > this.limit ? this.limit / this.#wanted : 1;
    this.peak = Math.max(this.peak, given);
    this.#wanted = 0;
    this.#given = 0;
    return given;
  }
}

/** Seconds in which a table on demand makes room for twice its last peak: assumed; AWS says only "within 30 minutes". */
const GROWS = 300;

/** Write units of a table on demand: so many at first, later twice what it has had. */
export class TableRoom {
  readonly units: Shared;
  readonly #step: number;
  #perSecond: number;
  #second = { began: 0, units: 0 };
  #peak = 0;
  #grownAt = 0;

  constructor(perSecond: number, step: number) {
    this.#perSecond = perSecond;
    this.#step = step;
    this.units = new Shared(perSecond * step);
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  next(now: number): void {
    this.#second.units += this.units.next();
    if (now - this.#second.began >= 60) {
      this.#peak = Math.max(this.#peak, this.#second.units / (now - this.#second.began));
      this.#second = { began: now, units: 0 };
    }
    if (now - this.#grownAt < GROWS) return;
    this.#grownAt = now;
    this.#perSecond = Math.max(this.#perSecond, 2 * this.#peak);
    this.units.limit = this.#perSecond * this.#step;
  }
}
