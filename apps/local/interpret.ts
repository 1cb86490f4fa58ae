import * as z from 'zod';
import type { Choice, Machine, State, Task, Wait } from './asl.ts';
import type { Template } from './jsonata.ts';
import type { Scope } from './jsonata-fast.ts';
import { namesError, retryDelay } from './recovery.ts';
import { assertPayload, type Failure, StateError } from './state-errors.ts';
import { tokenOf } from './task-tokens.ts';
import { scopeOf, type Visit } from './visit.ts';

/** What comes next for an execution. Whoever carries it out owns the rows, the timers and the calls. */
export type Step =
  | {
      readonly kind: 'call';
      readonly functionName: string;
      readonly payload: unknown;
      /** Seconds, where the task has a time-out. */
      readonly timeout?: number;
      readonly waitsForToken: boolean;
    }
  | { readonly kind: 'sleep'; readonly until: number }
  | { readonly kind: 'next'; readonly state: string; readonly data: string }
  | { readonly kind: 'retry'; readonly delay: number; readonly retries: readonly number[] }
  | { readonly kind: 'succeed' }
  | ({ readonly kind: 'fail' } & Failure);

/** What a task came to. */
export const outcomeSchema = z.union([
  z.object({ error: z.string(), cause: z.string() }),
  z.object({ result: z.unknown() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

type Around = { readonly machine: Machine; readonly random: () => number };

/** What entering a state asks for. */
export async function enter(visit: Visit, now: number, around: Around): Promise<Step> {
  const state = around.machine.state(visit.state);
  try {
    return await enterState(visit, state, now);
  } catch (error) {
    if (error instanceof StateError) return recover(visit, state, { error: error.name, cause: error.message }, around);
    throw error;
  }
}

/** What leaving a task or a wait with its outcome asks for. */
export async function leave(visit: Visit, outcome: Outcome, around: Around): Promise<Step> {
  const state = around.machine.state(visit.state);
  if ('error' in outcome) return recover(visit, state, outcome, around);
  try {
    return await proceed(visit, state, outcome.result);
  } catch (error) {
    if (error instanceof StateError) return recover(visit, state, { error: error.name, cause: error.message }, around);
    throw error;
  }
}

async function enterState(visit: Visit, state: State, now: number): Promise<Step> {
  switch (state.Type) {
    case 'Task':
      return call(visit, state);
    case 'Wait':
      return { kind: 'sleep', until: await wakeTime(state, scopeOf(visit), now) };
    case 'Choice':
      return choose(visit, state);
    case 'Fail': {
      const scope = scopeOf(visit);
      const [error, cause] = [await state.Error?.(scope), await state.Cause?.(scope)];
      return { kind: 'fail', error: String(error ?? ''), cause: String(cause ?? '') };
    }
    default:
      return proceed(visit, state, undefined);
  }
}

const argumentsSchema = z.strictObject({ FunctionName: z.string(), Payload: z.unknown().optional() });
const timeoutSchema = z.int().min(1).max(99_999_999);

async function call(visit: Visit, task: Task): Promise<Step> {
  const waitsForToken = task.Resource.endsWith('.waitForTaskToken');
  const scope = scopeOf(
    visit,
    waitsForToken ? { token: tokenOf({ name: visit.name, attempt: visit.attempt + 1 }) } : {},
  );
  const given = check(argumentsSchema, await task.Arguments(scope), 'Arguments');
  const timeout = task.TimeoutSeconds && check(timeoutSchema, await task.TimeoutSeconds(scope), 'TimeoutSeconds');
  return {
    kind: 'call',
    functionName: given.FunctionName,
    payload: given.Payload,
    waitsForToken,
    ...(timeout !== undefined && { timeout }),
  };
}

async function wakeTime(wait: Wait, scope: Scope, now: number): Promise<number> {
  if (wait.Seconds) return now + check(z.int().min(0).max(99_999_999), await wait.Seconds(scope), 'Seconds') * 1000;
  return Date.parse(check(z.iso.datetime({ offset: true }), await wait.Timestamp?.(scope), 'Timestamp'));
}

async function choose(visit: Visit, { Choices, Default, Output }: Choice): Promise<Step> {
  const scope = scopeOf(visit);
  for (const choice of Choices)
    if (check(z.boolean(), await choice.Condition(scope), 'Condition'))
      return { kind: 'next', state: choice.Next, data: await output(choice.Output ?? Output, scope, scope['input']) };
  if (Default === undefined) throw new StateError('States.NoChoiceMatched', `no choice of ${visit.state} fits`);
  return { kind: 'next', state: Default, data: await output(Output, scope, scope['input']) };
}

function check<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StateError('States.QueryEvaluationError', `${field}: ${z.prettifyError(parsed.error)}`);
}

/** Only tasks have results; other states hand their input on. */
async function proceed(visit: Visit, state: State, result: unknown): Promise<Step> {
  if (state.Type === 'Choice' || state.Type === 'Fail') throw new Error(`${state.Type} has no successor`);
  const isTask = state.Type === 'Task';
  const scope = scopeOf(visit, isTask ? { result } : {});
  const data = await output(state.Output, scope, isTask ? result : scope['input']);
  return state.Type === 'Succeed' || state.Next === undefined
    ? { kind: 'succeed' }
    : { kind: 'next', state: state.Next, data };
}

/** Retry, else Catch, else the end. */
async function recover(visit: Visit, state: State, failure: Failure, { random }: Around): Promise<Step> {
  if (state.Type !== 'Task') return { kind: 'fail', ...failure };
  const position = state.Retry.findIndex(({ ErrorEquals }) => namesError(ErrorEquals, failure.error));
  const retrier = state.Retry[position];
  const delay = retrier && retryDelay(retrier, visit.retries[position] ?? 0, random);
  if (delay !== undefined) return { kind: 'retry', delay, retries: raised(visit.retries, position) };
  const catcher = state.Catch.find(({ ErrorEquals }) => namesError(ErrorEquals, failure.error));
  if (!catcher) return { kind: 'fail', ...failure };
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  try {
    const data = await output(catcher.Output, scopeOf(visit, { errorOutput }), errorOutput);
    return { kind: 'next', state: catcher.Next, data };
  } catch (error) {
    if (error instanceof StateError) return { kind: 'fail', error: error.name, cause: error.message };
    throw error;
  }
}

const raised = (retries: readonly number[], position: number): number[] =>
  Array.from(
    { length: Math.max(retries.length, position + 1) },
    (_, i) => (retries[i] ?? 0) + (i === position ? 1 : 0),
  );

async function output(template: Template | undefined, scope: Scope, otherwise: unknown): Promise<string> {
  const text = JSON.stringify(template ? await template(scope) : otherwise);
  assertPayload(text);
  return text;
}
