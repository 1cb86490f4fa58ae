import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { mocked } from './mocked-client.ts';

const entries = (count: number, text = '') =>
  Array.from({ length: count }, (_, n) => ({ source: 'tropa', detailType: 'purchase', detail: { n, text } }));

function busOf(answer: (input: PutEventsCommandInput, call: number) => object) {
  const client = new EventBridgeClient({});
  const mock = mocked(client);
  let calls = 0;
  mock.on(PutEventsCommand).callsFake((input: PutEventsCommandInput) => answer(input, calls++));
  return { bus: new EventBridgeBus('shop', client), mock };
}

const takesAll = (input: PutEventsCommandInput) => ({ Entries: input.Entries?.map((_, n) => ({ EventId: `e${n}` })) });

test('an entry goes to the named bus with its detail as JSON', async () => {
  const { bus, mock } = busOf(takesAll);
  expect(await bus.put(entries(1, 'ł'))).toEqual([]);
  expect(mock).toHaveReceivedCommandWith(PutEventsCommand, {
    Entries: [{ EventBusName: 'shop', Source: 'tropa', DetailType: 'purchase', Detail: '{"n":0,"text":"ł"}' }],
  });
});

test('no entries make no call', async () => {
  const { bus, mock } = busOf(takesAll);
  expect(await bus.put([])).toEqual([]);
  expect(mock).not.toHaveReceivedCommand(PutEventsCommand);
});

test('at most ten entries go in one call, in order', async () => {
  const { bus, mock } = busOf(takesAll);
  expect(await bus.put(entries(23))).toEqual([]);
  const calls = mock.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries?.length);
  expect(calls).toEqual([10, 10, 3]);
});

test('one call stays below a megabyte', async () => {
  const { bus, mock } = busOf(takesAll);
  await bus.put(entries(5, 'ł'.repeat(150_000)));
  const calls = mock.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries?.length);
  expect(calls).toEqual([3, 2]);
});

test('the positions of refused entries come back, counted over all calls', async () => {
  const { bus } = busOf((input, call) => ({
    FailedEntryCount: 1,
    Entries: input.Entries?.map((_, n) => (n === 1 + call ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' })),
  }));
  expect(await bus.put(entries(20))).toEqual([1, 12]);
});

test('a call that fails refuses its entries and all after them, without asking again', async () => {
  const { bus, mock } = busOf((input, call) => {
    if (call === 1) throw new Error('no answer');
    return takesAll(input);
  });
  expect(await bus.put(entries(25))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  expect(mock).toHaveReceivedCommandTimes(PutEventsCommand, 2);
});

test('a bus that took nothing throws with the reason', async () => {
  const { bus } = busOf(() => {
    throw new Error('no answer');
  });
  await expect(bus.put(entries(2))).rejects.toMatchObject({
    message: 'the bus took none of 2 entries',
    cause: { message: 'no answer' },
  });
});

test('a bus that refuses every single entry throws too', async () => {
  const { bus } = busOf((input) => ({ Entries: input.Entries?.map(() => ({ ErrorCode: 'InternalFailure' })) }));
  await expect(bus.put(entries(3))).rejects.toThrow('took none of 3');
});
