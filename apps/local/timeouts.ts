import type { VirtualClock } from './clock.ts';
import type { From, Timeout, Turn } from './execution-rows.ts';

type TimeoutsOptions = {
  readonly clock: VirtualClock;
  readonly fire: (of: From) => void;
  /** Looks into the file: at most so many of those that stand behind the one given, in their order. */
  readonly readOn: (behind: Turn, limit: number) => readonly Timeout[];
  /** So many are kept in memory after a look into the file, and twice as many at most. @default 5000 */
  readonly kept?: number;
};

type Armed = Timeout & { readonly cancel: () => void };

const byTurn = (a: Turn, b: Turn): number => a.due - b.due || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const START: Turn = { due: Number.NEGATIVE_INFINITY, name: '' };

/**
 * The time-outs of tasks. Those that come next are timers in memory; of a million passages that wait, the others lie in the
 * file alone, until those before them are used up.
 */
export class Timeouts {
  readonly #options: TimeoutsOptions;
  readonly #kept: number;
  readonly #armed = new Map<string, Armed>();
  /** Behind this one, those that are in the file alone; undefined where there are none. */
  #end: Turn | undefined;

  constructor(options: TimeoutsOptions) {
    this.#options = options;
    this.#kept = options.kept ?? 5000;
  }

  /** After a restart: takes up those that the file has. `isWanted`: of what stands there, what is to be timed already. */
  resume(isWanted: (one: Timeout) => boolean): void {
    this.#end = START;
    this.#readOn(isWanted);
  }

  /** The file has it already. */
  arm(timeout: Timeout): void {
    this.#forget(timeout.name);
    if (this.#end && byTurn(this.#end, timeout) < 0) this.#refill();
    else this.#set(timeout);
    if (this.#armed.size > this.#kept * 2) this.#shorten();
  }

  /** A later attempt may have a time-out of its own by now. */
  disarm({ name, attempt }: From): void {
    if (this.#armed.get(name)?.attempt !== attempt) return;
    this.#forget(name);
    this.#refill();
  }

  #set(timeout: Timeout): void {
    const cancel = this.#options.clock.atMillis(timeout.due, () => {
      this.disarm(timeout);
      this.#options.fire(timeout);
    });
    this.#armed.set(timeout.name, { ...timeout, cancel });
  }

  #forget(name: string): void {
    this.#armed.get(name)?.cancel();
    this.#armed.delete(name);
  }

  #shorten(): void {
    const all = [...this.#armed.values()].sort(byTurn);
    this.#end = all[this.#kept - 1];
    for (const { name } of all.slice(this.#kept)) this.#forget(name);
  }

  #refill(): void {
    if (this.#armed.size === 0) this.#readOn(() => true);
  }

  #readOn(isWanted: (one: Timeout) => boolean): void {
    while (this.#end && this.#armed.size === 0) {
      const found = this.#options.readOn(this.#end, this.#kept);
      this.#end = found.length < this.#kept ? undefined : found.at(-1);
      for (const one of found) if (isWanted(one)) this.#set(one);
    }
  }
}
