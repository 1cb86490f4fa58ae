import { describe, expect, it } from 'vitest';
import { profile } from '#test/build/profile.ts';
import { ask, NOW, scope } from './build.ts';

const holding = (value: unknown) => scope({ data: value === undefined ? {} : { it: value as string } });
const about = (ops: object, value: unknown) => ask({ data: 'it', ...ops }, holding(value));

describe('a comparison with 7, 2, a word and nothing', () => {
  it.each([
    [{ gt: 5 }, [true, false, false, false]],
    [{ lte: 5 }, [false, true, false, false]],
    [{ isNot: 7 }, [false, true, true, true]],
    [{ exists: true }, [true, true, true, false]],
    [{ exists: false }, [false, false, false, true]],
  ])('%j answers as the language says', (ops, answers) => {
    expect([7, 2, 'abc', undefined].map((value) => about(ops, value))).toEqual(answers);
    expect([7, 2, 'abc', null].map((value) => about(ops, value))).toEqual(answers);
  });

  it('is turned round by "not"', () => {
    const not = (value: unknown) => ask({ not: { data: 'it', gt: 5 } }, holding(value));
    expect([7, 2, 'abc', undefined].map(not)).toEqual([false, true, true, true]);
  });
});

describe('an operator', () => {
  it.each<[object, unknown, boolean]>([
    [{ is: 'Tea' }, ' tea ', true],
    [{ is: 'tea' }, 'TEA', true],
    [{ is: 'tea' }, 'tea pot', false],
    [{ is: ['coffee', 'tea'] }, 'tea', true],
    [{ is: 7 }, 7, true],
    [{ is: 7 }, '7', true],
    [{ is: 7 }, '7 apples', false],
    [{ is: '7' }, 7, true],
    [{ is: 0.3 }, 0.3, true],
    [{ is: true }, true, true],
    [{ is: true }, 'true', true],
    [{ is: false }, true, false],
    [{ is: false }, undefined, false],
    [{ is: 'tea' }, { name: 'tea' }, false],
    [{ is: '2026-11-22' }, '2026-11-22T15:00', true],
    [{ is: '2026-11-22' }, '2026-11-21T23:30:00.000Z', true],
    [{ is: '2026-11-22' }, '2026-11-22T23:30:00.000Z', false],
    [{ is: '2026-11-22' }, 'someday', false],
    [{ is: '2026-11-22T10:00Z' }, '2026-11-22T12:00+02:00', true],
    [{ is: '2026-11-22T10:00Z' }, '2026-11-22', false],
    [{ isNot: ['a', 'b'] }, 'c', true],
    [{ isNot: ['a', 'b'] }, 'B', false],
    [{ isNot: ['a', 'b'] }, ['c', 'a'], false],
    [{ is: 'tea' }, ['coffee', 'Tea'], true],
    [{ gt: 5 }, '7', true],
    [{ gt: 5 }, '5.5 ', true],
    [{ gt: 5 }, true, false],
    [{ gte: 5, lt: 10 }, 5, true],
    [{ gte: 5, lt: 10 }, 10, false],
    [{ gte: 10, lt: 20 }, [5, 50], false],
    [{ gte: 10, lt: 20 }, [5, 15], true],
    [{ contains: 'SHOES' }, 'red shoes', true],
    [{ contains: 'shoes' }, ['hats', 'red shoes'], true],
    [{ contains: 'shoes' }, undefined, false],
    [{ startsWith: 'red' }, ' Red shoes', true],
    [{ startsWith: 'shoes' }, 'red shoes', false],
    [{ endsWith: 'shoes' }, 'red shoes', true],
    [{ endsWith: 'red' }, 'red shoes', false],
    [{ startsWith: '48' }, 48_123, true],
    [{ exists: true }, false, true],
    [{ exists: true }, 0, true],
    [{ exists: true }, '', false],
    [{ exists: true }, [], false],
    [{ exists: true }, [''], false],
    [{ exists: true, is: 'x' }, 'x', true],
    [{ exists: true, isNot: 'x' }, 'y', true],
    [{ isNot: 'x', gt: 5 }, undefined, false],
    [{}, 'x', true],
    [{}, undefined, false],
  ])('%j of %j is %s', (ops, value, expected) => {
    expect(about(ops, value)).toBe(expected);
  });

  // It is Sunday, 22 November 2026, noon in Warsaw.
  it.each<[object, unknown, boolean]>([
    [{ before: '2026-11-22' }, '2026-11-21', true],
    [{ before: '2026-11-22' }, '2026-11-21T23:30', true],
    [{ before: '2026-11-22' }, '2026-11-22T00:30', false],
    [{ after: '2026-11-22' }, '2026-11-22T23:30', false],
    [{ after: '2026-11-22' }, '2026-11-23', true],
    [{ before: 'now-P30D' }, '2026-10-23T11:59', true],
    [{ before: 'now-P30D' }, '2026-10-23T12:00', false],
    [{ after: 'now' }, '2026-11-22', false],
    [{ before: 'now' }, '2026-11-22', true],
    [{ after: 'today' }, '2026-11-22T23:00', false],
    [{ after: 'today', before: 'today+P7D' }, '2026-11-25', true],
    [{ before: 'now' }, 'yesterday', false],
    [{ before: 'now' }, 20_261_121, false],
    [{ before: 'entry' }, '2020-01-01', false],
    [{ within: 'P7D' }, '2026-11-15T12:00', false],
    [{ within: 'P7D' }, '2026-11-15T12:01', true],
    [{ within: 'P7D' }, '2026-11-22T12:00', true],
    [{ within: 'P7D' }, '2026-11-22T12:01', false],
    [{ within: 'P7D' }, '2026-11-15', false],
    [{ within: 'P7D' }, '2026-11-16', true],
    [{ within: 'P7D' }, '2026-11-22', true],
    [{ within: 'P7D' }, '2026-11-23', false],
    [{ next: 'P7D' }, '2026-11-22T12:00', false],
    [{ next: 'P7D' }, '2026-11-29T12:00', true],
    [{ next: 'P7D' }, '2026-11-29T12:01', false],
    [{ next: 'P7D' }, '2026-11-22', true],
    [{ next: 'P7D' }, '2026-11-29', true],
    [{ next: 'P7D' }, '2026-11-30', false],
    [{ next: 'P7D' }, undefined, false],
    [{ every: 'P1Y', next: 'P7D' }, '1990-11-29', true],
    [{ every: 'P1Y', next: 'P7D' }, '1990-11-22', true],
    [{ every: 'P1Y', next: 'P7D' }, '1990-11-21', false],
    [{ every: 'P1Y', next: 'P7D' }, '--11-25', true],
    [{ every: 'P1Y', within: 'P7D' }, '1990-11-16', true],
    [{ every: 'P1Y', within: 'P7D' }, '1990-11-15', false],
    [{ every: 'P1Y', within: 'P7D' }, '1990-11-23', false],
    [{ every: 'P1M', next: 'P2D' }, '2026-01-24', true],
    [{ every: 'P1Y', before: '2026-12-01' }, '1990-11-29', true],
    [{ every: 'P1Y', before: '2026-12-01' }, '1990-10-29', false],
    [{ every: 'P1Y' }, '1990-10-29', true],
    [{ every: 'P1Y' }, 'never', false],
    [{ next: 'P7D' }, '--11-25', false],
  ])('%j of the date %j is %s', (ops, value, expected) => {
    expect(about(ops, value)).toBe(expected);
  });

  it('reckons the days of a date on the calendar of the contact', () => {
    const late = '2026-11-22T23:30:00.000Z';
    const where = (timeZone: string) =>
      ask({ data: 'it', is: '2026-11-23' }, { ...holding(late), profile: profile({ traits: { timeZone } }) });
    expect(where('Africa/Cairo')).toBe(true);
    expect(where('America/New_York')).toBe(false);
  });
});

