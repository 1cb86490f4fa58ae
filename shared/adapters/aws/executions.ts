import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Executions } from '#shared/ports.ts';

type Answer = 'done' | 'timed-out' | 'unknown';

/** Lengths that SendTaskFailure takes. */
const ERROR_LENGTH = 256;
const CAUSE_LENGTH = 32_768;

/** The executions of one Step Functions state machine, by its ARN. */
export class SfnExecutions implements Executions {
  readonly #arn: string;
  readonly #client: SFNClient;

  constructor(stateMachineArn: string, client: SFNClient = new SFNClient({})) {
    this.#arn = stateMachineArn;
    this.#client = client;
  }

  async start(name: string, input: object): Promise<'started' | 'exists'> {
    try {
      await this.#client.send(
        new StartExecutionCommand({ stateMachineArn: this.#arn, name, input: JSON.stringify(input) }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'exists';
      throw error;
    }
  }

  succeed(token: string, output: object): Promise<Answer> {
    return answered(
      this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) })),
    );
  }

  fail(token: string, error: string, cause: string): Promise<Answer> {
    return answered(
      this.#client.send(
        new SendTaskFailureCommand({
          taskToken: token,
          error: error.slice(0, ERROR_LENGTH),
          cause: cause.slice(0, CAUSE_LENGTH),
        }),
      ),
    );
  }
}

async function answered(call: Promise<unknown>): Promise<Answer> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (error instanceof TaskTimedOut) return 'timed-out';
    if (error instanceof InvalidToken || error instanceof TaskDoesNotExist) return 'unknown';
    throw error;
  }
}
