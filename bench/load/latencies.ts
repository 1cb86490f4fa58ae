const LEAST = 0.01;
const GROWTH = Math.log(1.05);

/** How long things took, weighed by how many they were: percentiles to five percent. */
export class Latencies {
  readonly #bins: number[] = [];
  #n = 0;
  #most = 0;

  note(seconds: number, n: number): void {
    const bin = Math.max(0, Math.ceil(Math.log(Math.max(seconds, LEAST) / LEAST) / GROWTH));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + n;
    this.#n += n;
    this.#most = Math.max(this.#most, seconds);
  }

  get told(): { readonly n: number; readonly p50: number; readonly p99: number; readonly most: number } {
    return { n: this.#n, p50: this.#at(0.5), p99: this.#at(0.99), most: this.#most };
  }

  #at(share: number): number {
    let seen = 0;
    for (let bin = 0; bin < this.#bins.length; bin += 1) {
      seen += this.#bins[bin] ?? 0;
      if (seen > 0 && seen >= share * this.#n) return Math.min(this.#most, LEAST * Math.exp(bin * GROWTH));
    }
    return 0;
  }
}
