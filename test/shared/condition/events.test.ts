import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#shared/condition/evaluate.ts';
import type { Scope } from '#shared/condition/scope.ts';
import { profile } from '#test/build/profile.ts';
import { ask, conditionOf, happened, havingDone, KnownFacts, lastOf, NOW, scope } from './build.ts';

const bought = (at: string, total: number, more: object = {}) => happened('purchase', at, { total, ...more });

// It is Sunday, 22 November 2026, noon.
const history = [
  bought('2026-09-01T10:00', 10, {
    items: [
      { sku: 'a', price: 4 },
      { sku: 'b', price: 6 },
    ],
  }),
  bought('2026-11-15T12:00', 0.1, { items: [{ sku: 'b', price: 0.1 }], coupon: 'TEN' }),
  bought('2026-11-15T12:01', 0.2),
  happened('product.viewed', '2026-11-20T09:00', { category: 'tea', until: '2026-12-01' }),
  happened('product.viewed', '2026-11-20T10:00', { category: 'Tea', until: '2026-11-25' }),
  happened('product.viewed', '2026-11-21T10:00', { category: 'cups' }),
];
const contact = () => havingDone(history);

describe('a condition on events', () => {
  it.each<[object, boolean]>([
    [{ event: 'purchase' }, true],
    [{ event: 'registration' }, false],
    [{ event: ['registration', 'purchase'] }, true],
    [{ event: 'any' }, true],
    [{ event: 'any', within: 'P1D' }, false],
    [{ event: 'any', within: 'P2D' }, true],
    [{ event: 'purchase', is: 0 }, false],
    [{ event: 'registration', is: 0 }, true],
    [{ event: 'registration', lt: 1 }, true],
    [{ event: 'purchase', is: 3 }, true],
    [{ event: 'purchase', is: 2 }, false],
    [{ event: 'purchase', gte: 3 }, true],
    [{ event: 'purchase', gt: 3 }, false],
    [{ event: 'purchase', gt: 2, lte: 3 }, true],
    [{ event: 'purchase', lt: 3 }, false],
    [{ event: 'purchase', isNot: 3 }, false],
    [{ event: 'purchase', is: [1, 3] }, true],
    [{ event: ['purchase', 'product.viewed'], gte: 6 }, true],
    [{ event: 'any', gt: 6 }, false],
    // The span is half open: exactly seven days ago is too long ago.
    [{ event: 'purchase', within: 'P7D' }, true],
    [{ event: 'purchase', within: 'P7D', gte: 2 }, false],
    [{ event: 'purchase', since: '2026-11-15T12:00', gte: 2 }, true],
    [{ event: 'purchase', since: '2026-11-15T12:01', gte: 2 }, false],
    [{ event: 'purchase', since: 'now-P1M', within: 'P7D', gte: 2 }, false],
    [{ event: 'purchase', since: { trait: 'nothing' } }, false],
    [{ event: 'purchase', since: { trait: 'nothing' }, is: 0 }, false],
    [{ event: 'product.viewed', within: 'P7D', where: { data: 'category', is: 'tea' }, gte: 2 }, true],
    [{ event: 'product.viewed', within: 'P7D', where: { data: 'category', is: 'tea' }, gte: 3 }, false],
    [{ event: 'product.viewed', where: { data: 'category', is: 'soap' } }, false],
    [{ event: 'product.viewed', where: { data: 'category', is: 'soap' }, is: 0 }, true],
    [{ event: 'purchase', where: { data: 'items.sku', is: 'b' }, is: 2 }, true],
    [{ event: 'purchase', where: { data: 'at', before: '2026-11-01' }, is: 1 }, true],
    [{ event: 'any', where: { data: 'type', is: 'purchase' }, is: 3 }, true],
  ])('%j is %s', (condition, expected) => {
    expect(ask(condition, contact())).toBe(expected);
  });

  it.each<[object, boolean]>([
    [{ sum: 'total', is: 10.3 }, true],
    [{ sum: 'total', within: 'P8D', is: 0.3 }, true],
    [{ sum: 'items.price', is: 10.1 }, true],
    [{ avg: 'total', gt: 3.4, lt: 3.5 }, true],
    [{ min: 'total', is: 0.1 }, true],
    [{ max: 'total', is: 10 }, true],
    [{ first: 'total', is: 10 }, true],
    [{ last: 'total', is: 0.2 }, true],
    [{ last: 'coupon', is: 'ten' }, true],
    [{ first: 'items.sku', is: 'a' }, true],
    [{ first: 'items.sku', is: 'b' }, true],
    [{ last: 'items.sku', is: 'b' }, true],
    [{ last: 'items.sku', is: 'a' }, false],
    [{ distinct: 'items.sku', is: 2 }, true],
    [{ last: 'at', before: 'now-P7D' }, false],
    [{ last: 'at', after: 'now-P7D' }, true],
    [{ first: 'at', before: '2026-09-02' }, true],
    [{ last: 'at', where: { data: 'total', is: 10 }, before: '2026-09-02' }, true],
    [{ max: 'at', is: '2026-11-15' }, true],
    [{ min: 'at', is: '2026-09-01' }, true],
    [{ last: 'at', within: 'P3D', before: 'now' }, false],
    [{ last: 'coupon' }, true],
    [{ last: 'voucher' }, false],
    [{ sum: 'coupon', gte: 0 }, false],
    [{ sum: 'total', within: 'PT1H', lt: 5 }, false],
    [{ sum: 'total', within: 'PT1H', isNot: 5 }, true],
    [{ sum: 'total', within: 'PT1H', exists: false }, true],
    [{ distinct: 'items.sku', within: 'PT1H', is: 0 }, false],
    [{ sum: 'total', where: { data: 'coupon', exists: true }, is: 0.1 }, true],
  ])('the purchases have %j: %s', (rest, expected) => {
    expect(ask({ event: 'purchase', ...rest }, contact())).toBe(expected);
  });

  it.each<[object, boolean]>([
    [{ min: 'until', is: '2026-11-25' }, true],
    [{ max: 'until', is: '2026-12-01' }, true],
    [{ distinct: 'category', is: 2 }, true],
    [{ last: 'until', next: 'P7D' }, true],
  ])('the views have %j: %s', (rest, expected) => {
    expect(ask({ event: 'product.viewed', ...rest }, contact())).toBe(expected);
  });

  it('counts an event at its own time on the calendar of the contact', () => {
    const now = '2026-03-29T10:00:00.000Z';
    const asked = (at: string) => ask({ event: 'visit', within: 'P1D' }, havingDone([happened('visit', at)], { now }));
    // Noon after a night of 23 hours.
    expect(asked('2026-03-28T12:00')).toBe(false);
    expect(asked('2026-03-28T12:01')).toBe(true);
  });
});

