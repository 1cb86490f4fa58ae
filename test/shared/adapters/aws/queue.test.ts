import { expect, test } from 'vitest';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { type Seen, standIn } from './stand-in.ts';

const bodies = (count: number, text = '') => Array.from({ length: count }, (_, n) => ({ n, text }));

async function queueOf(answer: (call: number) => object) {
  const { options, seen } = await standIn((_, count) => ({ body: answer(count - 1) }));
  const slept: number[] = [];
  const clock = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  return { queue: new SqsQueue('https://queue', jsonApi('sqs', options), clock), seen, slept };
}

const sizesOf = (seen: readonly Seen[]) => seen.map(({ input }) => input.Entries.length);
const failed = (Id: string, Code: string, SenderFault: boolean) => ({ Failed: [{ Id, Code, SenderFault }] });

test('bodies go as JSON in batches of ten', async () => {
  const { queue, seen } = await queueOf(() => ({}));
  await queue.send(bodies(12));
  expect(sizesOf(seen)).toEqual([10, 2]);
  expect(seen[1]?.input).toEqual({
    QueueUrl: 'https://queue',
    Entries: [
      { Id: '0', MessageBody: '{"n":10,"text":""}' },
      { Id: '1', MessageBody: '{"n":11,"text":""}' },
    ],
  });
});

test('a batch stays within a mebibyte', async () => {
  const { queue, seen } = await queueOf(() => ({}));
  await queue.send(bodies(4, 'ł'.repeat(260_000)));
  expect(sizesOf(seen)).toEqual([2, 2]);
});

test('a delay is put on every message', async () => {
  const { queue, seen } = await queueOf(() => ({}));
  await queue.send(bodies(1), { delaySeconds: 60 });
  expect(seen[0]?.input).toMatchObject({
    Entries: [{ Id: '0', MessageBody: '{"n":0,"text":""}', DelaySeconds: 60 }],
  });
});

test('only what the queue failed to take is sent again, after a pause', async () => {
  const { queue, seen, slept } = await queueOf((call) => (call === 0 ? failed('2', 'InternalError', false) : {}));
  await queue.send(bodies(4));
  expect(slept).toEqual([50]);
  expect(seen[1]?.input).toEqual({
    QueueUrl: 'https://queue',
    Entries: [{ Id: '0', MessageBody: '{"n":2,"text":""}' }],
  });
});

test('a queue that goes on failing throws after four attempts', async () => {
  const { queue, seen, slept } = await queueOf(() => failed('0', 'InternalError', false));
  await expect(queue.send(bodies(2))).rejects.toThrow('refused 1 of 2 messages: InternalError');
  expect(sizesOf(seen)).toEqual([2, 1, 1, 1]);
  expect(slept).toEqual([50, 200, 800]);
});

test('a message that is itself at fault is not tried again', async () => {
  const { queue, seen } = await queueOf(() => failed('0', 'InvalidMessageContents', true));
  await expect(queue.send(bodies(1))).rejects.toThrow('InvalidMessageContents');
  expect(sizesOf(seen)).toEqual([1]);
});
