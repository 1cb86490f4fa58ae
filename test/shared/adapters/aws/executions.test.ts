import { expect, test } from 'vitest';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { refusal, type Said, standIn } from './stand-in.ts';

async function machine(answer: Said = {}) {
  const { options, seen } = await standIn(() => answer);
  return { seen, executions: new SfnExecutions('arn:machine', jsonApi('states', options)) };
}

test('an execution starts under its name with its input as JSON', async () => {
  const { seen, executions } = await machine();
  expect(await executions.start('welcome-1', { n: 1 })).toBe('started');
  expect(seen).toMatchObject([
    { operation: 'StartExecution', input: { stateMachineArn: 'arn:machine', name: 'welcome-1', input: '{"n":1}' } },
  ]);
});

test('a name that is taken is an answer, not an error', async () => {
  const { executions } = await machine(refusal('ExecutionAlreadyExists'));
  expect(await executions.start('welcome-1', {})).toBe('exists');
});

test('any other refusal of a start is thrown', async () => {
  const { executions } = await machine(refusal('ExecutionLimitExceeded'));
  await expect(executions.start('welcome-1', {})).rejects.toMatchObject({ name: 'ExecutionLimitExceeded' });
});

test.each([
  { name: 'no refusal', said: {}, answer: 'done' },
  { name: 'TaskTimedOut', said: refusal('TaskTimedOut'), answer: 'timed-out' },
  { name: 'InvalidToken', said: refusal('InvalidToken'), answer: 'unknown' },
  { name: 'TaskDoesNotExist', said: refusal('TaskDoesNotExist'), answer: 'unknown' },
])('$name to an answered token means $answer', async ({ said, answer }) => {
  const { seen, executions } = await machine(said);
  expect(await executions.succeed('token', { seq: 3 })).toBe(answer);
  expect(await executions.fail('token', 'Finished', 'nothing is left to do')).toBe(answer);
  expect(seen).toMatchObject([
    { operation: 'SendTaskSuccess', input: { taskToken: 'token', output: '{"seq":3}' } },
    {
      operation: 'SendTaskFailure',
      input: { taskToken: 'token', error: 'Finished', cause: 'nothing is left to do' },
    },
  ]);
});

test.each(['ThrottlingException', 'TooManyRequestsException'])(
  '%s, after further attempts, means that no more is taken for now',
  async (name) => {
    const { executions } = await machine(refusal(name));
    await expect(executions.start('welcome-1', {})).rejects.toMatchObject({ name: 'Throttled' });
    await expect(executions.succeed('token', {})).rejects.toMatchObject({ name: 'Throttled' });
  },
);

test('an error and its cause are cut to what Step Functions takes', async () => {
  const { seen, executions } = await machine();
  await executions.fail('token', 'E'.repeat(300), 'c'.repeat(40_000));
  expect([seen[0]?.input.error.length, seen[0]?.input.cause.length]).toEqual([256, 32_768]);
});

test('a failure that nobody foresaw is thrown', async () => {
  const { executions } = await machine(refusal('AccessDeniedException'));
  await expect(executions.succeed('token', {})).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
