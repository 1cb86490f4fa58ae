import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { fromItem } from '#shared/adapters/aws/attributes.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Write } from '#shared/store/table.ts';
import { StillClock } from '#test/build/table.ts';
import { refusal, type Said, type Seen, standIn } from './stand-in.ts';

const key = { pk: 'C#1', sk: 'A' };
const item = { pk: { S: 'C#1' }, sk: { S: 'A' } };
const put: Write = { kind: 'put', row: { ...key, n: 1 }, if: { absent: true } };

async function dynamo(answer: (seen: Seen, count: number) => Said) {
  const { options, seen } = await standIn(answer);
  const clock = new StillClock();
  return { seen, clock, table: new DynamoTable('tropa', clock, dynamoApi({ ...options, attempts: 1 })) };
}

/** What DynamoDB does under load or beside other writers, which no engine for tests shows. */
describe('DynamoTable', () => {
  it.each(['TransactionConflictException', 'ThrottlingException', 'ProvisionedThroughputExceededException'])(
    'calls it a conflict when the answer is %s',
    async (name) => {
      const { table } = await dynamo(() => refusal(name));
      for (const call of [table.write(put), table.get(key)]) {
        const thrown = await call.catch((error: unknown) => error);
        expect(thrown).toBeInstanceOf(Conflict);
        expect(thrown).toMatchObject({ cause: { name } });
      }
    },
  );

  it('leaves other errors as they are', async () => {
    const { table } = await dynamo(() => refusal('ResourceNotFoundException'));
    await expect(table.write(put)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const broken = await dynamo(() => 'cut');
    await expect(broken.table.write(put)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('makes a transaction whose answer was lost again under the same token, so that it happens once', async () => {
    const { options, seen } = await standIn((_, count) => (count === 1 ? 'cut' : {}));
    const table = new DynamoTable('tropa', new StillClock(), dynamoApi(options));
    await table.transact([put, { ...put, row: { ...put.row, sk: 'B' } }]);
    await table.transact([put]);
    const tokens = seen.map(({ input }) => input.ClientRequestToken);
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[2]).not.toBe(tokens[1]);
  });

  it('says what stood there when a condition fails, and nothing where it had expired', async () => {
    let stands: object = { ...item, n: { N: '7' } };
    const { table, clock } = await dynamo(() => refusal('ConditionalCheckFailedException', 400, { Item: stands }));
    await expect(table.write(put)).rejects.toMatchObject({ failed: [0], old: [{ ...key, n: 7 }] });
    stands = { ...item, expires: { N: String(Date.parse(clock.time) / 1000) } };
    await expect(table.write(put)).rejects.toMatchObject({ failed: [0], old: [undefined] });
  });

  const outcome = async (...codes: string[]) => {
    const CancellationReasons: CancellationReason[] = codes.map((Code) => ({ Code, Item: item }));
    const { table } = await dynamo(() => refusal('TransactionCanceledException', 400, { CancellationReasons }));
    return table.transact([put]).catch((thrown: unknown) => thrown);
  };

  it.each([['TransactionConflict'], ['ThrottlingError'], ['ProvisionedThroughputExceeded']])(
    'calls a transaction that was cancelled for %s a conflict',
    async (code) => {
      expect(await outcome('None', code)).toBeInstanceOf(Conflict);
    },
  );

  it('puts a failed condition before a conflict in the same transaction', async () => {
    const error = await outcome('TransactionConflict', 'None', 'ConditionalCheckFailed');
    expect(error).toBeInstanceOf(ConditionFailed);
    expect(error).toMatchObject({ failed: [2], old: [key] });
  });

  it('leaves a transaction that could never succeed the error that it is', async () => {
    expect(await outcome('None', 'ItemCollectionSizeLimitExceeded')).toMatchObject({
      name: 'TransactionCanceledException',
    });
  });

  it('calls what no table holds out of range, by itself and in a transaction', async () => {
    expect(await outcome('None', 'ValidationError')).toBeInstanceOf(RangeError);
    for (const name of ['ValidationException', 'SerializationException']) {
      const { table } = await dynamo(() => refusal(name));
      await expect(table.write(put)).rejects.toBeInstanceOf(RangeError);
    }
  });

  it('asks again for what a batch left over, waiting longer each time', async () => {
    const UnprocessedKeys = { tropa: { Keys: [item] } };
    const { table, clock } = await dynamo((_, count) => ({
      body:
        count < 3
          ? { Responses: { tropa: [] }, UnprocessedKeys }
          : { Responses: { tropa: [{ ...item, n: { N: '1' } }] }, UnprocessedKeys: {} },
    }));
    const began = Date.parse(clock.time);
    expect(await table.batchGet([key])).toEqual([{ ...key, n: 1 }]);
    expect(Date.parse(clock.time) - began).toBe(50 + 100);
  });

  it('gives up on a batch that stays throttled with a conflict', async () => {
    const { table } = await dynamo(() => ({ body: { UnprocessedKeys: { tropa: { Keys: [item] } } } }));
    await expect(table.batchGet([key])).rejects.toThrow(Conflict);
  });

  it.each([{ to: '' }, { from: 'b', to: 'a' }, { limit: 0 }])(
    'asks nothing for the stretch %j, which holds nothing and would be refused',
    async (range) => {
      const { table, seen } = await dynamo(() => 'cut');
      expect(await table.query({ pk: 'C#1', ...range })).toEqual([]);
      expect(await table.queryIndex({ index: 'due', pk: 'due#1', to: '', limit: 9 })).toEqual([]);
      expect(seen).toEqual([]);
    },
  );

  it('asks for a hundred keys at a time, each once', async () => {
    const { table, seen } = await dynamo(() => ({}));
    await table.batchGet(Array.from({ length: 250 }, (_, n) => ({ pk: 'C#1', sk: `${n % 201}` })));
    const sizes = seen.map(({ input }) => input.RequestItems.tropa.Keys.length);
    expect(sizes.sort((a, b) => b - a)).toEqual([100, 100, 1]);
  });
});

describe('fromItem', () => {
  it('reads an image of the stream, and refuses what no row of ours has', () => {
    expect(fromItem({ ...item, list: { L: [{ N: '1e21' }, { NULL: true }] } })).toEqual({ ...key, list: [1e21, null] });
    expect(() => fromItem({ ...item, set: { SS: ['a'] } })).toThrow(/SS/);
    expect(() => fromItem({ pk: { S: 'C#1' } })).toThrow();
  });
});
