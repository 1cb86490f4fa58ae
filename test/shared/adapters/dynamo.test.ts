import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';
import { SqliteTable, type Use } from '#shared/adapters/sqlite/table.ts';
import { ConditionFailed } from '#shared/errors.ts';
import type { Table, Write } from '#shared/store/table.ts';
import { StillClock } from '#test/build/table.ts';
import { freshPk } from '#test/shared/store/contract/subject.ts';
import { tableContract } from '#test/shared/store/contract.ts';
import { billedCalls, tellUnits } from './billed-calls.ts';
import { createTable, type Engine, engineIsHere, startEngine } from './dynamo-engine.ts';
import { inPartition, randomWrites } from './random-writes.ts';

if (!engineIsHere)
  console.warn('The DynamoDB suite DID NOT RUN: @dynoxide/linux-x64 is not installed or not for this machine.');

describe.skipIf(!engineIsHere)('against a DynamoDB engine', () => {
  let engine: Engine | undefined;
  const engineNow = (): Engine => {
    if (!engine) throw new Error('the engine runs while the suite does');
    return engine;
  };
  const dynamo = (clock: StillClock) => new DynamoTable('tropa', clock, dynamoApi(engineNow().options));
  beforeAll(async () => {
    engine = await startEngine();
    await createTable(engine.client, 'tropa');
  });
  afterAll(async () => {
    await engine?.stop();
  });

  tableContract('DynamoTable', async () => {
    const clock = new StillClock();
    return { table: dynamo(clock), clock };
  });

  /** What a caller learns: the row, or which writes failed and what stood there, or that it was an error. */
  const outcome = async (table: Table, writes: readonly Write[]) => {
    const [first] = writes;
    try {
      if (writes.length === 1 && first) return { row: await table.write(first) };
      return { done: await table.transact(writes) };
    } catch (error) {
      return error instanceof ConditionFailed ? { failed: error.failed, old: error.old } : 'error';
    }
  };
  const everything = async (table: Table, pk: string) => ({
    rows: await table.query({ pk }),
    backwards: await table.query({ pk, reverse: true, limit: 2 }),
    due: await table.queryIndex({ index: 'due', pk: `due#${pk}`, limit: 100 }),
    directory: await table.queryIndex({ index: 'directory', pk: `dir#${pk}`, limit: 100 }),
  });

  it('tells and leaves behind the same as SQLite, whatever is written', async () => {
    await fc.assert(
      fc.asyncProperty(randomWrites, async (transactions) => {
        const pk = freshPk();
        const clock = new StillClock();
        const one = dynamo(clock);
        const other = new SqliteTable(openDatabase(':memory:'), { now: clock.now });
        for (const writes of inPartition(transactions, pk)) {
          expect(await outcome(one, writes)).toEqual(await outcome(other, writes));
          clock.pass(1000);
        }
        expect(await everything(one, pk)).toEqual(await everything(other, pk));
      }),
      { numRuns: 60 },
    );
  });

  it('bills what the meter of SQLite counts', async () => {
    const clock = new StillClock();
    const [billed, counted] = [new Map<number, number>(), new Map<number, number>()];
    let call = 0;
    const told = tellUnits(dynamoApi(engineNow().options), (units) =>
      billed.set(call, (billed.get(call) ?? 0) + units),
    );
    const one = new DynamoTable('tropa', clock, told);
    const onUse = ({ read = 0, write = 0 }: Use) => counted.set(call, (counted.get(call) ?? 0) + read + write);
    const other = new SqliteTable(openDatabase(':memory:'), { now: clock.now, onUse });
    for (const ask of billedCalls(freshPk())) {
      call++;
      await ask(one);
      await ask(other);
    }
    expect(counted.size).toBe(25);
    expect(counted).toEqual(billed);
  });
});
