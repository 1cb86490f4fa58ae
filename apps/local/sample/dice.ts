import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Chance from a seed: the same seed throws the same numbers on every machine (sfc32 by Chris Doty-Humphrey, started from
 * the seed's sha256). Each person and message has dice of their own, so one more contact changes nobody else's life.
 */
export class Dice {
  readonly #state: Int32Array;

  constructor(...seed: readonly (string | number)[]) {
    this.#state = new Int32Array(sha256(utf8ToBytes(JSON.stringify(seed))).slice(0, 16).buffer);
  }

  /** From 0 up to, but without, 1. */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const sum = (a + b + counter) | 0;
    this.#state[0] = b ^ (b >>> 9);
    this.#state[1] = (c + (c << 3)) | 0;
    this.#state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    this.#state[3] = (counter + 1) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** True in that share of throws. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** Throws a RangeError when there is nothing to pick from. */
  pick<T>(list: readonly T[]): T {
    return at(list, this.whole(0, list.length - 1));
  }

  /** One of the list, by `weight`. Throws a RangeError when there is nothing to pick from. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T {
    let left = this.next() * list.reduce((sum, { weight }) => sum + weight, 0);
    const found = list.findIndex(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return at(list, Math.max(found, 0));
  }

  /** Time between two things that happen by chance, once in `mean` on average. */
  gap(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** Around a median; half as large and twice as large are equally likely (log-normal, Box-Muller). */
  around(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(sigma * normal);
  }
}

function at<T>(list: readonly T[], i: number): T {
  const [found] = list.slice(i, i + 1);
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}
