import { describe, expect, it } from 'vitest';
import { codesUsed, isGood } from '#shared/coupon/coupon.ts';
import type { Json } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { settings } from '#test/build/settings.ts';

const used = (data: Record<string, Json>, given: Parameters<typeof settings>[0] = {}, type = 'purchase') =>
  codesUsed(event(type, { data }), settings(given));

describe('codes that an event has used', () => {
  it('stand in coupon or coupons of a purchase, each once, however they are written', () => {
    expect(used({ coupon: ' Cart-AA ' })).toEqual(['cart-aa']);
    expect(used({ coupons: ['A', 'B', 'a'], coupon: 'C' })).toEqual(['c', 'a', 'b']);
    expect(used({ total: 5 })).toEqual([]);
    expect(used({ coupon: 'A' }, {}, 'cart.updated')).toEqual([]);
  });

  it('stand where the settings say', () => {
    const coupons = { event: ['order.paid'], code: 'discounts.code' };
    expect(used({ discounts: [{ code: 'X' }, { code: 'Y' }] }, { coupons }, 'order.paid')).toEqual(['x', 'y']);
    expect(used({ coupon: 'X' }, { coupons })).toEqual([]);
  });

  it('are few, and texts', () => {
    expect(used({ coupons: Array.from({ length: 99 }, (_, i) => `c${i}`) })).toHaveLength(10);
    expect(used({ coupons: [1, null, '', '  ', 'x'.repeat(65), { a: 1 }, ['deep']] })).toEqual([]);
    expect(used({ coupon: 'x'.repeat(64) })).toEqual(['x'.repeat(64)]);
  });
});

it.each([
  [{ used: false }, true],
  [{ used: true }, false],
  [{ used: false, expiresAt: '2026-11-22T11:00:00.001Z' }, true],
  [{ used: false, expiresAt: '2026-11-22T11:00:00.000Z' }, false],
  [{ used: true, expiresAt: '2026-12-24T00:00:00.000Z' }, false],
])('that a held code of %j can still be used is %s', (held, good) => {
  expect(isGood({ code: 'A', ...held }, '2026-11-22T11:00:00.000Z')).toBe(good);
});
