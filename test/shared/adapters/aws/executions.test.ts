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
import { expect, test } from 'vitest';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { mocked } from './mocked-client.ts';

function machine() {
  const client = new SFNClient({});
  return { mock: mocked(client), executions: new SfnExecutions('arn:machine', client) };
}

const details = { message: '', $metadata: {} };

test('an execution starts under its name with its input as JSON', async () => {
  const { mock, executions } = machine();
  mock.on(StartExecutionCommand).resolves({});
  expect(await executions.start('welcome-1', { n: 1 })).toBe('started');
  expect(mock).toHaveReceivedCommandWith(StartExecutionCommand, {
    stateMachineArn: 'arn:machine',
    name: 'welcome-1',
    input: '{"n":1}',
  });
});

test('a name that is taken is an answer, not an error', async () => {
  const { mock, executions } = machine();
  mock.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(details));
  expect(await executions.start('welcome-1', {})).toBe('exists');
});

test('any other refusal of a start is thrown', async () => {
  const { mock, executions } = machine();
  mock.on(StartExecutionCommand).rejects(new Error('ExecutionLimitExceeded'));
  await expect(executions.start('welcome-1', {})).rejects.toThrow('ExecutionLimitExceeded');
});

test.each([
  { refusal: undefined, answer: 'done' },
  { refusal: new TaskTimedOut(details), answer: 'timed-out' },
  { refusal: new InvalidToken(details), answer: 'unknown' },
  { refusal: new TaskDoesNotExist(details), answer: 'unknown' },
])('$refusal.name to an answered token means $answer', async ({ refusal, answer }) => {
  const { mock, executions } = machine();
  const calls = [mock.on(SendTaskSuccessCommand), mock.on(SendTaskFailureCommand)];
  for (const call of calls) refusal ? call.rejects(refusal) : call.resolves({});
  expect(await executions.succeed('token', { seq: 3 })).toBe(answer);
  expect(await executions.fail('token', 'Finished', 'nothing is left to do')).toBe(answer);
  expect(mock).toHaveReceivedCommandWith(SendTaskSuccessCommand, { taskToken: 'token', output: '{"seq":3}' });
  expect(mock).toHaveReceivedCommandWith(SendTaskFailureCommand, {
    taskToken: 'token',
    error: 'Finished',
    cause: 'nothing is left to do',
  });
});

test('a failure that nobody foresaw is thrown', async () => {
  const { mock, executions } = machine();
  mock.on(SendTaskSuccessCommand).rejects(new Error('AccessDenied'));
  await expect(executions.succeed('token', {})).rejects.toThrow('AccessDenied');
});