describe('the span of a condition that names none', () => {
  const since = '2026-11-15T11:00:30.000Z';

  it('is the whole history outside a passage, and begins with the step or the entry inside one', () => {
    expect(ask({ event: 'purchase', gte: 3 }, contact())).toBe(true);
    expect(ask({ event: 'purchase', gte: 2 }, { ...contact(), since })).toBe(false);
    expect(ask({ event: 'purchase' }, { ...contact(), since })).toBe(true);
    expect(ask({ event: 'purchase', sum: 'total', is: 0.2 }, { ...contact(), since })).toBe(true);
  });

  it('gives way to one that is named', () => {
    expect(ask({ event: 'purchase', within: 'P400D', gte: 3 }, { ...contact(), since })).toBe(true);
    expect(ask({ event: 'purchase', since: '2026-01-01', gte: 3 }, { ...contact(), since })).toBe(true);
  });
});

describe('the event that started the passage', () => {
  const trigger = bought('2026-11-22T11:00', 50);
  const inside = (more: ReturnType<typeof bought>[] = []): Scope => ({
    ...havingDone([...history, trigger, ...more]),
    entry: '2026-11-22T10:00:01.000Z',
    since: trigger.at,
    trigger: { ...trigger.data, at: trigger.at, type: trigger.type, id: trigger.id },
  });

  it.each([
    { event: 'purchase' },
    { event: 'purchase', gte: 1 },
    { event: 'purchase', since: { trigger: 'at' } },
    { event: 'purchase', where: { data: 'total', gt: 0 } },
    { event: 'purchase', sum: 'total', gt: 0 },
    { event: 'purchase', last: 'at', before: 'now' },
    { event: 'any' },
  ])('does not count in %j, but a further one at the same moment does', (condition) => {
    expect(ask(condition, inside())).toBe(false);
    expect(ask(condition, inside([bought('2026-11-22T11:00', 1)]))).toBe(true);
    expect(ask(condition, inside([bought('2026-11-22T11:30', 1)]))).toBe(true);
  });

  it('counts in a span that does not begin with the passage', () => {
    expect(ask({ event: 'purchase', within: 'P1D' }, inside())).toBe(true);
    expect(ask({ event: 'purchase', since: '2026-11-22' }, inside())).toBe(true);
  });

  it('is still told apart when its clock was ahead', () => {
    const ahead = { entry: '2026-11-22T09:58:00.000Z', since: '2026-11-22T09:58:00.000Z' };
    expect(ask({ event: 'purchase' }, { ...inside(), ...ahead })).toBe(false);
    expect(ask({ event: 'purchase' }, { ...inside([bought('2026-11-22T10:59', 1)]), ...ahead })).toBe(true);
  });
});

