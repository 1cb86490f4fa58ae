import { type Timer, TimerHeap } from '#apps/local/heap.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';
import type { Random } from '../random.ts';

/** Something that can be done at this moment; whether it still should be is asked when its turn comes. */
export type Ready = () => void;

type Process = NodeJS.Process & { readonly _tickCallback?: () => void };

/**
 * Lets everything go on that waits for nothing but a promise that is settled. Node does this after each macrotask and has no
 * public name for it; waiting for the next macrotask instead takes five times as long.
 */
const drain: () => void =
  (process as Process)._tickCallback ??
  (() => {
    throw new Error('this Node cannot drain its microtasks: run the simulation with the one in package.json');
  });

/** How willing a world is to let another go on instead of who went on last. */
const RESTLESS = [1, 1, 0.4, 0.1] as const;

/**
 * Who goes on next. Everything that a world does is either ready or waits for its moment; of what is ready the seed
 * chooses one, all that follows from it without waiting is done, and it chooses again. When nothing is ready, time jumps
 * to the next moment. There is no other order, so that a seed tells the same story each time.
 */
export class Scheduler {
  millis: number;
  steps = 0;
  readonly #ready: Ready[] = [];
  readonly #timers = new TimerHeap();
  readonly #random: Random;
  readonly #onMoment: (millis: number) => void;
  readonly #restless: number;
  #shown: Instant;
  #shownMillis: number;

  constructor(start: number, random: Random, onMoment: (millis: number) => void) {
    this.millis = start;
    this.#random = random;
    this.#onMoment = onMoment;
    this.#restless = random.pick(RESTLESS);
    this.#shown = fromMillis(start);
    this.#shownMillis = start;
  }

  now(): Instant {
    if (this.#shownMillis !== this.millis) {
      this.#shownMillis = this.millis;
      this.#shown = fromMillis(this.millis);
    }
    return this.#shown;
  }

  push(ready: Ready): void {
    this.#ready.push(ready);
  }

  /** Makes it ready at a moment; cancel with the timer that comes back. */
  at(millis: number, ready: Ready): Timer {
    return this.#timers.push(Math.max(millis, this.millis), ready);
  }

  after(millis: number, ready: Ready): void {
    if (millis <= 0) this.#ready.push(ready);
    else this.at(this.millis + millis, ready);
  }

  cancel(timer: Timer): void {
    this.#timers.cancel(timer);
  }

  /** Goes on until nothing is ready and the next moment lies behind this one. Not to be called from within a promise. */
  drive(until: number, most: number): void {
    for (;;) {
      drain();
      const next = this.#choose();
      if (next) {
        this.steps += 1;
        if (this.steps > most) throw new Error(`a world without end: ${most} steps and it is ${this.now()}`);
        next();
      } else if (!this.#jump(until)) return;
    }
  }

  #choose(): Ready | undefined {
    const { length } = this.#ready;
    if (length <= 1) return this.#ready.pop();
    // The newest is what follows from the step before.
    const stays = this.#restless < 1 && !this.#random.chance(this.#restless);
    const i = stays ? length - 1 : this.#random.below(length);
    const chosen = this.#ready[i];
    const last = this.#ready.pop();
    if (last && i < length - 1) this.#ready[i] = last;
    return chosen;
  }

  #jump(until: number): boolean {
    const first = this.#timers.peek();
    if (!first || first.at > until) {
      this.millis = until;
      return false;
    }
    this.millis = first.at;
    this.#random.moment(first.at);
    this.#onMoment(first.at);
    for (let timer = this.#timers.peek(); timer?.at === first.at; timer = this.#timers.peek()) {
      this.#timers.pop();
      const { fire } = timer;
      timer.fire = undefined;
      if (fire) this.#ready.push(fire);
    }
    return true;
  }
}
