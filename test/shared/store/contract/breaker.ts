import { describe, expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { changeFlow, loadFlow, noteOnFlow, noteTold, resumeFlow, tripFlow } from '#shared/store/flow.ts';
import { flowKey } from '#shared/store/keys.ts';
import type { Subject } from './subject.ts';

export function breakerContract(subject: () => Subject): void {
  describe('what marketing stands still for', () => {
    const at = '2026-03-02T09:00:00.000Z';
    const trip = { at, why: 'bounces', mails: 200, count: 20, limit: 4, days: 3 } as const;
    const scope = 'journey/cart';

    it('is noted once by whoever is first, and not over a word of somebody who has let it go meanwhile', async () => {
      const { table } = subject();
      await table.write({ kind: 'delete', key: flowKey });
      const tripped = async (fresh?: string, n = 0) => {
        try {
          await table.transact([tripFlow(scope, trip, fresh), noteOnFlow(at, `halt ${n}`, 'breaker', 'why')]);
          return true;
        } catch (error) {
          if (error instanceof ConditionFailed || error instanceof Conflict) return false;
          throw error;
        }
      };
      const all = await Promise.all([1, 2, 3, 4].map((n) => tripped(undefined, n)));
      expect(all.filter((won) => won)).toHaveLength(1);
      await table.write(changeFlow(noteTold({ [scope]: trip })));
      expect(await loadFlow(table)).toMatchObject({ trips: { [scope]: trip }, told: { [scope]: at } });
      await table.write(changeFlow(resumeFlow({ [scope]: trip }, '2026-03-02T12:34:00.000Z')));
      const fresh = '2026-03-02T12:30:00.000Z';
      expect(await loadFlow(table)).toMatchObject({ trips: {}, told: {}, fresh: { [scope]: fresh } });
      expect(await tripped(undefined, 5)).toBe(false);
      expect(await tripped(fresh, 6)).toBe(true);
      await table.write({ kind: 'delete', key: flowKey });
    });
  });
}
