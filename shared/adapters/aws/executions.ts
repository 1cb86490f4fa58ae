import { Throttled } from '#shared/errors.ts';
import type { Executions } from '#shared/ports.ts';
import { AwsError, isThrottled } from './api-errors.ts';
import { type JsonApi, jsonApi } from './json-api.ts';

type Answer = 'done' | 'timed-out' | 'unknown';

/** Lengths that SendTaskFailure takes. */
const ERROR_LENGTH = 256;
const CAUSE_LENGTH = 32_768;

/** The executions of one Step Functions state machine, by its ARN. */
export class SfnExecutions implements Executions {
  readonly #arn: string;
  readonly #call: JsonApi;

  constructor(stateMachineArn: string, call = jsonApi('states')) {
    this.#arn = stateMachineArn;
    this.#call = call;
  }

  async start(name: string, input: object): Promise<'started' | 'exists'> {
    try {
      await this.#call('StartExecution', { stateMachineArn: this.#arn, name, input: JSON.stringify(input) });
      return 'started';
    } catch (error) {
      if (error instanceof AwsError && error.name === 'ExecutionAlreadyExists') return 'exists';
      throw asThrottled(error);
    }
  }

  succeed(token: string, output: object): Promise<Answer> {
    return answered(this.#call('SendTaskSuccess', { taskToken: token, output: JSON.stringify(output) }));
  }

  fail(token: string, error: string, cause: string): Promise<Answer> {
    return answered(
      this.#call('SendTaskFailure', {
        taskToken: token,
        error: error.slice(0, ERROR_LENGTH),
        cause: cause.slice(0, CAUSE_LENGTH),
      }),
    );
  }
}

/** What Step Functions says of a token that it does not take. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  TaskTimedOut: 'timed-out',
  InvalidToken: 'unknown',
  TaskDoesNotExist: 'unknown',
};

const asThrottled = (error: unknown): unknown =>
  isThrottled(error) ? new Throttled('Step Functions takes no more for now', { cause: error }) : error;

async function answered(call: Promise<unknown>): Promise<Answer> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const answer = error instanceof AwsError ? ANSWERS[error.name] : undefined;
    if (answer === undefined) throw asThrottled(error);
    return answer;
  }
}
