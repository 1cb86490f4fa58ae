import { describe, expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Change, Json } from '#shared/store/table.ts';
import { freshPk, type Subject, secondsFrom } from './subject.ts';

const START = { n: 1, name: 'Ann', list: [1, 2], heard: { goal: { n: 2 }, empty: {} }, none: null };

const CASES: readonly [string, Change, Record<string, Json>][] = [
  ['sets an attribute', { set: [[['n'], 5]] }, { n: 5 }],
  ['sets a new attribute', { set: [[['more'], [{ a: 1 }]]] }, { more: [{ a: 1 }] }],
  ['sets inside', { set: [[['heard', 'goal', 'at'], 'now']] }, { heard: { goal: { n: 2, at: 'now' }, empty: {} } }],
  [
    'sets a map into a map',
    { set: [[['heard', 'exit'], { n: 1 }]] },
    { heard: { goal: { n: 2 }, empty: {}, exit: { n: 1 } } },
  ],
  [
    'takes names with signs',
    { set: [[['heard', 'a.b#c d'], 1]] },
    { heard: { goal: { n: 2 }, empty: {}, 'a.b#c d': 1 } },
  ],
  ['adds', { add: [[['n'], 41]] }, { n: 42 }],
  ['adds a negative number', { add: [[['n'], -3]] }, { n: -2 }],
  ['adds decimals exactly', { add: [[['sum'], 0.1]], set: [[['n'], 0.7]] }, { sum: 0.1, n: 0.7 }],
  ['adds to nothing', { add: [[['count'], 2]] }, { count: 2 }],
  ['adds inside', { add: [[['heard', 'goal', 'n'], 1]] }, { heard: { goal: { n: 3 }, empty: {} } }],
  ['adds to nothing inside', { add: [[['heard', 'empty', 'n'], 1]] }, { heard: { goal: { n: 2 }, empty: { n: 1 } } }],
  ['sets what is missing', { setIfAbsent: [[['first'], 'x']] }, { first: 'x' }],
  ['leaves what is there', { setIfAbsent: [[['name'], 'Bea']] }, {}],
  ['takes null for something that is there', { setIfAbsent: [[['none'], 1]] }, {}],
  [
    'sets what is missing inside',
    { setIfAbsent: [[['heard', 'goal', 'at'], 1]] },
    { heard: { goal: { n: 2, at: 1 }, empty: {} } },
  ],
  ['removes inside', { remove: [['heard', 'goal']] }, { heard: { empty: {} } }],
  ['removes what is not there', { remove: [['other'], ['heard', 'other']] }, {}],
  [
    'does several at once',
    { set: [[['name'], 'B']], add: [[['n'], 1]], remove: [['none']] },
    { name: 'B', n: 2, none: null },
  ],
];

const places = (n: number): [string][] => Array.from({ length: n }, (_, i) => [`c:${i}`]);

