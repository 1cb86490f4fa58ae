import { describe, expect, it } from 'vitest';
import type { FreeCode, HeldCode } from '#shared/coupon/coupon.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { addCodes, findFreeCode, giveCode, loadHeldCode, useCodes } from '#shared/store/codes.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { Subject } from './subject.ts';

let pools = 0;
const freshPool = (): string => {
  pools += 1;
  return `pool-${pools}`;
};
const named = (n: number, prefix = 'C'): FreeCode[] => Array.from({ length: n }, (_, i) => ({ code: `${prefix}${i}` }));

/** Codes of pools, given to many at once. */
export function codesContract(current: () => Subject): void {
  const holder = (pool: string, i: number) => `${pool}-contact-${i}`;
  /** Tries as a use case does, each time from what stands. Who holds a code gets no second. */
  async function get(pool: string, contact: string, draw = contact): Promise<string | undefined> {
    const { table, clock } = current();
    for (let attempt = 0; ; attempt += 1) {
      const before: HeldCode | undefined = await loadHeldCode(table, [contact], pool);
      if (before && !before.used) return before.code;
      const free = await findFreeCode(table, pool, `${draw} ${attempt}`);
      if (!free) return undefined;
      try {
        await table.transact(giveCode({ pool, free, before }, { contact, journey: 'j', at: clock.now() }));
        return free.code;
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      }
    }
  }
  const getAll = (pool: string, n: number) =>
    Promise.all(Array.from({ length: n }, (_, i) => get(pool, holder(pool, i))));

  describe('codes of a pool', () => {
    it('are given once each, however many want them at once, and to the last', async () => {
      const pool = freshPool();
      expect(await addCodes(current().table, pool, named(70), 'u1')).toBe(70);
      const given = await getAll(pool, 100);
      expect(new Set(given.filter((code) => code !== undefined)).size).toBe(70);
      expect(given.filter((code) => code === undefined)).toHaveLength(30);
    }, 60_000);

    it('are one a contact, though two of its passages ask at once', async () => {
      const pool = freshPool();
      await addCodes(current().table, pool, named(20), 'u1');
      const [a, b] = await Promise.all([get(pool, holder(pool, 1), 'x'), get(pool, holder(pool, 1), 'y')]);
      expect(a).toBe(b);
    });

    it('are added once, however they are written, and never again once they were given', async () => {
      const { table } = current();
      const pool = freshPool();
      expect(await addCodes(table, pool, named(3), 'u1')).toBe(3);
      const given = await get(pool, holder(pool, 1));
      expect(await addCodes(table, pool, [...named(3, 'c'), { code: 'NEW' }], 'u2')).toBe(1);
      const others = [
        await get(pool, holder(pool, 2)),
        await get(pool, holder(pool, 3)),
        await get(pool, holder(pool, 4)),
      ];
      expect([given, ...others].sort()).toEqual(['C0', 'C1', 'C2', 'NEW']);
      expect(await get(pool, holder(pool, 5))).toBeUndefined();
    });

    it('count the same for an upload that comes again, though some were given in between', async () => {
      const { table } = current();
      const pool = freshPool();
      expect(await addCodes(table, pool, named(130), 'u1')).toBe(130);
      await getAll(pool, 9);
      expect(await addCodes(table, pool, named(130), 'u1')).toBe(130);
      expect(await addCodes(table, pool, named(130), 'u2')).toBe(0);
    }, 30_000);

    it('are not given once they have ended', async () => {
      const { table, clock } = current();
      const pool = freshPool();
      await addCodes(table, pool, [{ code: 'SHORT', until: plusMillis(clock.now(), 60_000) }], 'u1');
      expect(await findFreeCode(table, pool, 'a')).toMatchObject({ code: 'SHORT' });
      clock.pass(61_000);
      expect(await findFreeCode(table, pool, 'a')).toBeUndefined();
    });

    it('are used once: one that was given is noted, one that was not is taken out', async () => {
      const { table, clock } = current();
      const pool = freshPool();
      await addCodes(table, pool, named(2), 'u1');
      const given = String(await get(pool, holder(pool, 1)));
      const use = () => useCodes(table, [pool, 'other'], ['c0', 'c1', 'c9'], { event: 'e', at: clock.now() });
      const writes = await use();
      expect(writes).toHaveLength(3);
      await table.transact(writes);
      expect(await loadHeldCode(table, [holder(pool, 1)], pool)).toEqual({ code: given, used: true });
      expect(await findFreeCode(table, pool, 'a')).toBeUndefined();
      expect(await use()).toEqual([]);
      await expect(table.transact(writes)).rejects.toThrow(ConditionFailed);
    });
  });
}