describe('what a condition reads', () => {
  const reads = (condition: object, given = contact()) => {
    ask(condition, given);
    return given.facts.asked;
  };

  it.each([
    { event: 'purchase' },
    { event: 'purchase', is: 0 },
    { event: 'purchase', lt: 1 },
    { event: 'purchase', gt: 0 },
    { event: 'purchase', gte: 1, within: 'P7D' },
    { event: 'registration' },
    { event: ['registration', 'purchase'], since: '2026-11-01' },
    { event: 'any', within: 'P30D' },
    { event: 'purchase', last: 'at', before: 'now-P60D' },
  ])('for %j nothing', (condition) => {
    expect(reads(condition)).toEqual([]);
  });

  it.each([
    [{ gte: 3 }, 3],
    [{ gt: 3 }, 4],
    [{ lt: 3 }, 3],
    [{ lte: 3 }, 4],
    [{ is: 3 }, 4],
    [{ is: [1, 5] }, 6],
    [{ isNot: 3 }, 4],
    [{ gte: 2, lt: 5 }, 5],
    [{ gte: 2.5 }, 3],
    [{ gte: { trait: 'many' } }, 7],
  ])('for a count of %j no more events than decide it', (ops, limit) => {
    const given = havingDone(history, { profile: profile({ traits: { many: 7 }, last: lastOf(history) }) });
    expect(reads({ event: 'purchase', ...ops }, given)).toEqual([{ types: ['purchase'], limit }]);
  });

  it('with a "where" or an aggregate all events of the span', () => {
    const since = '2026-10-31T23:00:00.000Z';
    expect(reads({ event: 'purchase', since: '2026-11-01', where: { data: 'total', gt: 1 }, gte: 2 })).toEqual([
      { types: ['purchase'], since },
    ]);
    expect(reads({ event: 'any', since: '2026-11-01', sum: 'total', gte: 2 })).toEqual([{ types: 'any', since }]);
  });

  it('nothing for a type that a profile with room for more has never seen', () => {
    expect(reads({ event: 'registration', within: 'P400D' })).toEqual([]);
  });

  it('asks the store for a type that a full profile may have let go', () => {
    const types = Array.from({ length: 40 }, (_, n) => happened(`type${n}.seen`, `2026-11-${10 + (n % 10)}T10:00`));
    const old = happened('registration', '2026-10-01T10:00');
    const full = () => ({ ...havingDone([...types, old]), profile: profile({ last: lastOf(types) }) });
    expect(ask({ event: 'registration' }, full())).toBe(true);
    expect(reads({ event: 'registration' }, full())).toEqual([{ types: ['registration'], limit: 1 }]);
    // Whatever was let go is older than all that stand there, so a span that begins among them needs no reading.
    expect(reads({ event: 'registration', since: '2026-11-12' }, full())).toEqual([]);
    expect(ask({ event: 'registration', since: '2026-11-12' }, full())).toBe(false);
    expect(ask({ event: 'registration', since: '2026-09-01' }, full())).toBe(true);
  });

  it('does not touch the trigger while the answer does not depend on it', () => {
    const lazy: Scope = {
      ...havingDone(history),
      since: '2026-11-01T00:00:00.000Z',
      entry: '2026-11-01T00:00:00.000Z',
      get trigger(): never {
        throw new Error('the trigger was read');
      },
    };
    expect(ask({ event: 'purchase', gte: 1 }, lazy)).toBe(true);
    expect(ask({ event: 'purchase', where: { data: 'total', lt: 1 } }, lazy)).toBe(true);
  });
});

