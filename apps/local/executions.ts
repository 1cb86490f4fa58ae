import type { DatabaseSync } from 'node:sqlite';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import type { Executions } from '#shared/ports.ts';
import type { Machine } from './asl.ts';
import type { LocalEntry } from './bus.ts';
import type { VirtualClock } from './clock.ts';
import { type ExecutionRow, ExecutionRows, type From, type Place } from './execution-rows.ts';
import { enter, leave, type Outcome, outcomeSchema, type Step } from './interpret.ts';
import type { Count } from './metering.ts';
import { assertPayload, type Failure } from './state-errors.ts';
import { failedEntry } from './status-change.ts';
import { attemptOf } from './task-tokens.ts';
import { Timeouts } from './timeouts.ts';
import { type Visit, visitOf } from './visit.ts';

export type ExecutionsOptions = {
  readonly db: DatabaseSync;
  readonly clock: VirtualClock;
  readonly machine: Machine;
  /** Calls a Lambda by what stands in `FunctionName`. What it throws is the task's error, by its `name`. */
  readonly invoke: (functionName: string, payload: unknown) => Promise<unknown>;
  /** From 0 to less than 1; seeded, so that equal runs have equal jitter. */
  readonly random: () => number;
  readonly count?: Count;
  /** So many time-outs are kept in memory, as `Timeouts` has it. */
  readonly timeouts?: number;
  /** Gets the *Execution Status Change* of every execution that fails, for the default bus; in the transaction that closes it. */
  readonly onFailed?: (entry: LocalEntry) => void;
};

type Answer = 'done' | 'timed-out' | 'unknown';

