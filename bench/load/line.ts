/** Things that have come at one moment, and how often they have been tried. Times are seconds of the simulation. */
export type Cohort = { readonly born: number; readonly n: number; readonly tries: number };

type Waiting = { readonly cohort: Cohort; readonly since: number; left: number };

export const sizeOf = (cohorts: readonly Cohort[]): number => cohorts.reduce((sum, { n }) => sum + n, 0);

/** A queue, first in first out, that remembers how long it was and how long anything has waited in it. */
export class Line {
  #waiting: Waiting[] = [];
  #first = 0;
  length = 0;
  peak = 0;
  longestWait = 0;
  /** When anything last waited for longer than a second. */
  busyUntil = 0;

  push(cohort: Cohort, now: number): void {
    if (cohort.n <= 0) return;
    this.#waiting.push({ cohort, since: now, left: cohort.n });
    this.length += cohort.n;
    this.peak = Math.max(this.peak, this.length);
  }

  /** Takes so many, the longest waiting first. */
  take(wanted: number, now: number): Cohort[] {
    const taken: Cohort[] = [];
    let left = Math.min(wanted, this.length);
    while (left > 0) {
      const first = this.#waiting[this.#first];
      if (!first) break;
      const n = Math.min(left, first.left);
      taken.push({ ...first.cohort, n });
      this.#noteWait(now - first.since, now);
      first.left -= n;
      left -= n;
      this.length -= n;
      if (first.left === 0) this.#first += 1;
    }
    this.#tidy();
    return taken;
  }

  /** Seconds that the first has waited. */
  age(now: number): number {
    const first = this.#waiting[this.#first];
    return first ? now - first.since : 0;
  }

  #noteWait(waited: number, now: number): void {
    this.longestWait = Math.max(this.longestWait, waited);
    if (waited > 1) this.busyUntil = now;
  }

  #tidy(): void {
    if (this.#first < 1024 || this.#first * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}

/** What comes again at some moment: hidden messages, storefronts that try again, rows that will be due. */
export class Later {
  readonly #step: number;
  readonly #together: number;
  readonly #at = new Map<number, Map<string, Cohort>>();
  #looked = -1;
  length = 0;

  /** `together`: what was born within so many seconds is as one, and what was tried as often. */
  constructor(step: number, together = 5) {
    this.#step = step;
    this.#together = together;
  }

  put(at: number, cohort: Cohort): void {
    if (cohort.n <= 0) return;
    const slot = Math.max(Math.ceil(at / this.#step), this.#looked + 1);
    const there = this.#at.get(slot) ?? new Map<string, Cohort>();
    this.#at.set(slot, there);
    const name = `${Math.floor(cohort.born / this.#together)} ${cohort.tries}`;
    const alike = there.get(name);
    there.set(name, alike ? { ...alike, n: alike.n + cohort.n } : cohort);
    this.length += cohort.n;
  }

  /** What has come by now. Time does not run backwards. */
  take(now: number): Cohort[] {
    const slot = Math.floor(now / this.#step + 1e-9);
    const due: Cohort[] = [];
    for (; this.#looked < slot; this.#looked += 1) {
      const there = this.#at.get(this.#looked + 1);
      if (!there) continue;
      this.#at.delete(this.#looked + 1);
      for (const cohort of there.values()) {
        due.push(cohort);
        this.length -= cohort.n;
      }
    }
    return due;
  }
}
