import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/store/table.ts';
import { freshPk, type Subject } from './subject.ts';

const deep = (levels: number): Json => (levels === 0 ? 'bottom' : { in: [deep(levels - 1)] });

const VALUES: readonly [string, Json][] = [
  ['an empty text', ''],
  ['Polish, Arabic and emoji', 'Zażółć gęślą jaźń · مرحبا · 👩‍👩‍👧‍👦'],
  ['control characters and quotes', 'a\u0000b\n\t"\\\u2028'],
  ['a text that looks like a number', '0012'],
  ['a long text', 'ż'.repeat(100_000)],
  ['zero', 0],
  ['a third', 1 / 3],
  ['a tenth', 0.1],
  ['a tiny number', 1.5e-100],
  ['a number with an exponent', 1e21],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER],
  ['the smallest safe integer', Number.MIN_SAFE_INTEGER],
  ['a number of the largest size', 1.5e125],
  ['a negative fraction', -12.5],
  ['true', true],
  ['false', false],
  ['null', null],
  ['an empty list', []],
  ['an empty map', {}],
  ['a mixed list', [1, 'a', null, true, [], {}, [[1]]]],
  ['a map of odd names', { '': 1, 'a.b': 2, '#': 3, ':v': 4, constructor: 5, ż: 6, toString: 7 }],
  ['thirty levels', deep(15)],
];

export function valuesContract(subject: () => Subject): void {
  describe('values', () => {
    it.each(VALUES)('keeps %s, put and set', async (_, value) => {
      const key = { pk: freshPk(), sk: 'S' };
      const { table } = subject();
      await table.write({ kind: 'put', row: { ...key, value } });
      expect(await table.get(key)).toStrictEqual({ ...key, value });
      await table.write({ kind: 'put', row: { ...key, map: {} } });
      const change = { set: [[['map', 'inner'], value] as const] };
      expect(await table.write({ kind: 'update', key, change })).toStrictEqual({ ...key, map: { inner: value } });
      expect(await table.query({ pk: key.pk })).toStrictEqual([{ ...key, map: { inner: value } }]);
    });

    it('takes minus zero for zero', async () => {
      const key = { pk: freshPk(), sk: 'S' };
      await subject().table.write({ kind: 'put', row: { ...key, n: -0 } });
      expect(Object.is((await subject().table.get(key))?.['n'], 0)).toBe(true);
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e126, -1e200, 1e-131])('refuses %d, at any depth', async (n) => {
      const key = { pk: freshPk(), sk: 'S' };
      await expect(subject().table.write({ kind: 'put', row: { ...key, n } })).rejects.toThrow();
      await expect(subject().table.write({ kind: 'put', row: { ...key, map: { list: [n] } } })).rejects.toThrow();
      expect(await subject().table.get(key)).toBeUndefined();
    });

    it.each(['C#a#b', 'C#A', 'C#ż', 'C#%23', "C#'; DROP TABLE rows; --", 'C# ', 'C#\u0000x', 'C#😀'])(
      'keeps rows of the partition %j apart from all others',
      async (end) => {
        const pk = `${freshPk()}${end}`;
        await subject().table.write({ kind: 'put', row: { pk, sk: end, n: 1 } });
        expect(await subject().table.get({ pk, sk: end })).toEqual({ pk, sk: end, n: 1 });
        expect(await subject().table.get({ pk: pk.toLowerCase(), sk: `${end} ` })).toBeUndefined();
        expect(await subject().table.query({ pk })).toEqual([{ pk, sk: end, n: 1 }]);
      },
    );

    it('takes a row of nearly 400 KB and refuses a larger one', async () => {
      const key = { pk: freshPk(), sk: 'S' };
      await subject().table.write({ kind: 'put', row: { ...key, text: 'x'.repeat(409_000) } });
      await expect(
        subject().table.write({ kind: 'put', row: { ...key, text: 'x'.repeat(409_600) } }),
      ).rejects.toThrow();
      await expect(
        subject().table.write({ kind: 'update', key, change: { set: [[['more'], 'x'.repeat(1000)]] } }),
      ).rejects.toThrow();
      expect(Object.keys((await subject().table.get(key)) ?? {})).toEqual(expect.arrayContaining(['pk', 'sk', 'text']));
      expect((await subject().table.get(key))?.['more']).toBeUndefined();
    });

    it('refuses keys that are longer than DynamoDB takes', async () => {
      const { table } = subject();
      await expect(table.write({ kind: 'put', row: { pk: 'ż'.repeat(1025), sk: 'S' } })).rejects.toThrow();
      await expect(table.write({ kind: 'put', row: { pk: freshPk(), sk: 'x'.repeat(1025) } })).rejects.toThrow();
      const row = { pk: freshPk(), sk: 'x'.repeat(1024) };
      await table.write({ kind: 'put', row });
      expect(await table.get(row)).toEqual(row);
    });
  });
}
