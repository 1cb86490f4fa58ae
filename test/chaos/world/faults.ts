import type { FunctionName } from '#functions/wiring.ts';
import type { Random } from '../random.ts';

/**
 * What may befall a call that a function makes, or the call of a function itself:
 * - `crash-before`, `crash-after`: the function dies there, before or after the effect
 * - `hang-before`, `hang-after`: it gets no answer, and dies at its time limit
 * - `slow`: the call is carried out seconds later
 * - `refused`: nothing happens, and the caller is told so: a throttle, a cancelled transaction
 * - `lost`: it happens, and an error stands where the answer should
 * - `stale`: an index, or a read that allows for it, answers as of before the last writes
 * - `some`: the bus takes only some of the entries
 * - `rejected`, `ambiguous`: SES says no for good; nobody knows, and it took nothing
 * - `twice`: the function is called twice at once
 * - `unheard`: the caller hears of an error, and the function lives on
 */
export type FaultKind =
  | 'crash-before'
  | 'crash-after'
  | 'hang-before'
  | 'hang-after'
  | 'slow'
  | 'refused'
  | 'lost'
  | 'stale'
  | 'some'
  | 'rejected'
  | 'ambiguous'
  | 'twice'
  | 'unheard';

const DEATHS = ['crash-before', 'crash-after', 'hang-before', 'hang-after'] as const;
const READ = ['crash-before', 'refused', 'slow'] as const;

/** Calls by name, and what may befall each. What comes more than once comes more often. */
const BEFALL = {
  get: [...READ, 'stale'],
  batchGet: READ,
  query: READ,
  queryIndex: [...READ, 'stale', 'stale'],
  write: [...DEATHS, 'crash-after', 'refused', 'lost', 'slow'],
  transact: [...DEATHS, 'crash-after', 'refused', 'lost', 'slow'],
  start: [...DEATHS, 'refused', 'lost', 'slow'],
  succeed: [...DEATHS, 'refused', 'lost', 'slow'],
  fail: [...DEATHS, 'refused', 'lost', 'slow'],
  put: [...DEATHS, 'refused', 'lost', 'some', 'slow'],
  queue: [...DEATHS, 'refused', 'lost', 'slow'],
  mail: [...DEATHS, 'refused', 'refused', 'lost', 'lost', 'ambiguous', 'rejected', 'slow'],
  web: [...DEATHS, 'slow'],
  invoke: ['crash-before', 'twice', 'twice', 'unheard', 'slow'],
} as const satisfies Record<string, readonly FaultKind[]>;
export type CallName = keyof typeof BEFALL;

/** Calls of interest are few; reads are many and harmless. */
const WEIGHT: Readonly<Record<CallName, number>> = {
  get: 1,
  batchGet: 1,
  query: 1,
  queryIndex: 0.3,
  write: 4,
  transact: 6,
  start: 6,
  succeed: 8,
  fail: 6,
  put: 2,
  queue: 4,
  mail: 40,
  web: 20,
  invoke: 3,
};

/** One that has happened: to the nth such call of the function at that moment. */
export type Fault = {
  readonly by: FunctionName;
  readonly call: CallName;
  readonly at: number;
  readonly n: number;
  readonly kind: FaultKind;
};

const nameOf = ({ by, call, at, n }: Omit<Fault, 'kind'>): string => `${by} ${call} ${at} ${n}`;

/** Faults that are drawn as a world goes on: so many of them, spread over its calls. */
export type Drawn = { readonly random: Random; readonly faults: number; readonly over: number };

/** Decides what befalls each call: as it draws, or by a list of what is to happen again. */
export class Faults {
  readonly happened: Fault[] = [];
  readonly #counts = new Map<string, number>();
  readonly #given: ReadonlyMap<string, FaultKind> | undefined;
  readonly #drawn: Drawn | undefined;
  #least = 0;
  #over = false;
  #left = 0;
  #gap = 0;
  #at = 0;

  constructor(source: Drawn | readonly Fault[]) {
    if ('random' in source) {
      this.#drawn = source;
      this.#left = source.faults;
      this.#gap = this.#nextGap(source);
    } else this.#given = new Map(source.map((fault) => [nameOf(fault), fault.kind]));
  }

  /** From now on at least so many in all: those that are missing come with the very next calls. */
  atLeast(faults: number): void {
    this.#least = faults;
  }

  /** From now on nothing goes wrong. */
  end(): void {
    this.#over = true;
  }

  moment(millis: number): void {
    this.#at = millis;
    this.#counts.clear();
  }

  of(by: FunctionName, call: CallName): FaultKind | undefined {
    if (this.#over) return undefined;
    const name = `${by} ${call}`;
    const n = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, n);
    const at = this.#at;
    const kind = this.#given ? this.#given.get(nameOf({ by, call, at, n })) : this.#draw(call);
    if (kind) this.happened.push({ by, call, at, n, kind });
    return kind;
  }

  #draw(call: CallName): FaultKind | undefined {
    const drawn = this.#drawn;
    if (!drawn || this.#left === 0) return undefined;
    this.#gap -= WEIGHT[call];
    if (this.#gap > 0 && this.happened.length >= this.#least) return undefined;
    this.#left -= 1;
    this.#gap = this.#nextGap(drawn);
    return drawn.random.pick<FaultKind>(BEFALL[call]);
  }

  /** Now and then one follows on the heels of another. */
  #nextGap({ random, faults, over }: Drawn): number {
    return random.chance(0.25) ? random.below(12) : random.below(Math.ceil((2 * over) / faults));
  }
}
