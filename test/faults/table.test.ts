import { describe, expect, it } from 'vitest';
import { Conflict } from '#shared/errors.ts';
import type { Write } from '#shared/store/table.ts';
import { memoryTable } from '#test/build/table.ts';
import { AnswerLost, type Call, Crash, type Fault, FaultyTable } from './table.ts';

const key = { pk: 'C#1', sk: 'J' };
const put = (n: number): Write => ({ kind: 'put', row: { ...key, n } });
/** A table with the row n = 1, and one around it that fails as told from then on. */
async function faulty(decide: (call: Call) => Fault | undefined) {
  const { table } = memoryTable();
  await table.write(put(1));
  return { table, broken: new FaultyTable(table, decide) };
}

describe('a table with faults', () => {
  it('is the table itself where no fault is asked for', async () => {
    const { broken } = await faulty(() => undefined);
    await broken.transact([put(2)]);
    expect(await broken.get(key)).toEqual({ ...key, n: 2 });
    expect(await broken.batchGet([key])).toEqual([{ ...key, n: 2 }]);
    expect(await broken.query({ pk: key.pk })).toHaveLength(1);
    expect(broken.calls.map(({ n, kind, write }) => [n, kind, write])).toEqual([
      [1, 'transact', 1],
      [2, 'get', undefined],
      [3, 'batchGet', undefined],
      [4, 'query', undefined],
    ]);
  });

  it.each<[Fault, typeof Conflict | typeof Crash | typeof AnswerLost, number]>([
    ['conflict', Conflict, 1],
    ['throttle', Conflict, 1],
    ['lost', AnswerLost, 2],
    ['crash-before', Crash, 1],
    ['crash-after', Crash, 2],
  ])('on %s throws, and the row stands as it would', async (fault, error, n) => {
    const { table, broken } = await faulty(() => fault);
    await expect(broken.write(put(2))).rejects.toThrow(error);
    expect(await table.get(key)).toEqual({ ...key, n });
  });

  it('stays dead after a crash until it is started again', async () => {
    const { broken } = await faulty(({ write }) => (write === 1 ? 'crash-after' : undefined));
    await expect(broken.write(put(2))).rejects.toThrow(Crash);
    await expect(broken.get(key)).rejects.toThrow(Crash);
    broken.restart();
    expect(await broken.get(key)).toEqual({ ...key, n: 2 });
  });

  it('answers from the index, and stale reads, as of before the last write', async () => {
    const { broken } = await faulty(({ kind }) => (kind === 'get' || kind === 'queryIndex' ? 'stale' : undefined));
    const range = { index: 'due', pk: 'due#1', limit: 2 } as const;
    const row = (sk: string, due: string) => ({ pk: 'C#1', sk, duePk: 'due#1', due });
    const sks = async (more = {}) => (await broken.queryIndex({ ...range, ...more })).map(({ sk }) => sk);
    await broken.transact([
      { kind: 'put', row: row('A', '09:00') },
      { kind: 'put', row: row('B', '10:00') },
    ]);
    expect(await sks()).toEqual([]);
    await broken.transact([
      { kind: 'delete', key: { pk: 'C#1', sk: 'A' } },
      { kind: 'put', row: row('C', '08:00') },
    ]);
    expect(await sks()).toEqual(['A', 'B']);
    expect(await sks({ to: '09:30' })).toEqual(['A']);
    expect(await sks({ after: { pk: 'C#1', sk: 'A', sort: '09:00' } })).toEqual(['B']);
    expect(await broken.get({ pk: 'C#1', sk: 'C' }, { stale: true })).toBeUndefined();
    expect(await broken.get({ pk: 'C#1', sk: 'C' })).toEqual(row('C', '08:00'));
  });
});
