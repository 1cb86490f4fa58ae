export type Rate = { readonly perSecond: number; readonly burst: number };

/** A rate with a burst, as AWS throttles: it fills by so much a second, and holds so much at most. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #most: number;
  #tokens: number;
  /** What was asked for and not there. */
  refused = 0;

  /** `step`: seconds of which the whole is asked for at once, with what comes in them. */
  constructor(rate: Rate, step = 0) {
    this.#rate = rate;
    this.#most = rate.burst + rate.perSecond * step;
    this.#tokens = rate.burst;
  }

  /** Lets so many seconds pass. */
  fill(seconds: number): void {
    this.#tokens = Math.min(this.#most, this.#tokens + this.#rate.perSecond * seconds);
  }

  /** As many as there are of those that are wanted, whole ones only. */
  take(wanted: number): number {
    const taken = Math.min(wanted, Math.floor(this.#tokens + 1e-9));
    this.#tokens -= taken;
    this.refused += wanted - taken;
    return taken;
  }
}

/** Makes whole numbers of fractions, and loses nothing of them. */
export class Carry {
  #left = 0;

  whole(amount: number): number {
    const all = this.#left + amount;
    const whole = Math.floor(all + 1e-9);
    this.#left = all - whole;
    return whole;
  }
}
