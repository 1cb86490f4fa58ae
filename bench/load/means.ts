/** Seconds. */
export const MINUTE = 60;

/** Means by the minute in which things were born. */
export class Means {
  readonly #sums: { n: number; sum: number }[] = [];

  note(born: number, waited: number, n: number): void {
    const minute = Math.floor(born / MINUTE);
    const { n: before, sum } = this.#sums[minute] ?? { n: 0, sum: 0 };
    this.#sums[minute] = { n: before + n, sum: sum + waited * n };
  }

  get told(): { n: number; waited: number }[] {
    return Array.from(this.#sums, (one) => ({ n: one?.n ?? 0, waited: one ? one.sum / one.n : 0 }));
  }
}
