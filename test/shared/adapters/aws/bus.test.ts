import type { PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { EventBridgeBus, IMPATIENCE } from '#shared/adapters/aws/bus.ts';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { refusal, type Said, type Seen, standIn } from './stand-in.ts';

const entries = (count: number, text = '') =>
  Array.from({ length: count }, (_, n) => ({ source: 'tropa', detailType: 'purchase', detail: { n, text } }));

async function busOf(answer: (input: PutEventsCommandInput, call: number) => Said) {
  const { options, seen } = await standIn(({ input }, count) => answer(input, count - 1));
  return { bus: new EventBridgeBus('shop', jsonApi('events', { ...options, attempts: 1 })), seen };
}

const said = (Entries: object[] | undefined): Said => ({ body: { FailedEntryCount: 0, Entries } });
const takesAll = ({ Entries }: PutEventsCommandInput) => said(Entries?.map((_, n) => ({ EventId: `e${n}` })));
const sizesOf = (seen: readonly Seen[]) => seen.map(({ input }) => input.Entries.length);

test('an entry goes to the named bus with its detail as JSON', async () => {
  const { bus, seen } = await busOf(takesAll);
  expect(await bus.put(entries(1, 'ł'))).toEqual([]);
  expect(seen[0]?.input).toEqual({
    Entries: [{ EventBusName: 'shop', Source: 'tropa', DetailType: 'purchase', Detail: '{"n":0,"text":"ł"}' }],
  });
});

test('no entries make no call', async () => {
  const { bus, seen } = await busOf(takesAll);
  expect(await bus.put([])).toEqual([]);
  expect(seen).toEqual([]);
});

test('at most ten entries go in one call, in order', async () => {
  const { bus, seen } = await busOf(takesAll);
  expect(await bus.put(entries(23))).toEqual([]);
  expect(sizesOf(seen)).toEqual([10, 10, 3]);
});

test('one call stays below a megabyte', async () => {
  const { bus, seen } = await busOf(takesAll);
  await bus.put(entries(5, 'ł'.repeat(150_000)));
  expect(sizesOf(seen)).toEqual([3, 2]);
});

test('the positions of refused entries come back, counted over all calls', async () => {
  const { bus } = await busOf(({ Entries }, call) =>
    said(Entries?.map((_, n) => (n === 1 + call ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' }))),
  );
  expect(await bus.put(entries(20))).toEqual([1, 12]);
});

test('a call that fails refuses its entries and all after them, without asking again', async () => {
  const { bus, seen } = await busOf((input, call) => (call === 1 ? 'cut' : takesAll(input)));
  expect(await bus.put(entries(25))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  expect(seen).toHaveLength(2);
});

test('a call that is refused for what it holds keeps no other from the bus', async () => {
  const { bus, seen } = await busOf((input, call) => (call === 1 ? refusal('ValidationException') : takesAll(input)));
  expect(await bus.put(entries(25))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect(seen).toHaveLength(3);
});

test('a bus that took nothing throws with the reason', async () => {
  const { bus } = await busOf(() => refusal('AccessDeniedException'));
  await expect(bus.put(entries(2))).rejects.toMatchObject({
    message: 'the bus took none of 2 entries',
    cause: { name: 'AccessDeniedException' },
  });
});

test('a bus that refuses every single entry throws too', async () => {
  const { bus } = await busOf(({ Entries }) => said(Entries?.map(() => ({ ErrorCode: 'InternalFailure' }))));
  await expect(bus.put(entries(3))).rejects.toThrow('took none of 3');
});

test('a bus that does not answer is given up soon: a webhook waits', async () => {
  const { endpoint, options, seen } = await standIn(() => 'silence');
  const call = jsonApi('events', { ...options, endpoint, ...IMPATIENCE, timeout: 50 });
  await expect(new EventBridgeBus('shop', call).put(entries(11))).rejects.toThrow('took none of 11');
  expect(seen).toHaveLength(IMPATIENCE.attempts);
  expect(IMPATIENCE.attempts * (IMPATIENCE.connectTimeout + IMPATIENCE.timeout)).toBeLessThanOrEqual(5000);
});
