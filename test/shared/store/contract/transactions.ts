import { describe, expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Write } from '#shared/store/table.ts';
import { freshPk, type Subject, secondsFrom } from './subject.ts';

export function transactionsContract(subject: () => Subject): void {
  const failureOf = (writes: readonly Write[]) =>
    subject()
      .table.transact(writes)
      .catch((thrown: unknown) => thrown);

  describe('transact', () => {
    it('does writes of all four kinds together', async () => {
      const pk = freshPk();
      const { table } = subject();
      for (const sk of ['B', 'C', 'D']) await table.write({ kind: 'put', row: { pk, sk, n: 1 } });
      await table.transact([
        { kind: 'put', row: { pk, sk: 'A', n: 1 }, if: { absent: true } },
        { kind: 'update', key: { pk, sk: 'B' }, change: { add: [[['n'], 1]] }, if: { equals: { n: 1 } } },
        { kind: 'delete', key: { pk, sk: 'C' } },
        { kind: 'check', key: { pk, sk: 'D' }, if: { exists: true } },
      ]);
      expect(await table.query({ pk })).toEqual([
        { pk, sk: 'A', n: 1 },
        { pk, sk: 'B', n: 2 },
        { pk, sk: 'D', n: 1 },
      ]);
    });

    it('does nothing when one condition fails, and tells which with what stands there', async () => {
      const pk = freshPk();
      const { table } = subject();
      const stands = { pk, sk: 'B', n: 1, heard: { goal: [1, 'x'] } };
      await table.write({ kind: 'put', row: stands });
      await table.write({ kind: 'put', row: { pk, sk: 'E', expires: secondsFrom(subject(), 0) } });
      const error = await failureOf([
        { kind: 'put', row: { pk, sk: 'A' } },
        { kind: 'update', key: { pk, sk: 'B' }, change: { add: [[['n'], 1]] }, if: { equals: { n: 2 } } },
        { kind: 'put', row: { pk, sk: 'C' }, if: { absent: true } },
        { kind: 'check', key: { pk, sk: 'D' }, if: { exists: true } },
        { kind: 'delete', key: { pk, sk: 'E' }, if: { exists: true } },
      ]);
      expect(error).toBeInstanceOf(ConditionFailed);
      expect(error).toMatchObject({ failed: [1, 3, 4], old: [stands, undefined, undefined] });
      expect(await table.query({ pk })).toEqual([stands]);
    });

    it('does nothing when one write is an error', async () => {
      const pk = freshPk();
      const error = await failureOf([
        { kind: 'put', row: { pk, sk: 'A' } },
        { kind: 'update', key: { pk, sk: 'B' }, change: { set: [[['no', 'parent'], 1]] } },
      ]);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(ConditionFailed);
      expect(await subject().table.query({ pk })).toEqual([]);
    });

    it('takes a hundred writes and none, and refuses one more', async () => {
      const pk = freshPk();
      const puts = Array.from({ length: 101 }, (_, n): Write => ({ kind: 'put', row: { pk, sk: `E#${n}` } }));
      await expect(subject().table.transact(puts)).rejects.toThrow();
      expect(await subject().table.query({ pk })).toEqual([]);
      await subject().table.transact(puts.slice(1));
      expect(await subject().table.query({ pk })).toHaveLength(100);
      await expect(subject().table.transact([])).resolves.toBeUndefined();
    });

    it('refuses two writes of one row', async () => {
      const key = { pk: freshPk(), sk: 'A' };
      const writes: Write[] = [
        { kind: 'put', row: key },
        { kind: 'check', key, if: { absent: true } },
      ];
      await expect(subject().table.transact(writes)).rejects.toThrow(/two writes/);
      expect(await subject().table.get(key)).toBeUndefined();
    });

    it('is seen whole: two rows moved together by thirty writers at once stay equal', async () => {
      const pk = freshPk();
      const { table } = subject();
      for (const sk of ['A', 'B']) await table.write({ kind: 'put', row: { pk, sk, n: 0 } });
      const move = async (): Promise<void> => {
        const n = Number((await table.get({ pk, sk: 'A' }))?.['n']);
        const change = { add: [[['n'], 1] as const] };
        try {
          await table.transact([
            { kind: 'update', key: { pk, sk: 'A' }, change, if: { equals: { n } } },
            { kind: 'update', key: { pk, sk: 'B' }, change },
          ]);
        } catch (error) {
          if (error instanceof ConditionFailed || error instanceof Conflict) return move();
          throw error;
        }
      };
      await Promise.all(Array.from({ length: 30 }, move));
      expect((await table.query({ pk })).map((row) => row['n'])).toEqual([30, 30]);
    });
  });
}
