import { describe, expect, it } from 'vitest';
import type { Range, Row } from '#shared/store/table.ts';
import { freshPk, type Subject, secondsFrom } from './subject.ts';

export function readsContract(subject: () => Subject): void {
  const putAll = async (rows: readonly Row[]) => {
    for (const row of rows) await subject().table.write({ kind: 'put', row });
  };
  const sks = async (range: Range) => (await subject().table.query(range)).map(({ sk }) => sk);

  describe('get', () => {
    it('gives a row as it was put, fresh or stale', async () => {
      const row = { pk: freshPk(), sk: 'PROFILE', rev: 1 };
      await putAll([row]);
      expect(await subject().table.get(row)).toEqual(row);
      expect(await subject().table.get({ pk: row.pk, sk: row.sk }, { stale: true })).toEqual(row);
    });

    it('gives undefined where there is no row', async () => {
      expect(await subject().table.get({ pk: freshPk(), sk: 'PROFILE' })).toBeUndefined();
    });

    it('drops a row from the second of its expiry, and not before', async () => {
      const row = { pk: freshPk(), sk: 'R', expires: secondsFrom(subject(), 60) };
      await putAll([row]);
      subject().clock.pass(59_999);
      expect(await subject().table.get(row)).toEqual(row);
      subject().clock.pass(1);
      expect(await subject().table.get(row)).toBeUndefined();
      expect(await subject().table.batchGet([row])).toEqual([undefined]);
      expect(await subject().table.query({ pk: row.pk })).toEqual([]);
    });

    it('refuses an empty key', async () => {
      await expect(subject().table.get({ pk: '', sk: 'PROFILE' })).rejects.toThrow();
      await expect(subject().table.get({ pk: freshPk(), sk: '' })).rejects.toThrow();
    });
  });

  describe('batchGet', () => {
    it('answers in the order of the keys, with gaps and duplicates', async () => {
      const pk = freshPk();
      await putAll([
        { pk, sk: 'A', n: 1 },
        { pk, sk: 'B', n: 2 },
      ]);
      const rows = await subject().table.batchGet(['B', 'X', 'A', 'B'].map((sk) => ({ pk, sk })));
      expect(rows.map((row) => row?.['n'])).toEqual([2, undefined, 1, 2]);
    });

    it('takes no key and more than a hundred', async () => {
      expect(await subject().table.batchGet([])).toEqual([]);
      const pk = freshPk();
      const rows = Array.from({ length: 230 }, (_, n) => ({ pk, sk: `E#${n}`, n }));
      for (let i = 0; i < rows.length; i += 100)
        await subject().table.transact(rows.slice(i, i + 100).map((row) => ({ kind: 'put', row })));
      expect(await subject().table.batchGet(rows)).toEqual(rows);
    });

    it('does not take two keys for one whose parts run together alike', async () => {
      const [a, b] = [freshPk(), freshPk()];
      await putAll([{ pk: a, sk: 'x', n: 1 }]);
      expect(await subject().table.batchGet([{ pk: b, sk: 'x' }])).toEqual([undefined]);
      expect(await subject().table.batchGet([{ pk: `${a}x`, sk: 'x' }])).toEqual([undefined]);
    });
  });

  describe('query', () => {
    // In order: by bytes, so capitals before small letters, accents after all of ASCII, and emoji last.
    const ORDER = [
      '!',
      '#',
      '##',
      '#a',
      '%23',
      '-',
      '0',
      '10',
      '9',
      'A',
      'B#1',
      'B#1#2',
      'B#10',
      'B#2',
      'Z',
      'a',
      'é',
      '\uffee',
      '😀',
    ];

    const filled = async (): Promise<string> => {
      const pk = freshPk();
      await putAll(ORDER.toReversed().map((sk) => ({ pk, sk })));
      return pk;
    };

    it('gives a partition in order of its keys, and backwards', async () => {
      const pk = await filled();
      expect(await sks({ pk })).toEqual(ORDER);
      expect(await sks({ pk, reverse: true })).toEqual(ORDER.toReversed());
    });

    it.each<[Omit<Range, 'pk'>, string[]]>([
      [{ prefix: 'B#1' }, ['B#1', 'B#1#2', 'B#10']],
      [{ prefix: 'B#1', reverse: true, limit: 2 }, ['B#10', 'B#1#2']],
      [{ prefix: 'B#_' }, []],
      [{ prefix: '%' }, ['%23']],
      [{ prefix: '😀' }, ['😀']],
      [{ prefix: '' }, ORDER],
      [{ from: 'B', to: 'Z' }, ['B#1', 'B#1#2', 'B#10', 'B#2', 'Z']],
      [{ from: 'Z' }, ['Z', 'a', 'é', '\uffee', '😀']],
      [{ to: '#' }, ['!', '#']],
      [{ to: '' }, []],
      [{ from: '' }, ORDER],
      [{ from: 'Z', to: 'B' }, []],
      [{ from: 'Z', to: 'Z' }, ['Z']],
      [{ from: 'B', to: 'Z', reverse: true, limit: 1 }, ['Z']],
      [{ limit: 2 }, ['!', '#']],
      [{ limit: 0 }, []],
    ])('keeps to the stretch %j', async (range, expected) => {
      expect(await sks({ pk: await filled(), ...range })).toEqual(expected);
    });

    it('has no other bounds beside a prefix', async () => {
      await expect(subject().table.query({ pk: freshPk(), prefix: 'a', to: 'b' })).rejects.toThrow();
    });

    it('does not count expired rows towards the limit', async () => {
      const pk = freshPk();
      const expires = secondsFrom(subject(), 0);
      await putAll(['1', '2', '3', '4', '5', '6'].map((sk) => ({ pk, sk, ...(sk < '5' && { expires }) })));
      expect(await sks({ pk, limit: 1 })).toEqual(['5']);
      expect(await sks({ pk, limit: 2, reverse: true })).toEqual(['6', '5']);
    });

    it('gives all of a partition that is larger than a page of a megabyte', async () => {
      const pk = freshPk();
      const text = 'x'.repeat(300_000);
      await putAll(['1', '2', '3', '4', '5'].map((sk) => ({ pk, sk, text })));
      expect(await sks({ pk })).toEqual(['1', '2', '3', '4', '5']);
    });
  });
}
