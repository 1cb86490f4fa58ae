import { describe, expect, it } from 'vitest';
import { emptyPattern, GROUPS_AT_MOST, groupOf, HALF_LIFE, type Pattern, withDone } from '#shared/sending/pattern.ts';
import { WEEK_HOURS } from '#shared/time/week.ts';

const AT = 490_000;
const weight = (pattern: Pattern, slot: number, group?: string) =>
  (group === undefined ? pattern.shop : pattern.alike[group])?.[slot];

describe('the hours of a shop', () => {
  it('are those of a week, and nothing at first', () => {
    const empty = emptyPattern(AT);
    expect(empty.shop).toHaveLength(WEEK_HOURS);
    expect(new Set(empty.shop)).toEqual(new Set([0]));
    expect(empty.alike).toEqual({});
    expect(withDone(undefined, {}, AT)).toEqual(empty);
  });

  it('are counted by hour, of all and of those who are alike', () => {
    const pattern = withDone(undefined, { '': { 10: 3, 20: 1 }, tea: { 10: 2 } }, AT);
    expect([weight(pattern, 10), weight(pattern, 20), weight(pattern, 11)]).toEqual([3, 1, 0]);
    expect([weight(pattern, 10, 'tea'), weight(pattern, 20, 'tea')]).toEqual([2, 0]);
    expect(Object.keys(pattern.alike)).toEqual(['tea']);
  });

  it('weigh half after sixty days', () => {
    const before = withDone(undefined, { '': { 10: 4 }, tea: { 10: 4 } }, AT);
    const after = withDone(before, { '': { 10: 1 } }, AT + HALF_LIFE);
    expect([after.at, weight(after, 10), weight(after, 10, 'tea')]).toEqual([AT + HALF_LIFE, 3, 2]);
  });

  it('weigh half when they are told of sixty days late', () => {
    const before = withDone(undefined, { '': { 10: 4 } }, AT);
    const after = withDone(before, { '': { 10: 1, 11: 2 } }, AT - HALF_LIFE);
    expect([after.at, weight(after, 10), weight(after, 11)]).toEqual([AT, 4.5, 1]);
  });

  it('are kept to a thousandth', () => {
    const before = withDone(undefined, { '': { 10: 1 } }, AT);
    expect(weight(withDone(before, {}, AT + 100), 10)).toBe(0.953);
  });

  it('forget who is alike once that weighs next to nothing', () => {
    const before = withDone(undefined, { tea: { 10: 0.1 }, cups: { 10: 0.099 } }, AT);
    expect(Object.keys(before.alike)).toEqual(['tea']);
    expect(Object.keys(withDone(before, {}, AT + HALF_LIFE).alike)).toEqual([]);
  });

  it('tell those of most weight apart, and the same of several that weigh alike', () => {
    const done = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`g${String(i).padStart(2, '0')}`, { 10: i < 45 ? 1 : 2 }]),
    );
    const { alike } = withDone(undefined, done, AT);
    const names = Object.keys(alike);
    expect(names).toHaveLength(GROUPS_AT_MOST);
    expect(names.slice(0, 6)).toEqual(['g45', 'g46', 'g47', 'g48', 'g49', 'g00']);
    expect(names.at(-1)).toBe('g34');
  });
});

describe('those who are alike', () => {
  it('have the same value in a trait, which the name does not say', () => {
    const name = groupOf({ traits: { city: 'Łódź' } }, 'city');
    expect(name).toMatch(/^[0-9a-f]{12}$/);
    expect(groupOf({ traits: { city: 'Łódź', size: 'M' } }, 'city')).toBe(name);
    expect(groupOf({ traits: { city: 'Kraków' } }, 'city')).not.toBe(name);
    expect(groupOf({ traits: { town: 'Łódź' } }, 'town')).not.toBe(name);
    expect(groupOf({ traits: { n: 5 } }, 'n')).toBe(groupOf({ traits: { n: '5' } }, 'n'));
  });

  it('are nobody by a list, or by a trait that is not there', () => {
    expect(groupOf({ traits: { city: ['Łódź'] } }, 'city')).toBeUndefined();
    expect(groupOf({ traits: {} }, 'city')).toBeUndefined();
  });
});