describe('a reference as a value', () => {
  const known = scope({
    profile: profile({
      traits: { 'purchases.average': 50, 'sizes.own': ['M', 'L'], tier: 'Gold', until: '2026-11-30' },
    }),
    trigger: { total: 60, size: 'L', at: NOW, word: 'gold' },
    steps: { code: { code: 'TEN', expiresAt: '2026-11-25T10:00', answers: { tier: 'gold' } } },
    data: { total: 40, tier: 'gold' },
  });

  it.each<[object, boolean]>([
    [{ trigger: 'total', gt: { trait: 'purchases.average' } }, true],
    [{ data: 'total', gt: { trait: 'purchases.average' } }, false],
    [{ data: 'total', lt: { trigger: 'total' } }, true],
    [{ trait: 'tier', is: { step: 'code.answers.tier' } }, true],
    [{ trait: 'tier', isNot: { data: 'tier' } }, false],
    [{ trait: 'tier', contains: { trigger: 'word' } }, true],
    [{ trigger: 'size', is: { trait: 'sizes.own' } }, true],
    [{ trigger: 'size', isNot: ['S', { trait: 'sizes.own' }] }, false],
    [{ step: 'code.expiresAt', before: { trait: 'until' } }, true],
    [{ step: 'code.expiresAt', after: { trigger: 'at' } }, true],
    [{ step: 'code.code', exists: true }, true],
    [{ step: 'code.percent', exists: true }, false],
    [{ step: 'other.code', exists: true }, false],
    [{ trigger: 'total', gt: { trait: 'missing' } }, false],
    [{ trigger: 'total', is: { trait: 'missing' } }, false],
    [{ trigger: 'total', isNot: { trait: 'missing' } }, true],
    [{ step: 'code.expiresAt', before: { trait: 'missing' } }, false],
  ])('in %j gives %s', (condition, expected) => {
    expect(ask(condition, known)).toBe(expected);
  });
});

