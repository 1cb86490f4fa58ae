import { LOCAL_ACCOUNT, LOCAL_REGION, type LocalEntry } from './bus.ts';
import type { Failure } from './state-errors.ts';

const STATE_MACHINE = 'journey';
const arn = (kind: string, name: string): string => `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${kind}:${name}`;

export const LOCAL_STATE_MACHINE = { Id: arn('stateMachine', STATE_MACHINE), Name: STATE_MACHINE } as const;

export const executionArn = (name: string): string => arn('execution', `${STATE_MACHINE}:${name}`);

/** What EventBridge says of an execution that failed. Dates are milliseconds since 1970; `input` is the text of it. */
export function failedEntry(
  execution: { readonly name: string; readonly started: number; readonly input: string },
  stopped: number,
  { error, cause }: Failure,
): LocalEntry {
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [executionArn(execution.name)],
    detail: {
      executionArn: executionArn(execution.name),
      stateMachineArn: LOCAL_STATE_MACHINE.Id,
      name: execution.name,
      status: 'FAILED',
      startDate: execution.started,
      stopDate: stopped,
      input: execution.input,
      inputDetails: { included: true },
      output: null,
      outputDetails: null,
      error,
      cause,
    },
  };
}
