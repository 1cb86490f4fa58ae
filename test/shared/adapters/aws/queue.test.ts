import { SendMessageBatchCommand, type SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { mocked } from './mocked-client.ts';

const bodies = (count: number, text = '') => Array.from({ length: count }, (_, n) => ({ n, text }));

function queueOf(answer: (input: SendMessageBatchCommandInput, call: number) => object) {
  const client = new SQSClient({});
  const mock = mocked(client);
  const slept: number[] = [];
  let calls = 0;
  mock.on(SendMessageBatchCommand).callsFake((input: SendMessageBatchCommandInput) => answer(input, calls++));
  const clock = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  return { queue: new SqsQueue('https://queue', client, clock), mock, slept };
}

const sizesOf = (mock: ReturnType<typeof queueOf>['mock']) =>
  mock.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input.Entries?.length);

test('bodies go as JSON in batches of ten', async () => {
  const { queue, mock } = queueOf(() => ({}));
  await queue.send(bodies(12));
  expect(sizesOf(mock)).toEqual([10, 2]);
  expect(mock).toHaveReceivedNthCommandWith(SendMessageBatchCommand, 2, {
    QueueUrl: 'https://queue',
    Entries: [
      { Id: '0', MessageBody: '{"n":10,"text":""}' },
      { Id: '1', MessageBody: '{"n":11,"text":""}' },
    ],
  });
});

test('a batch stays within a mebibyte', async () => {
  const { queue, mock } = queueOf(() => ({}));
  await queue.send(bodies(4, 'ł'.repeat(260_000)));
  expect(sizesOf(mock)).toEqual([2, 2]);
});

test('a delay is put on every message', async () => {
  const { queue, mock } = queueOf(() => ({}));
  await queue.send(bodies(1), { delaySeconds: 60 });
  expect(mock).toHaveReceivedCommandWith(SendMessageBatchCommand, {
    Entries: [{ Id: '0', MessageBody: '{"n":0,"text":""}', DelaySeconds: 60 }],
  });
});

test('only what the queue failed to take is sent again, after a pause', async () => {
  const { queue, mock, slept } = queueOf((_, call) =>
    call === 0 ? { Failed: [{ Id: '2', Code: 'InternalError', SenderFault: false }] } : {},
  );
  await queue.send(bodies(4));
  expect(slept).toEqual([50]);
  expect(mock).toHaveReceivedNthCommandWith(SendMessageBatchCommand, 2, {
    QueueUrl: 'https://queue',
    Entries: [{ Id: '0', MessageBody: '{"n":2,"text":""}' }],
  });
});

test('a queue that goes on failing throws after four attempts', async () => {
  const { queue, mock, slept } = queueOf(() => ({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] }));
  await expect(queue.send(bodies(2))).rejects.toThrow('refused 1 of 2 messages: InternalError');
  expect(sizesOf(mock)).toEqual([2, 1, 1, 1]);
  expect(slept).toEqual([50, 200, 800]);
});

test('a message that is itself at fault is not tried again', async () => {
  const { queue, mock } = queueOf(() => ({ Failed: [{ Id: '0', Code: 'InvalidMessageContents', SenderFault: true }] }));
  await expect(queue.send(bodies(1))).rejects.toThrow('InvalidMessageContents');
  expect(sizesOf(mock)).toEqual([1]);
});
