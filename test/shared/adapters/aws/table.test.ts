import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromItem } from '#shared/adapters/aws/attributes.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Write } from '#shared/store/table.ts';
import { StillClock } from '#test/build/table.ts';
import { mocked } from './mocked-client.ts';

const mock = mocked(DynamoDBClient);
const clock = new StillClock();
const table = new DynamoTable(new DynamoDBClient({ region: 'eu-central-1' }), 'tropa', clock);
const key = { pk: 'C#1', sk: 'A' };
const item = { pk: { S: 'C#1' }, sk: { S: 'A' } };
const put: Write = { kind: 'put', row: { ...key, n: 1 }, if: { absent: true } };
const plain = { $metadata: {}, message: '' };

beforeEach(() => {
  mock.reset();
});

/** What DynamoDB does under load or beside other writers, which no engine for tests shows. */
describe('DynamoTable', () => {
  it.each([
    new TransactionConflictException(plain),
    new ThrottlingException(plain),
    new ProvisionedThroughputExceededException(plain),
  ])('calls it a conflict when the answer is $name', async (error) => {
    mock.on(PutItemCommand).rejects(error);
    await expect(table.write(put)).rejects.toSatisfy((thrown) => thrown instanceof Conflict && thrown.cause === error);
    mock.on(GetItemCommand).rejects(error);
    await expect(table.get(key)).rejects.toThrow(Conflict);
  });

  it('leaves other errors as they are', async () => {
    const error = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    mock.on(PutItemCommand).rejects(error);
    await expect(table.write(put)).rejects.toBe(error);
  });

  it('says what stood there when a condition fails, and nothing where it had expired', async () => {
    mock
      .on(PutItemCommand)
      .rejects(new ConditionalCheckFailedException({ ...plain, Item: { ...item, n: { N: '7' } } }));
    await expect(table.write(put)).rejects.toMatchObject({ failed: [0], old: [{ ...key, n: 7 }] });
    const expired = { ...item, expires: { N: String(Date.parse(clock.time) / 1000) } };
    mock.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ ...plain, Item: expired }));
    await expect(table.write(put)).rejects.toMatchObject({ failed: [0], old: [undefined] });
  });

  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({ ...plain, CancellationReasons: codes.map((Code) => ({ Code, Item: item })) });
  const outcome = (error: Error) => {
    mock.on(TransactWriteItemsCommand).rejects(error);
    return table.transact([put]).catch((thrown: unknown) => thrown);
  };

  it.each([['TransactionConflict'], ['ThrottlingError'], ['ProvisionedThroughputExceeded']])(
    'calls a transaction that was cancelled for %s a conflict',
    async (code) => {
      expect(await outcome(cancelled('None', code))).toBeInstanceOf(Conflict);
    },
  );

  it('puts a failed condition before a conflict in the same transaction', async () => {
    const error = await outcome(cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed'));
    expect(error).toBeInstanceOf(ConditionFailed);
    expect(error).toMatchObject({ failed: [2], old: [key] });
  });

  it('leaves a transaction that could never succeed the error that it is', async () => {
    const error = cancelled('None', 'ValidationError');
    expect(await outcome(error)).toBe(error);
  });

  it('asks again for what a batch left over, waiting longer each time', async () => {
    const left = { tropa: { Keys: [item] } };
    mock
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: { tropa: [] }, UnprocessedKeys: left })
      .resolvesOnce({ Responses: { tropa: [] }, UnprocessedKeys: left })
      .resolvesOnce({ Responses: { tropa: [{ ...item, n: { N: '1' } }] } });
    const began = Date.parse(clock.time);
    expect(await table.batchGet([key])).toEqual([{ ...key, n: 1 }]);
    expect(Date.parse(clock.time) - began).toBe(50 + 100);
  });

  it('gives up on a batch that stays throttled with a conflict', async () => {
    mock.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { tropa: { Keys: [item] } } });
    await expect(table.batchGet([key])).rejects.toThrow(Conflict);
  });

  it.each([{ to: '' }, { from: 'b', to: 'a' }, { limit: 0 }])(
    'asks nothing for the stretch %j, which holds nothing and would be refused',
    async (range) => {
      expect(await table.query({ pk: 'C#1', ...range })).toEqual([]);
      expect(await table.queryIndex({ index: 'due', pk: 'due#1', to: '', limit: 9 })).toEqual([]);
      expect(mock.calls()).toHaveLength(0);
    },
  );

  it('asks for a hundred keys at a time, each once', async () => {
    mock.on(BatchGetItemCommand).resolves({});
    const keys = Array.from({ length: 250 }, (_, n) => ({ pk: 'C#1', sk: `${n % 201}` }));
    await table.batchGet(keys);
    const sizes = mock
      .commandCalls(BatchGetItemCommand)
      .map(({ args }) => args[0].input.RequestItems?.['tropa']?.Keys?.length);
    expect(sizes).toEqual([100, 100, 1]);
  });
});

describe('fromItem', () => {
  it('reads an image of the stream, and refuses what no row of ours has', () => {
    expect(fromItem({ ...item, list: { L: [{ N: '1e21' }, { NULL: true }] } })).toEqual({ ...key, list: [1e21, null] });
    expect(() => fromItem({ ...item, set: { SS: ['a'] } })).toThrow(/SS/);
    expect(() => fromItem({ pk: { S: 'C#1' } })).toThrow();
  });
});
