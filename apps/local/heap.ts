/** A thing to do at a moment; `fire` is gone once it has been cancelled. */
export type Timer = { readonly at: number; readonly sequence: number; fire: (() => void) | undefined };

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

/** Below this many, cancelled timers are not worth a clean-up. */
const COMPACT_FROM = 1024;

/**
 * A binary heap of timers, ordered by time and, among equals, by the order in which they were set. Cancelled timers stay
 * until they come to the top or are more than half of all.
 */
export class TimerHeap {
  #timers: Timer[] = [];
  #sequence = 0;
  #cancelled = 0;

  push(at: number, fire: () => void): Timer {
    const timer = { at, sequence: this.#sequence++, fire };
    this.#timers.push(timer);
    this.#rise(this.#timers.length - 1);
    return timer;
  }

  /** The earliest timer that is still wanted. */
  peek(): Timer | undefined {
    for (let top = this.#timers[0]; top !== undefined; top = this.#timers[0]) {
      if (top.fire !== undefined) return top;
      this.#removeTop();
      this.#cancelled -= 1;
    }
    return undefined;
  }

  pop(): Timer | undefined {
    const top = this.peek();
    if (top !== undefined) this.#removeTop();
    return top;
  }

  /** A timer that has fired must be marked so by the caller, who sets `fire` to undefined. */
  cancel(timer: Timer): void {
    if (timer.fire === undefined) return;
    timer.fire = undefined;
    this.#cancelled += 1;
    if (this.#cancelled > COMPACT_FROM && this.#cancelled * 2 > this.#timers.length) this.#compact();
  }

  #compact(): void {
    // A sorted array is a heap.
    this.#timers = this.#timers.filter(({ fire }) => fire !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  #removeTop(): void {
    const last = this.#timers.pop();
    if (last === undefined || this.#timers.length === 0) return;
    this.#timers[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    const timers = this.#timers;
    const timer = timers[from];
    if (timer === undefined) return;
    let i = from;
    while (i > 0) {
      const parent = timers[(i - 1) >> 1];
      if (parent === undefined || !isBefore(timer, parent)) break;
      timers[i] = parent;
      i = (i - 1) >> 1;
    }
    timers[i] = timer;
  }

  #sink(): void {
    const timers = this.#timers;
    const timer = timers[0];
    if (timer === undefined) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      let least = timers[child];
      if (least === undefined) break;
      const right = timers[child + 1];
      if (right !== undefined && isBefore(right, least)) {
        child += 1;
        least = right;
      }
      if (!isBefore(least, timer)) break;
      timers[i] = least;
      i = child;
    }
    timers[i] = timer;
  }
}
