import { describe, expect, it } from 'vitest';
import { aggregate, aggregateOf } from '#shared/condition/aggregate.ts';
import type { Json } from '#shared/store/table.ts';
import { conditionOf, happened } from './build.ts';

/** Events with these values of `v`, newest first. */
const events = (...values: (Json | undefined)[]) =>
  values.map((v, i) => happened('purchase', `2026-11-${20 - i}T10:00`, v === undefined ? {} : { v }));

describe('over events', () => {
  it.each<[Parameters<typeof aggregate>[0], (Json | undefined)[], Json | undefined]>([
    ['sum', [0.1, 0.2, 'x'], 0.3],
    ['sum', [[1, 2], '3'], 6],
    ['sum', ['x'], undefined],
    ['avg', [1, 2], 1.5],
    ['avg', [], undefined],
    ['min', [3, 1, 2], 1],
    ['max', [1, 3, 2], 3],
    ['min', ['2026-12-24', '2026-11-01'], '2026-11-01'],
    ['max', ['2026-11-01', '2026-12-24', 'soon'], '2026-12-24'],
    ['min', ['2026-12-24', 5], 5],
    ['min', ['soon'], undefined],
    ['first', ['new', 'old'], 'old'],
    ['last', ['new', 'old'], 'new'],
    // What is empty has not been said.
    ['first', ['new', 'old', '', null, undefined, []], 'old'],
    ['last', ['', null, [], 'new', 'old'], 'new'],
    ['last', [['a', 'b'], 'old'], ['a', 'b']],
    ['distinct', ['Tea', 'tea', ['cups', 'tea'], { a: 1 }, { a: 1 }], 3],
    ['distinct', ['', undefined], undefined],
  ])('the %s of %j is %j', (kind, values, expected) => {
    expect(aggregate(kind, 'v', events(...values), 'UTC')).toEqual(expected);
  });

  it.each([
    [
      { event: 'purchase', sum: 'total', gte: 20 },
      { aggregate: 'sum', path: 'total' },
    ],
    [
      { event: 'purchase', last: 'at', before: 'now-P7D' },
      { aggregate: 'last', path: 'at' },
    ],
    [{ event: 'purchase', gte: 2 }, undefined],
  ])('%j asks for %j, however often it is looked at', (written, asked) => {
    const leaf = conditionOf(written) as Parameters<typeof aggregateOf>[0];
    expect([aggregateOf(leaf), aggregateOf(leaf)]).toEqual([asked, asked]);
  });
});
