import * as z from 'zod';
import { fromMillis } from '#shared/time/instant.ts';
import type { Place } from './execution-rows.ts';
import type { Scope } from './jsonata-fast.ts';
import { executionArn, LOCAL_STATE_MACHINE } from './status-change.ts';

/** An execution on its way through a state, in memory. Times are milliseconds since 1970. */
export type Visit = {
  readonly name: string;
  readonly started: number;
  /** What the execution was started with, as JSON. */
  readonly input: string;
  readonly state: string;
  /** The state's input, as JSON. */
  readonly data: string;
  readonly entered: number;
  /** The attempt that the row stands at. */
  readonly attempt: number;
  /** Retries so far, by the position of the retrier. */
  readonly retries: readonly number[];
  /** A time-out that was running already when the process died. */
  readonly due?: number;
  /** Whether entering the state has been counted as a transition. */
  readonly counted: boolean;
};

const retriesSchema = z.array(z.int());

export function visitOf(place: Place, { counted }: { counted: boolean }): Visit {
  const { name, started, state, entered, attempt } = place;
  const retries = retriesSchema.parse(JSON.parse(place.retries ?? '[]'));
  return {
    name,
    started,
    state,
    entered,
    attempt,
    retries,
    counted,
    input: place.input ?? '{}',
    data: place.data ?? '{}',
  };
}

/** What a state has besides its input: the token of a task that waits for one, a result, or the output of an error. */
type More = { readonly token?: string; readonly result?: unknown; readonly errorOutput?: unknown };

/** What expressions see as `$states`, each time with its own copy of the input. */
export const scopeOf = (visit: Visit, { token, ...more }: More = {}): Scope =>
  Object.assign({ input: JSON.parse(visit.data), context: contextOf(visit, token) }, more);

const contextOf = (visit: Visit, token: string | undefined) => ({
  Execution: {
    Id: executionArn(visit.name),
    get Input(): unknown {
      return JSON.parse(visit.input);
    },
    Name: visit.name,
    StartTime: fromMillis(visit.started),
  },
  State: {
    EnteredTime: fromMillis(visit.entered),
    Name: visit.state,
    RetryCount: visit.retries.reduce((sum, n) => sum + n, 0),
  },
  StateMachine: LOCAL_STATE_MACHINE,
  ...(token !== undefined && { Task: { Token: token } }),
});
