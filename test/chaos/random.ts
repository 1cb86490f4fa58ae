/** Numbers that a seed decides, each stream its own: what is drawn from one moves no other. */
export class Random {
  readonly #seed: number;
  #state: number;

  constructor(seed: number, stream: number) {
    this.#seed = (mixed(seed) + Math.imul(stream + 1, 0xc2b2ae35)) | 0;
    this.#state = this.#seed;
    this.#shake();
  }

  /**
   * Draws from now on what the seed has for this moment, whatever was drawn before: a story from which something is taken
   * out is the same at all other moments.
   */
  moment(millis: number): void {
    this.#state = (this.#seed ^ mixed(millis)) | 0;
    this.#shake();
  }

  /** Neighbours would begin alike. */
  #shake(): void {
    this.unit();
    this.unit();
  }

  /** From 0 to less than 1 (mulberry32). */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below this one. */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.below(from.length)];
    if (one === undefined) throw new RangeError('nothing to pick from');
    return one;
  }
}

const mixed = (n: number): number =>
  (Math.imul(n | 0, 0x9e3779b1) ^ Math.imul(Math.floor(n / 2 ** 32) + 1, 0x85ebca6b)) | 0;
