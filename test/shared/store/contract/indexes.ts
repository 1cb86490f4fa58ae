import { describe, expect, it } from 'vitest';
import type { IndexEntry, IndexRange } from '#shared/store/table.ts';
import { freshPk, type Subject } from './subject.ts';

export function indexesContract(subject: () => Subject): void {
  const due = (shard: string, range: Partial<IndexRange> = {}) =>
    subject().table.queryIndex({ index: 'due', pk: shard, limit: 100, ...range });
  const pages = async (range: IndexRange): Promise<IndexEntry[]> => {
    const page = await subject().table.queryIndex(range);
    const after = page.at(-1);
    return after ? [...page, ...(await pages({ ...range, after }))] : [];
  };

  describe('the index of what is due', () => {
    it('gives the keys of rows in order of time, up to a moment, itself included', async () => {
      const [pk, duePk] = [freshPk(), `due#${freshPk()}`];
      for (const due of ['2026-03-03', '2026-03-01', '2026-03-02'])
        await subject().table.write({ kind: 'put', row: { pk, sk: `J#${due}`, duePk, due, more: 1 } });
      expect(await due(duePk, { to: '2026-03-02' })).toEqual([
        { pk, sk: 'J#2026-03-01', sort: '2026-03-01' },
        { pk, sk: 'J#2026-03-02', sort: '2026-03-02' },
      ]);
      expect(await due(duePk)).toHaveLength(3);
      expect(await due(duePk, { to: '2026-02-28' })).toEqual([]);
      expect(await due(duePk, { to: '' })).toEqual([]);
      expect(await due(duePk, { limit: 1 })).toEqual([{ pk, sk: 'J#2026-03-01', sort: '2026-03-01' }]);
      expect(await due(`${duePk}0`)).toEqual([]);
    });

    it('goes on after an entry, also among entries of the same time', async () => {
      const duePk = `due#${freshPk()}`;
      const rows = Array.from({ length: 25 }, (_, n) => ({
        pk: freshPk(),
        sk: 'J',
        duePk,
        due: n % 2 ? '09:00' : '10:00',
      }));
      await subject().table.transact(rows.map((row) => ({ kind: 'put', row })));
      const entries = await pages({ index: 'due', pk: duePk, to: '10:00', limit: 4 });
      expect(entries.map(({ sort }) => sort)).toEqual(rows.map((row) => row.due).toSorted());
      expect(entries.map(({ pk }) => pk).toSorted()).toEqual(rows.map(({ pk }) => pk).toSorted());
    });

    it('follows a row in, along, and out', async () => {
      const key = { pk: freshPk(), sk: 'J' };
      const [one, two] = [`due#${key.pk}#1`, `due#${key.pk}#2`];
      const { table } = subject();
      const sorts = async () => [await due(one), await due(two)].map((entries) => entries.map(({ sort }) => sort));
      await table.write({ kind: 'put', row: { ...key, n: 1 } });
      expect(await sorts()).toEqual([[], []]);
      await table.write({ kind: 'update', key, change: { set: [[['duePk'], one]] } });
      expect(await sorts()).toEqual([[], []]);
      await table.write({ kind: 'update', key, change: { set: [[['due'], '09:00']] } });
      expect(await sorts()).toEqual([['09:00'], []]);
      await table.write({ kind: 'update', key, change: { set: [[['due'], '11:00']], add: [[['n'], 1]] } });
      expect(await sorts()).toEqual([['11:00'], []]);
      await table.transact([{ kind: 'put', row: { ...key, duePk: two, due: '10:00' } }]);
      expect(await sorts()).toEqual([[], ['10:00']]);
      await table.write({ kind: 'update', key, change: { remove: [['due']] } });
      expect(await sorts()).toEqual([[], []]);
      await table.write({ kind: 'put', row: { ...key, duePk: two, due: '12:00' } });
      await table.write({ kind: 'delete', key });
      expect(await sorts()).toEqual([[], []]);
    });
  });

  describe('the directory', () => {
    it('gives rows in order of their partition, page by page', async () => {
      const dirPk = `dir#${freshPk()}`;
      const rows = Array.from({ length: 7 }, () => ({ pk: freshPk(), sk: 'PROFILE', dirPk }));
      await subject().table.transact(rows.map((row) => ({ kind: 'put', row })));
      await subject().table.write({ kind: 'put', row: { pk: freshPk(), sk: 'PROFILE' } });
      const expected = rows.map(({ pk, sk }) => ({ pk, sk, sort: pk })).toSorted((a, b) => (a.pk < b.pk ? -1 : 1));
      expect(await pages({ index: 'directory', pk: dirPk, limit: 3 })).toEqual(expected);
      const to = expected[4]?.pk ?? '';
      expect(await pages({ index: 'directory', pk: dirPk, to, limit: 3 })).toEqual(expected.slice(0, 5));
    });
  });
}
