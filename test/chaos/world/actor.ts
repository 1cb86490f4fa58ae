import type { FunctionName } from '#functions/wiring.ts';
import { Conflict, Throttled } from '#shared/errors.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';
import type { CallName, FaultKind, Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';

/** How a call of a function ended. `died`: it broke off, and nobody knows how far it had come. */
export type Ended<T> =
  | { readonly result: T }
  | { readonly error: unknown }
  | { readonly died: 'crashed' | 'timed out' };

/** Seconds that a function may take. */
const LIMITS: Readonly<Partial<Record<FunctionName, number>>> = {
  send: 60,
  review: 60,
  publish: 60,
  walk: 60,
  call: 60,
};
const LIMIT = 30;
const SLOW = [300, 2000, 9000, 21_000] as const;

export type Around = {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  /** Who does what is being done now. */
  readonly acting: { by: string };
  /** Told of every fault as it happens. */
  readonly told: (fault: FaultKind, by: string, call: CallName) => void;
};

/** One call of one function, which may die at whatever it waits for. From then on it has no effect and hears nothing. */
export class Actor {
  readonly name: FunctionName;
  readonly id: number;
  dead = false;
  readonly #around: Around;
  readonly #skew: number;
  readonly #onDeath: (how: 'crashed' | 'timed out') => void;

  constructor(
    name: FunctionName,
    id: number,
    { around, skew }: { readonly around: Around; readonly skew: number },
    onDeath: (how: 'crashed' | 'timed out') => void,
  ) {
    this.name = name;
    this.id = id;
    this.#around = around;
    this.#skew = skew;
    this.#onDeath = onDeath;
  }

  get label(): string {
    return `${this.name}-${this.id}`;
  }

  now = (): Instant => {
    const { scheduler } = this.#around;
    return this.#skew === 0 ? scheduler.now() : fromMillis(scheduler.millis + this.#skew);
  };

  sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      this.#around.scheduler.after(milliseconds, () => {
        if (!this.dead) resolve();
      });
    });

  /** A call of a port. `work` does it, at once, when its turn has come. `fault` is one that only it can play. */
  call<T>(what: CallName, work: (fault?: FaultKind) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const plainly = (fault?: FaultKind): void => {
        if (this.dead) return;
        this.#around.acting.by = this.label;
        try {
          resolve(work(fault));
        } catch (error) {
          reject(error);
        }
      };
      this.#around.scheduler.push(() => {
        if (this.dead) return;
        const fault = this.#around.faults.of(this.name, what);
        if (fault === undefined) plainly();
        else this.#befall(fault, what, plainly, work, reject);
      });
    });
  }

  die(how: 'crashed' | 'timed out'): void {
    if (this.dead) return;
    this.dead = true;
    this.#onDeath(how);
  }

  #befall(
    fault: FaultKind,
    what: CallName,
    plainly: (fault?: FaultKind) => void,
    work: () => unknown,
    reject: (error: unknown) => void,
  ): void {
    const { scheduler, told } = this.#around;
    told(fault, this.label, what);
    const [how, when] = fault.split('-');
    this.#around.acting.by = this.label;
    if (when === 'after') attempt(work);
    if (how === 'crash') this.die('crashed');
    else if (how === 'hang') scheduler.after((LIMITS[this.name] ?? LIMIT) * 1000, () => this.die('timed out'));
    else if (fault === 'slow') scheduler.after(SLOW[scheduler.steps % SLOW.length] ?? 0, plainly);
    else if (fault === 'refused' && what !== 'mail') reject(refusalOf(what));
    else if (fault === 'lost' && what !== 'mail') {
      const error = attempt(work);
      reject(error ?? new AnswerLost(`the answer to ${what} was lost`));
    } else plainly(fault);
  }
}

/** The answer to a call that did happen was lost on the way. */
class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

const TABLE: readonly CallName[] = ['get', 'batchGet', 'query', 'queryIndex', 'write', 'transact'];

const MACHINE: readonly CallName[] = ['start', 'succeed', 'fail'];

function refusalOf(what: CallName): Error {
  if (TABLE.includes(what)) return new Conflict(`${what} was throttled`);
  return MACHINE.includes(what) ? new Throttled(what) : new Error(`ThrottlingException: ${what}`);
}

/** What came of it, where it went wrong. */
function attempt(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
