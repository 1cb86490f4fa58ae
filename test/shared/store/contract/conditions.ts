import { describe, expect, it } from 'vitest';
import { ConditionFailed } from '#shared/errors.ts';
import type { Condition, Row, Write } from '#shared/store/table.ts';
import { freshPk, type Subject, secondsFrom } from './subject.ts';

/** What stands there before the write: nothing, a row, or one that has expired and was not deleted yet. */
type Before = 'nothing' | 'row' | 'expired';

const CASES: readonly [Condition, Record<Before, boolean>][] = [
  [{ absent: true }, { nothing: true, row: false, expired: true }],
  [{ exists: true }, { nothing: false, row: true, expired: false }],
  [{ equals: {} }, { nothing: false, row: true, expired: false }],
  [{ equals: { rev: 7 } }, { nothing: false, row: true, expired: false }],
  [{ equals: { rev: 8 } }, { nothing: false, row: false, expired: false }],
  [{ equals: { rev: '7' } }, { nothing: false, row: false, expired: false }],
  [{ equals: { name: 'Ann', open: true } }, { nothing: false, row: true, expired: false }],
  [{ equals: { name: 'Ann', open: false } }, { nothing: false, row: false, expired: false }],
  [{ equals: { other: 1 } }, { nothing: false, row: false, expired: false }],
  [{ missing: ['token'] }, { nothing: true, row: true, expired: true }],
  [{ missing: ['token', 'name'] }, { nothing: true, row: false, expired: true }],
  [{ missing: ['empty'] }, { nothing: true, row: false, expired: true }],
  [{ below: { rev: 8 } }, { nothing: true, row: true, expired: true }],
  [{ below: { rev: 7 } }, { nothing: true, row: false, expired: true }],
  [{ below: { rev: 10.5 } }, { nothing: true, row: true, expired: true }],
  [{ below: { rev: '8' } }, { nothing: true, row: false, expired: true }],
  [{ below: { name: 'Ana' } }, { nothing: true, row: false, expired: true }],
  [{ below: { name: 'Anne' } }, { nothing: true, row: true, expired: true }],
  [{ below: { name: 'ann' } }, { nothing: true, row: true, expired: true }],
  [{ below: { empty: 1 } }, { nothing: true, row: false, expired: true }],
  [{ below: { other: 1 } }, { nothing: true, row: true, expired: true }],
  [
    { exists: true, missing: ['token'] },
    { nothing: false, row: true, expired: false },
  ],
  [
    { exists: true, below: { rev: 8 } },
    { nothing: false, row: true, expired: false },
  ],
  [
    { equals: { rev: 7 }, missing: ['token'], below: { name: 'B' } },
    { nothing: false, row: true, expired: false },
  ],
  [
    { equals: { rev: 7 }, missing: ['name'] },
    { nothing: false, row: false, expired: false },
  ],
  [{}, { nothing: true, row: true, expired: true }],
];

export function conditionsContract(subject: () => Subject): void {
  const stand = async (before: Before): Promise<Row> => {
    const row = { pk: freshPk(), sk: 'S', rev: 7, name: 'Ann', open: true, empty: null };
    const expires = secondsFrom(subject(), before === 'expired' ? 0 : 3600);
    if (before !== 'nothing') await subject().table.write({ kind: 'put', row: { ...row, expires } });
    return { ...row, expires };
  };
  /** What is allowed happened, what is not threw with what stood there. */
  const expectOutcome = async (write: Write, allowed: boolean, old: Row | undefined) => {
    const done = subject().table.write(write);
    if (allowed) await expect(done).resolves.not.toThrow();
    else {
      const error = await done.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConditionFailed);
      expect(error).toMatchObject({ failed: [0], old: [old] });
    }
  };

  describe.each<Before>(['nothing', 'row', 'expired'])('a write where there is %s', (before) => {
    it.each(CASES)('on condition %j', async (condition, outcomes) => {
      const stood = async () => {
        const row = await stand(before);
        return { row, key: { pk: row.pk, sk: row.sk }, old: before === 'row' ? row : undefined };
      };
      const allowed = outcomes[before];
      const put = await stood();
      const fresh = { ...put.key, is: 'new' };
      await expectOutcome({ kind: 'put', row: fresh, if: condition }, allowed, put.old);
      expect(await subject().table.get(put.key)).toEqual(allowed ? fresh : put.old);

      const update = await stood();
      const change = { set: [[['rev'], 99] as const] };
      await expectOutcome({ kind: 'update', key: update.key, change, if: condition }, allowed, update.old);
      if (before !== 'expired')
        expect((await subject().table.get(update.key))?.['rev']).toBe(allowed ? 99 : update.old?.['rev']);

      const gone = await stood();
      await expectOutcome({ kind: 'delete', key: gone.key, if: condition }, allowed, gone.old);
      expect(await subject().table.get(gone.key)).toEqual(allowed ? undefined : gone.old);

      const checked = await stood();
      await expectOutcome({ kind: 'check', key: checked.key, if: condition }, allowed, checked.old);
      expect(await subject().table.get(checked.key)).toEqual(checked.old);
    });
  });

  it('lets one of two writers pass who read the same state', async () => {
    const key = { pk: freshPk(), sk: 'PROFILE' };
    await subject().table.write({ kind: 'put', row: { ...key, rev: 1 } });
    const write = (by: string) =>
      subject().table.write({ kind: 'put', row: { ...key, rev: 2, by }, if: { equals: { rev: 1 } } });
    const ends = await Promise.allSettled([write('a'), write('b')]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
}
