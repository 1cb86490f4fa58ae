import { describe, expect, it } from 'vitest';
import { placesFor } from '#shared/enrolment/places.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { loadEntries, takePlace } from '#shared/store/places.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { journey } from '#test/build/journey.ts';
import type { Subject } from './subject.ts';

let journeys = 0;

/** Places of entry caps, taken by many at once. */
export function placesContract(current: () => Subject): void {
  /** Tries as a use case does, each time from what stands; `passed`: since the clock's time. */
  const enter = async (cap: { count: number; per?: string }, id: string, contact: string, passed = 0) => {
    const { table, clock } = current();
    const definition = journey({ id, entry: { cap: [cap] } });
    for (;;) {
      const shards = await loadEntries(table, id, cap.per ?? 'ever');
      const now = plusMillis(clock.time, passed);
      const places = placesFor({ journey: definition, contact, now, counted: () => shards });
      if (!places) return false;
      try {
        await table.transact(places.map(takePlace));
        return true;
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      }
    }
  };
  const enterAll = async (n: number, cap: { count: number; per?: string }, id: string, passed = 0) => {
    const entered = await Promise.all(Array.from({ length: n }, (_, i) => enter(cap, id, `c${i}`, passed)));
    return entered.filter(Boolean).length;
  };

  describe('places of a cap', () => {
    it('are taken once each, however many want them at once', async () => {
      journeys += 1;
      expect(await enterAll(120, { count: 50 }, `j${journeys}`)).toBe(50);
    }, 30_000);

    it('are there again when their span has passed, and what is counted no more leaves the row', async () => {
      journeys += 1;
      const id = `j${journeys}`;
      const cap = { count: 20, per: 'P1D' };
      expect(await enterAll(40, cap, id)).toBe(20);
      expect(await enterAll(20, cap, id, 23 * 3_600_000)).toBe(0);
      expect(await enterAll(40, cap, id, 26 * 3_600_000)).toBe(20);
      const shards = await loadEntries(current().table, id, 'P1D');
      expect(shards.map((shard) => Object.keys(shard?.entries ?? {}).length)).toEqual(Array(16).fill(1));
    }, 30_000);
  });
}