describe('a condition with a listener', () => {
  const heard = (n: number) => ({ n, event: 'e', at: NOW, type: 'purchase' });
  const listening = (ops: object) => ({ ...conditionOf({ event: 'purchase', ...ops }), listener: 'goal/0' });

  it('is answered by what was heard, whatever the store says', () => {
    const given = (n: number) => ({ ...contact(), heard: n === 0 ? {} : { 'goal/0': heard(n) } });
    expect(evaluate(listening({}), given(1))).toBe(true);
    expect(evaluate(listening({}), given(0))).toBe(false);
    expect(evaluate(listening({ gte: 3 }), given(3))).toBe(true);
    expect(evaluate(listening({ gte: 3 }), given(2))).toBe(false);
    expect(evaluate(listening({ is: 0 }), given(0))).toBe(true);
    const asked = given(0);
    evaluate(listening({ where: { data: 'total', gt: 0 } }), asked);
    expect(asked.facts.asked).toEqual([]);
  });

  it('is answered by the store when it names a span or an aggregate, or nothing listens', () => {
    const deaf = { ...contact(), heard: {} };
    expect(evaluate(listening({ within: 'P7D' }), deaf)).toBe(true);
    expect(evaluate(listening({ since: '2026-01-01' }), deaf)).toBe(true);
    expect(evaluate(listening({ sum: 'total', gt: 1 }), deaf)).toBe(true);
    expect(evaluate(listening({}), contact())).toBe(true);
  });

  it('counts the same from what was heard as from the store', () => {
    const bound = fc.integer({ min: 0, max: 5 });
    const ops = fc.record(
      { is: bound, isNot: bound, gt: bound, gte: bound, lt: bound, lte: bound },
      { requiredKeys: [] },
    );
    const minutes = fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 8 });
    fc.assert(
      fc.property(ops, minutes, fc.boolean(), (asked, offsets, filtered) => {
        const events = offsets.map((offset, n) => ({
          id: `e${n}`,
          type: 'purchase',
          at: new Date(Date.parse(NOW) + offset * 60_000).toISOString(),
          data: { even: n % 2 === 0 },
        }));
        const where = filtered ? { where: { data: 'even', is: true } } : {};
        const matching = events.filter((event) => event.at >= NOW && (!filtered || event.data.even));
        const given = { ...scope({ profile: profile({ last: lastOf(events) }), since: NOW, entry: NOW }) };
        const condition = conditionOf({ event: 'purchase', ...where, ...asked });
        const fromFacts = evaluate(condition, { ...given, facts: new KnownFacts({ events }) });
        const fromHeard = evaluate(
          { ...condition, listener: 'x/0' },
          { ...given, heard: matching.length === 0 ? {} : { 'x/0': heard(matching.length) } },
        );
        expect(fromFacts).toBe(fromHeard);
      }),
    );
  });
});