const NAME = /^[^\s?*<>{}[\]"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** A name that StartExecution does not take. */
class InvalidName extends Error {
  override readonly name = 'InvalidName';
}

/**
 * Step Functions for one state machine: the same definition file, its state in SQLite. Every move of an execution is
 * one statement on condition of the attempt that it moves from, so that of an answer, a time-out and a late return
 * exactly one counts.
 */
export class LocalExecutions implements Executions {
  readonly #options: ExecutionsOptions;
  readonly #rows: ExecutionRows;
  readonly #transactions: Transactions;
  readonly #timeouts: Timeouts;

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#rows = new ExecutionRows(options.db);
    this.#transactions = new Transactions(options.db);
    this.#timeouts = new Timeouts({
      clock: options.clock,
      fire: (from) => void this.#settle(from, { error: 'States.Timeout', cause: '' }),
      readOn: (behind, limit) => this.#rows.timeouts(behind, limit),
      ...(options.timeouts !== undefined && { kept: options.timeouts }),
    });
  }

  /** Throws InvalidName, and States.DataLimitExceeded for more than 256 KiB. */
  async start(name: string, input: object): Promise<'started' | 'exists'> {
    if (!NAME.test(name)) throw new InvalidName(`no name for an execution: ${name}`);
    const text = JSON.stringify(input);
    assertPayload(text);
    const started = this.#options.clock.millis();
    const state = this.#options.machine.startAt;
    if (!this.#rows.insert(name, state, started, text))
      return this.#rows.get(name)?.input === text ? 'started' : 'exists';
    const at = { state, data: text, entered: started, attempt: 0, retries: [], counted: false };
    this.#go({ name, started, input: text, ...at });
    return 'started';
  }

  async succeed(token: string, output: object): Promise<Answer> {
    return this.#answer(token, { result: output });
  }

  async fail(token: string, error: string, cause: string): Promise<Answer> {
    return this.#answer(token, { error, cause });
  }

  /** After a restart: arms the pauses again, and calls again what had been called. Returns how many executions are open. */
  resume(): number {
    const open = this.#rows.countOpen();
    const moving = this.#rows.moving();
    const called = new Set(moving.map(({ name }) => name));
    this.#timeouts.resume(({ name }) => !called.has(name));
    for (const row of moving) this.#resumeOne(row);
    return open;
  }

  /** Where an execution stands; undefined when there never was one of this name. */
  describe(name: string): Pick<ExecutionRow, 'status' | 'phase' | 'state'> | undefined {
    const row = this.#rows.get(name);
    return row && { status: row.status, phase: row.phase, state: row.state };
  }

  #resumeOne(row: ExecutionRow): void {
    const due = row.due ?? undefined;
    if (row.phase === 'ready') this.#go(visitOf(row, { counted: false }));
    else if (row.phase === 'invoking')
      this.#go({ ...visitOf(row, { counted: true }), ...(due !== undefined && { due }) });
    else if (row.phase === 'retrying') this.#later(due, () => this.#go(visitOf(row, { counted: false })));
    else if (row.phase === 'sleeping') this.#later(due, () => this.#settle(row, { result: null }));
    else if (row.phase === 'settled') this.#finish(row, outcomeSchema.parse(JSON.parse(row.outcome ?? '')));
  }

  #later(due: number | undefined, action: () => void): void {
    this.#options.clock.atMillis(due ?? this.#options.clock.millis(), action);
  }

  #answer(token: string, outcome: Outcome): Answer {
    const from = attemptOf(token);
    if (!from) return 'unknown';
    if (this.#settle(from, outcome)) return 'done';
    const row = this.#rows.get(from.name);
    return row === undefined || row.phase === 'closed' ? 'unknown' : 'timed-out';
  }

  /** Gives a task its outcome, at once and for good; what follows from it comes after. False when it had one. */
  #settle(from: From, outcome: Outcome): boolean {
    const place = this.#rows.settle(from, JSON.stringify(outcome));
    if (!place) return false;
    this.#timeouts.disarm(from);
    this.#finish(place, outcome);
    return true;
  }

  #finish(place: Place, outcome: Outcome): void {
    const visit = visitOf(place, { counted: true });
    this.#run(async () => this.#follow(await this.#carryOut(visit, await leave(visit, outcome, this.#options))));
  }

  #go(visit: Visit): void {
    this.#run(() => this.#follow(visit));
  }

  /** A rejection can only be a fault of this runtime: nobody catches it, and it ends the process. */
  #run(work: () => Promise<void>): void {
    void this.#options.clock.run(work);
  }

  async #follow(first: Visit | undefined): Promise<void> {
    for (let visit = first; visit !== undefined; ) {
      const step = await enter(visit, this.#options.clock.millis(), this.#options);
      visit = await this.#carryOut(visit, step);
    }
  }

  /** Returns the next visit, or undefined when the execution waits, has ended or was overtaken. */
  async #carryOut(visit: Visit, step: Step): Promise<Visit | undefined> {
    const { clock } = this.#options;
    switch (step.kind) {
      case 'call':
        return this.#call(visit, step);
      case 'next': {
        this.#countEntry(visit);
        const { name, started, input, attempt } = visit;
        const at = { state: step.state, data: step.data, entered: clock.millis(), retries: [], counted: false };
        return { name, started, input, attempt, ...at };
      }
      case 'retry':
        return this.#retry(visit, step);
      case 'sleep':
        return this.#sleep(visit, step.until);
      case 'succeed':
        if (this.#rows.close(visit, visit.state, 'SUCCEEDED')) this.#countEntry(visit);
        return undefined;
      case 'fail':
        return this.#fail(visit, step);
    }
  }

  async #call(visit: Visit, step: Step & { kind: 'call' }): Promise<Visit | undefined> {
    const due = visit.due ?? (step.timeout && this.#options.clock.millis() + step.timeout * 1000);
    if (!this.#rows.enter(visit, { ...visit, phase: 'invoking', due })) return undefined;
    this.#countEntry(visit);
    const { due: _, ...begun } = { ...visit, attempt: visit.attempt + 1, counted: true };
    if (due !== undefined) this.#timeouts.arm({ name: begun.name, attempt: begun.attempt, due });
    const outcome = await this.#invoke(step.functionName, step.payload);
    if (step.waitsForToken && 'result' in outcome) {
      this.#rows.wait(begun);
      return undefined;
    }
    this.#timeouts.disarm(begun);
    return this.#carryOut(begun, await leave(begun, outcome, this.#options));
  }

  async #invoke(functionName: string, payload: unknown): Promise<Outcome> {
    this.#options.count?.('lambda', 1);
    try {
      const returned = await this.#options.invoke(functionName, payload);
      return { result: { ExecutedVersion: '$LATEST', Payload: returned ?? null, StatusCode: 200 } };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      return { error: name, cause: JSON.stringify({ errorType: name, errorMessage: message }) };
    }
  }

  #retry(visit: Visit, { delay, retries }: Step & { kind: 'retry' }): undefined {
    const due = this.#options.clock.millis() + delay;
    if (!this.#rows.enter(visit, { ...visit, retries, phase: 'retrying', due })) return;
    this.#countEntry(visit);
    this.#timeouts.disarm(visit);
    this.#later(due, () => this.#go({ ...visit, retries, attempt: visit.attempt + 1, counted: false }));
  }

  #sleep(visit: Visit, due: number): undefined {
    if (!this.#rows.enter(visit, { ...visit, phase: 'sleeping', due })) return;
    this.#countEntry(visit);
    const from = { name: visit.name, attempt: visit.attempt + 1 };
    this.#later(due, () => this.#settle(from, { result: null }));
  }

  /** The row and the news of it in one transaction: no execution fails in silence. */
  #fail(visit: Visit, failure: Failure): undefined {
    this.#transactions.run(() => {
      if (!this.#rows.close(visit, visit.state, 'FAILED')) return;
      this.#countEntry(visit);
      this.#timeouts.disarm(visit);
      this.#options.onFailed?.(failedEntry(visit, this.#options.clock.millis(), failure));
    });
  }

  #countEntry({ counted }: Visit): void {
    if (!counted) this.#options.count?.('transitions', 1);
  }
}