export function changesContract(subject: () => Subject): void {
  const start = async (row: Record<string, Json> = START) => {
    const key = { pk: freshPk(), sk: 'S' };
    await subject().table.write({ kind: 'put', row: { ...key, ...row } });
    return key;
  };

  describe('update', () => {
    it.each(CASES)('%s', async (_, change, expected) => {
      const key = await start();
      const row: Record<string, Json> = { ...key, ...START, ...expected };
      for (const [name, ...inner] of change.remove ?? []) if (inner.length === 0) delete row[name];
      expect(await subject().table.write({ kind: 'update', key, change })).toEqual(row);
      expect(await subject().table.get(key)).toEqual(row);
    });

    it('changes several things inside one map, and nothing of what somebody has read before', async () => {
      const key = await start();
      const before = await subject().table.get(key);
      const change: Change = {
        set: [
          [['heard', 'goal', 'at'], 'now'],
          [['heard', 'exit'], { n: 1 }],
        ],
        add: [[['heard', 'goal', 'n'], 1]],
        remove: [['heard', 'empty']],
      };
      const after = await subject().table.write({ kind: 'update', key, change });
      expect(after).toEqual({ ...key, ...START, heard: { goal: { n: 3, at: 'now' }, exit: { n: 1 } } });
      expect(before).toEqual({ ...key, ...START });
    });

    it('adds decimals as people do', async () => {
      const key = await start({ total: 0.1 });
      await subject().table.write({ kind: 'update', key, change: { add: [[['total'], 0.2]] } });
      expect(await subject().table.get(key)).toEqual({ ...key, total: 0.3 });
    });

    it('creates a row that is not there', async () => {
      const key = { pk: freshPk(), sk: 'CAPS' };
      const change = { set: [[['at'], 'now'] as const], add: [[['n'], 1] as const], remove: [['x'] as const] };
      expect(await subject().table.write({ kind: 'update', key, change })).toEqual({ ...key, at: 'now', n: 1 });
    });

    it('goes on from a row that has expired, where no condition forbids it', async () => {
      const key = await start({ n: 1, expires: secondsFrom(subject(), 0) });
      const change = { add: [[['n'], 1] as const], set: [[['expires'], secondsFrom(subject(), 60)] as const] };
      expect(await subject().table.write({ kind: 'update', key, change })).toMatchObject({ n: 2 });
    });

    // DynamoDB takes expressions of 4 KB.
    it('changes as many places as fit into an expression', async () => {
      const key = await start();
      const change: Change = { set: [[['checkpoint'], '1']], add: places(80).map((path) => [path, 1]) };
      const after = await subject().table.write({ kind: 'update', key, change });
      expect(after).toMatchObject({ checkpoint: '1', 'c:0': 1, 'c:79': 1 });
    });

    it.each<[string, Change]>([
      ['it changes more places than fit into an expression', { add: places(120).map((path) => [path, 1]) }],
      ['a parent is missing', { set: [[['other', 'n'], 1]] }],
      ['a parent is missing further in', { add: [[['heard', 'exit', 'n'], 1]] }],
      ['a parent is missing, even to set once', { setIfAbsent: [[['other', 'n'], 1]] }],
      ['a parent is a list', { set: [[['list', '0'], 1]] }],
      ['a parent is a text', { set: [[['name', 'x'], 1]] }],
      ['it adds to a text', { add: [[['name'], 1]] }],
      ['it adds to null', { add: [[['none'], 1]] }],
      ['it changes one thing twice', { set: [[['n'], 1]], add: [[['n'], 1]] }],
      ['it changes a thing and what is in it', { set: [[['heard'], {}]], remove: [['heard', 'goal']] }],
      ['it changes a thing and what it is in', { set: [[['heard', 'goal', 'n'], 1]], remove: [['heard']] }],
      ['it changes the key', { set: [[['sk'], 'other']] }],
      ['it changes nothing', {}],
      ['it makes an index key a number', { set: [[['due'], 1]] }],
      ['it makes an index key empty', { set: [[['duePk'], '']] }],
    ])('is an error, and writes nothing, where %s', async (_, change) => {
      const key = await start();
      const error = await subject()
        .table.write({ kind: 'update', key, change })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(ConditionFailed);
      expect(error).not.toBeInstanceOf(Conflict);
      expect(await subject().table.get(key)).toEqual({ ...key, ...START });
      await expect(subject().table.transact([{ kind: 'update', key, change }])).rejects.toThrow();
      expect(await subject().table.get(key)).toEqual({ ...key, ...START });
    });
  });

  describe('put and delete', () => {
    it('replaces the whole row and leaves undefined out', async () => {
      const key = await start();
      expect(await subject().table.write({ kind: 'put', row: { ...key, a: 1, b: undefined } })).toStrictEqual({
        ...key,
        a: 1,
      });
      expect(await subject().table.get(key)).toStrictEqual({ ...key, a: 1 });
    });

    it('deletes, and is content where there is nothing to delete', async () => {
      const key = await start();
      expect(await subject().table.write({ kind: 'delete', key })).toBeUndefined();
      expect(await subject().table.get(key)).toBeUndefined();
      await expect(subject().table.write({ kind: 'delete', key })).resolves.toBeUndefined();
    });
  });

  it('lets fifty writers at once count to fifty, when each tries again', async () => {
    const key = await start({ n: 0 });
    const increment = async (): Promise<void> => {
      const n = Number((await subject().table.get(key))?.['n']);
      try {
        await subject().table.write({ kind: 'put', row: { ...key, n: n + 1 }, if: { equals: { n } } });
      } catch (error) {
        if (error instanceof ConditionFailed || error instanceof Conflict) return increment();
        throw error;
      }
    };
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(await subject().table.get(key)).toEqual({ ...key, n: 50 });
  });
}