describe('a path', () => {
  const basket = scope({
    data: {
      items: [
        { category: 'tea', price: 5, tags: ['green', 'loose'] },
        { category: 'coffee', price: 12, tags: [] },
        { price: 1 },
      ],
      cart: { total: 18, 'odd.name': 1 },
      empty: [],
    },
  });

  it.each<[object, boolean]>([
    [{ data: 'items.category', is: 'coffee' }, true],
    [{ data: 'items.category', is: 'cups' }, false],
    [{ data: 'items.category', isNot: 'cups' }, true],
    [{ data: 'items.price', gt: 10 }, true],
    [{ data: 'items.tags', is: 'loose' }, true],
    [{ data: 'items.size', exists: false }, true],
    [{ data: 'empty.size', exists: false }, true],
    [{ data: 'cart.total', is: 18 }, true],
    [{ data: 'cart.total.more', exists: false }, true],
    [{ data: 'cart.constructor', exists: false }, true],
    [{ data: 'items.length', exists: false }, true],
    [{ data: 'toString', exists: false }, true],
  ])('%j is %s', (condition, expected) => {
    expect(ask(condition, basket)).toBe(expected);
  });
});

describe('a trait', () => {
  const known = scope({
    profile: profile({
      createdAt: '2026-10-01T08:00:00.000Z',
      identities: { email: 'Ann@Shop.example', externalId: '42' },
      traits: { 'loyalty.tier': 'gold', phone: '+48 1' },
    }),
  });

  it.each<[object, boolean]>([
    [{ trait: 'loyalty.tier', is: 'gold' }, true],
    [{ trait: 'loyalty', exists: true }, false],
    [{ trait: 'createdAt', before: 'now-P30D' }, true],
    [{ trait: 'createdAt', before: 'now-P60D' }, false],
    [{ trait: 'email', endsWith: '@shop.example' }, true],
    [{ trait: 'externalId', is: '42' }, true],
    [{ trait: 'phone', startsWith: '+48' }, true],
    [{ trait: '__proto__', exists: false }, true],
    [{ trait: 'hasOwnProperty', exists: false }, true],
  ])('%j is %s', (condition, expected) => {
    expect(ask(condition, known)).toBe(expected);
  });
});
