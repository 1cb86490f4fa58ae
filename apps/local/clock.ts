import { AsyncLocalStorage } from 'node:async_hooks';
import timers from 'node:timers/promises';
import type { Clock } from '#shared/ports.ts';
import { fromMillis, type Instant, toMillis } from '#shared/time/instant.ts';
import { TimerHeap } from './heap.ts';

/** Work that keeps the clock from jumping, but while it sleeps. */
type Task = { sleepers: number; done: boolean };

export type Drive = {
  /** Up to and including this moment; without it until nothing is left to wait for. */
  readonly until?: Instant;
  /** Told of every moment that the clock jumps to. */
  readonly onJump?: (now: Instant) => void;
};

/** setTimeout takes no more. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * A clock that stands still until it is driven, and then jumps from one due moment to the next whenever nothing is
 * busy. It never runs backwards. Timers of one moment fire in the order in which they were set, each after the work of
 * the one before it has come to rest, so that equal inputs give equal runs.
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap();
  readonly #tasks = new AsyncLocalStorage<Task>();
  #millis: number;
  #shown: Instant | undefined;
  #busy = 0;
  #atRest: (() => void) | undefined;
  #driven = false;
  #release: { readonly ahead: number; stopTimeout: () => void; next: number } | undefined;

  constructor(start: Instant) {
    this.#millis = toMillis(start);
  }

  now(): Instant {
    const millis = this.millis();
    this.#shown ??= fromMillis(millis);
    return this.#shown;
  }

  /** Milliseconds since 1970, as `now` has them. */
  millis(): number {
    if (this.#release) this.#moveTo(Date.now() + this.#release.ahead);
    return this.#millis;
  }

  /** Calls `fire` at the instant, or as soon as possible after it. The function returned takes it back. */
  at(instant: Instant, fire: () => void): () => void {
    return this.atMillis(toMillis(instant), fire);
  }

  atMillis(millis: number, fire: () => void): () => void {
    const timer = this.#timers.push(Math.max(millis, this.millis()), fire);
    if (this.#release && timer.at < this.#release.next) this.#armTimeout();
    return () => this.#timers.cancel(timer);
  }

  /** The work that sleeps, if it was started by `run`, does not hold the clock. */
  sleep(milliseconds: number): Promise<void> {
    const task = this.#tasks.getStore();
    return new Promise((resolve) => {
      this.atMillis(this.millis() + Math.max(0, milliseconds), () => {
        if (task) this.#wake(task);
        resolve();
      });
      if (task) this.#layDown(task);
    });
  }

  /**
   * Runs work that holds the clock until it is done, but for its sleeps. Do not await it inside of other such work: the
   * outer one would hold the clock that the inner one sleeps by.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const task: Task = { sleepers: 0, done: false };
    this.#busy += 1;
    try {
      return await this.#tasks.run(task, work);
    } finally {
      task.done = true;
      if (task.sleepers === 0) this.#rest();
    }
  }

  /** Lets time pass: jumps, or waits where the clock has been released. What a timer throws ends the drive. */
  async drive({ until, onJump }: Drive = {}): Promise<void> {
    if (this.#driven) throw new Error('the clock is being driven already');
    this.#driven = true;
    try {
      await this.#driveTo(until === undefined ? Number.POSITIVE_INFINITY : toMillis(until), onJump);
    } finally {
      this.#driven = false;
    }
  }

  /** From now on time passes by itself, a second a second, until the function returned is called. */
  release(): () => void {
    this.#release ??= { ahead: this.#millis - Date.now(), stopTimeout: () => {}, next: Number.POSITIVE_INFINITY };
    this.#armTimeout();
    return () => {
      this.millis();
      this.#release?.stopTimeout();
      this.#release = undefined;
    };
  }

  async #driveTo(end: number, onJump?: (now: Instant) => void): Promise<void> {
    for (;;) {
      await this.#quiet();
      const timer = this.#timers.peek();
      if (timer === undefined || timer.at > end) break;
      if (this.#release) await new Promise<void>((resolve) => void this.atMillis(timer.at, resolve));
      else {
        if (this.#moveTo(timer.at)) onJump?.(this.now());
        this.#fire();
      }
    }
    if (!Number.isFinite(end)) return;
    if (this.#release) await this.sleep(end - this.millis());
    else this.#moveTo(end);
  }

  /** A turn of the event loop before and after, for what goes on once a task has ended. */
  async #quiet(): Promise<void> {
    if (this.#busy === 0) await timers.setImmediate();
    while (this.#busy > 0) {
      await new Promise<void>((resolve) => {
        this.#atRest = resolve;
      });
      await timers.setImmediate();
    }
  }

  #moveTo(millis: number): boolean {
    if (millis <= this.#millis) return false;
    this.#millis = millis;
    this.#shown = undefined;
    return true;
  }

  #fire(): void {
    const timer = this.#timers.pop();
    const fire = timer?.fire;
    if (timer) timer.fire = undefined;
    fire?.();
  }

  #armTimeout(): void {
    const release = this.#release;
    if (!release) return;
    release.stopTimeout();
    release.next = this.#timers.peek()?.at ?? Number.POSITIVE_INFINITY;
    if (release.next === Number.POSITIVE_INFINITY) return;
    const wait = release.next - this.millis();
    if (wait <= 0) {
      const handle = setImmediate(() => this.#fireDue());
      release.stopTimeout = () => clearImmediate(handle);
    } else {
      const handle = setTimeout(() => this.#fireDue(), Math.min(wait, LONGEST_TIMEOUT));
      release.stopTimeout = () => clearTimeout(handle);
    }
  }

  #fireDue(): void {
    try {
      const now = this.millis();
      while ((this.#timers.peek()?.at ?? Number.POSITIVE_INFINITY) <= now) this.#fire();
    } finally {
      this.#armTimeout();
    }
  }

  #layDown(task: Task): void {
    task.sleepers += 1;
    if (task.sleepers === 1 && !task.done) this.#rest();
  }

  #wake(task: Task): void {
    task.sleepers -= 1;
    if (task.sleepers === 0 && !task.done) this.#busy += 1;
  }

  #rest(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    this.#atRest?.();
    this.#atRest = undefined;
  }
}

/** The same clock, showing the machine's time and passing by itself from the start. */
export class RealClock extends VirtualClock {
  readonly stop: () => void;

  constructor() {
    super(fromMillis(Date.now()));
    this.stop = this.release();
  }
}
