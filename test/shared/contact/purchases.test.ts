import { describe, expect, it } from 'vitest';
import type { TraitValue } from '#shared/contact/profile.ts';
import { foldPurchase, joinPurchases, newestTimes } from '#shared/contact/purchases.ts';
import { event } from '#test/build/event.ts';

const day = (n: number): string => `2026-11-${String(n).padStart(2, '0')}T10:00:00.000Z`;
const bought = (days: readonly number[], total: unknown = 10): Record<string, TraitValue> => {
  const traits: Record<string, TraitValue> = {};
  days.forEach((n, i) => {
    foldPurchase(
      traits,
      event('purchase', { at: day(n), data: { total } as never }) as never,
      days.slice(0, i + 1).map(day),
    );
  });
  return traits;
};

describe('purchases of a contact', () => {
  it('are how many, for how much, and when', () => {
    expect(bought([1, 5], 10.1)).toEqual({
      'purchases.count': 2,
      'purchases.total': 20.2,
      'purchases.average': 10.1,
      'purchases.first': day(1),
      'purchases.last': day(5),
    });
  });

  it('are nothing worth where no total is told', () => {
    expect(bought([1], 'ten')).toMatchObject({ 'purchases.count': 1, 'purchases.total': 0, 'purchases.average': 0 });
  });

  it('keep what is known where a total is more than a row can hold', () => {
    const traits = bought([1]);
    foldPurchase(traits, event('purchase', { at: day(2), data: { total: 1e300 } }) as never, [day(1), day(2)]);
    expect(traits).toMatchObject({ 'purchases.count': 2, 'purchases.total': 10, 'purchases.average': 5 });
  });

  it('have a rhythm from three on: the middle of the days between two', () => {
    expect(bought([1, 5])).not.toHaveProperty('purchases.cycle');
    expect(bought([1, 5, 11])).toMatchObject({ 'purchases.cycle': 'P5D', 'purchases.next': day(16) });
    expect(bought([1, 2, 5, 15])).toMatchObject({ 'purchases.cycle': 'P3D', 'purchases.next': day(18) });
    expect(bought([1, 1, 1])).toMatchObject({ 'purchases.cycle': 'P1D', 'purchases.next': day(2) });
  });

  it('are known of the twelve newest by their times', () => {
    const days = Array.from({ length: 14 }, (_, i) => day(14 - i));
    expect(newestTimes(days)).toEqual(Array.from({ length: 12 }, (_, i) => day(i + 3)));
  });

  it('of two who are one are added up', () => {
    const traits = bought([5, 8]);
    joinPurchases(traits, bought([1, 20], 5), [1, 5, 8, 20].map(day));
    expect(traits).toMatchObject({
      'purchases.count': 4,
      'purchases.total': 30,
      'purchases.average': 7.5,
      'purchases.first': day(1),
      'purchases.last': day(20),
      'purchases.cycle': 'P4D',
    });
  });

  it('of one who has bought nothing change nothing', () => {
    const traits = bought([5]);
    joinPurchases(traits, {}, [day(5)]);
    joinPurchases(traits, { 'purchases.count': 3 }, [day(5)]);
    expect(traits).toEqual(bought([5]));
  });
});
