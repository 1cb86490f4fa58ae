import { readFileSync } from 'node:fs';
import { readMachine } from '#apps/local/asl.ts';
import type { LocalEntry } from '#apps/local/bus.ts';
import type { HandlerDeps } from '#apps/local/handlers.ts';
import type { Timer } from '#apps/local/heap.ts';
import { enter, leave, type Outcome, type Step } from '#apps/local/interpret.ts';
import { failedEntry } from '#apps/local/status-change.ts';
import { attemptOf } from '#apps/local/task-tokens.ts';
import type { Visit } from '#apps/local/visit.ts';
import { advance } from '#functions/advance/advance.ts';
import { pause } from '#functions/pause/pause.ts';
import { STATE_MACHINE_TOKENS } from '#functions/wiring.ts';
import type { Random } from '../random.ts';
import type { Ended } from './actor.ts';
import type { Invoke } from './lambda.ts';
import type { Scheduler } from './scheduler.ts';

const MACHINE = readMachine(
  readFileSync(new URL('../../../statemachines/journey.asl.json', import.meta.url), 'utf8'),
  STATE_MACHINE_TOKENS,
);

/** What the state machine calls, by the name that stands in `FunctionName`. */
const TASKS: Readonly<Record<string, (payload: unknown, deps: HandlerDeps) => Promise<unknown>>> = { advance, pause };

type Execution = {
  readonly name: string;
  readonly input: string;
  readonly started: number;
  status: 'running' | 'succeeded' | 'failed';
  /** The attempt that stands: an answer to an earlier one is too late. */
  attempt: number;
  /** Whether that attempt is a task that has no outcome yet. */
  open: boolean;
  timeout: Timer | undefined;
};

export type MachineOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly invoke: Invoke;
  readonly note?: ((line: string) => void) | undefined;
  readonly onFailed: (entry: LocalEntry) => void;
};

type Answer = 'done' | 'timed-out' | 'unknown';

/** Step Functions in memory: the machine file itself, and of an answer, a time-out and a late return whichever comes first. */
export class StepFunctions {
  readonly executions = new Map<string, Execution>();
  readonly #options: MachineOptions;
  readonly #around: Parameters<typeof enter>[2];

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#around = { machine: MACHINE, random: () => options.random.unit() };
  }

  start(name: string, input: object): 'started' | 'exists' {
    const text = JSON.stringify(input);
    const known = this.executions.get(name);
    if (known) return known.status === 'running' && known.input === text ? 'started' : 'exists';
    const started = this.#options.scheduler.millis;
    const execution: Execution = {
      ...{ name, input: text, started },
      ...{ status: 'running', attempt: 0, open: false, timeout: undefined },
    };
    this.executions.set(name, execution);
    this.#enter(execution, this.#visit(execution, MACHINE.startAt, text));
    return 'started';
  }

  /** An outcome for whoever holds this token. */
  answer(token: string, outcome: Outcome): Answer {
    const from = attemptOf(token);
    const execution = from && this.executions.get(from.name);
    if (!from || !execution) return 'unknown';
    if (this.#settle(execution, from.attempt, outcome)) {
      this.#options.note?.(
        `  execution ${execution.name}: attempt ${from.attempt} is answered ${'error' in outcome ? outcome.error : 'well'}`,
      );
      return 'done';
    }
    this.#options.note?.(
      `  execution ${execution.name} is ${execution.status}, ${execution.attempt} and not ${from.attempt}`,
    );
    return execution.status === 'running' ? 'timed-out' : 'unknown';
  }

  readonly #visits = new Map<string, Visit>();

  #visit({ name, started, input, attempt }: Execution, state: string, data: string): Visit {
    const entered = this.#options.scheduler.millis;
    return { name, started, input, state, data, entered, attempt, retries: [], counted: true };
  }

  #settle(execution: Execution, attempt: number, outcome: Outcome): boolean {
    if (execution.status !== 'running' || !execution.open || execution.attempt !== attempt) return false;
    execution.open = false;
    this.#disarm(execution);
    const visit = this.#visits.get(execution.name);
    if (visit) this.#options.scheduler.push(() => this.#leave(execution, visit, outcome));
    return true;
  }

  #disarm(execution: Execution): void {
    if (execution.timeout) this.#options.scheduler.cancel(execution.timeout);
    execution.timeout = undefined;
  }

  #enter(execution: Execution, visit: Visit): void {
    this.#options.scheduler.push(() => {
      void enter(visit, this.#options.scheduler.millis, this.#around).then((step) =>
        this.#follow(execution, visit, step),
      );
    });
  }

  #leave(execution: Execution, visit: Visit, outcome: Outcome): void {
    void leave(visit, outcome, this.#around).then((step) => this.#follow(execution, visit, step));
  }

  #follow(execution: Execution, visit: Visit, step: Step): void {
    this.#options.note?.(
      `  execution ${execution.name}: ${visit.state}, ${step.kind}${step.kind === 'call' ? ` ${visit.attempt + 1}, for ${step.timeout} s` : ''}`,
    );
    const { scheduler } = this.#options;
    if (step.kind === 'call') this.#call(execution, visit, step);
    else if (step.kind === 'next') this.#enter(execution, this.#visit(execution, step.state, step.data));
    else if (step.kind === 'retry') {
      const again = { ...visit, retries: step.retries, attempt: execution.attempt };
      scheduler.after(step.delay, () => this.#enter(execution, again));
    } else if (step.kind === 'sleep') scheduler.at(step.until, () => this.#leave(execution, visit, { result: null }));
    else if (step.kind === 'succeed') this.#close(execution, 'succeeded');
    else {
      this.#close(execution, 'failed');
      this.#options.onFailed(failedEntry(visit, scheduler.millis, step));
    }
  }

  #close(execution: Execution, status: 'succeeded' | 'failed'): void {
    execution.status = status;
    this.#visits.delete(execution.name);
  }

  #call(execution: Execution, visit: Visit, step: Step & { kind: 'call' }): void {
    const { scheduler, invoke } = this.#options;
    const attempt = visit.attempt + 1;
    execution.attempt = attempt;
    execution.open = true;
    this.#visits.set(execution.name, { ...visit, attempt });
    if (step.timeout !== undefined)
      execution.timeout = scheduler.at(scheduler.millis + step.timeout * 1000, () =>
        this.#settle(execution, attempt, { error: 'States.Timeout', cause: '' }),
      );
    const task = TASKS[step.functionName];
    if (!task) throw new Error(`the machine calls ${step.functionName}, which nobody knows`);
    const name = step.functionName === 'advance' ? 'advance' : 'pause';
    invoke(
      name,
      (deps) => task(step.payload, deps),
      (ended) => {
        const outcome = outcomeOf(ended);
        if (step.waitsForToken && 'result' in outcome) return;
        this.#settle(execution, attempt, outcome);
      },
    );
  }
}

/** As Step Functions tells it. */
function outcomeOf(ended: Ended<unknown>): Outcome {
  if ('result' in ended)
    return {
      result: { ExecutedVersion: '$LATEST', Payload: JSON.parse(JSON.stringify(ended.result)), StatusCode: 200 },
    };
  if ('died' in ended) return { error: ended.died === 'crashed' ? 'Lambda.Unknown' : 'Sandbox.Timedout', cause: '' };
  const { name, message } =
    ended.error instanceof Error ? ended.error : { name: 'Error', message: String(ended.error) };
  return { error: name, cause: JSON.stringify({ errorType: name, errorMessage: message }) };
}
