import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SoftBounces, tooOftenAt, withBounce, withDelivery } from '#shared/sending/soft-bounces.ts';
import { plusMillis } from '#shared/time/instant.ts';

const BEGAN = '2026-11-01T00:00:00.000Z';
const day = (days: number): string => plusMillis(BEGAN, days * 86_400_000);
const bounced = (days: readonly number[], known?: SoftBounces): SoftBounces =>
  days.reduce<SoftBounces>((so, n) => withBounce(so, `m${n}`, day(n)), known ?? { bounces: [] });

describe('an address has bounced too often', () => {
  it('with the fifth mail in a row, over a week at least', () => {
    expect(tooOftenAt(bounced([0, 1, 2, 7]))).toBeUndefined();
    expect(tooOftenAt(bounced([0, 1, 2, 3, 7]))).toBe(day(7));
    expect(tooOftenAt(bounced([0, 1, 2, 3, 6.99]))).toBeUndefined();
    expect(tooOftenAt(bounced([0, 1, 2, 3, 4, 8, 9]))).toBe(day(8));
    expect(tooOftenAt({ bounces: [] })).toBeUndefined();
  });

  it('not when a mail arrived in between', () => {
    const between = withDelivery(bounced([0, 1, 2]), 'arrived', day(2.5));
    expect(between).toEqual({ bounces: [], delivered: day(2.5) });
    expect(tooOftenAt(bounced([3, 7, 8, 9], between))).toBeUndefined();
    expect(tooOftenAt(bounced([3, 7, 8, 9, 10], between))).toBe(day(10));
  });

  it('not by what is three months older than the newest', () => {
    expect(bounced([0, 89.9]).bounces).toHaveLength(2);
    expect(bounced([0, 90]).bounces).toEqual([{ message: 'm90', at: day(90) }]);
  });
});

describe('what is known of bounces', () => {
  it('counts of two words on one mail the earlier', () => {
    const once = withBounce(undefined, 'm', day(2));
    expect(withBounce(once, 'm', day(3)).bounces).toEqual([{ message: 'm', at: day(2) }]);
    expect(withBounce(once, 'm', day(1)).bounces).toEqual([{ message: 'm', at: day(1) }]);
  });

  it('counts no bounce of a mail that arrived all the same, and none from before it', () => {
    expect(withDelivery(bounced([1, 5]), 'm5', day(3))).toEqual({ bounces: [], delivered: day(3) });
    expect(withDelivery(bounced([1, 5]), 'other', day(3)).bounces).toEqual([{ message: 'm5', at: day(5) }]);
    expect(withDelivery(bounced([3]), 'other', day(3)).bounces).toEqual([]);
  });

  it('keeps the newest arrival', () => {
    const known = withDelivery({ bounces: [] }, 'a', day(3));
    expect(withDelivery(known, 'b', day(1)).delivered).toBe(day(3));
    expect(withDelivery(known, 'b', day(4)).delivered).toBe(day(4));
    expect(bounced([2], known).bounces).toEqual([]);
  });

  it('is no more than twenty, the newest', () => {
    const kept = bounced(Array.from({ length: 25 }, (_, n) => n)).bounces;
    expect(kept).toHaveLength(20);
    expect(kept.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, n) => day(24 - n)));
  });

  it('is the same in whatever order the bounces are told', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 15 });
    fc.assert(
      fc.property(days, (some) => {
        const newest = some.toSorted((a, b) => a - b);
        expect(bounced(some)).toEqual(bounced(newest));
      }),
    );
  });
});
