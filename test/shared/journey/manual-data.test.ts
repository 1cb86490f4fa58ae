import { expect, it } from 'vitest';
import { dataFaults } from '#shared/journey/manual-data.ts';
import type { Json } from '#shared/store/table.ts';

it.each<[type: string, fits: Json[], not: Json[], means: string]>([
  ['number', [0, -1.5], ['1', null, true], 'a number'],
  ['text', ['', 'x'], [4711, null, ['x']], 'a text in double quotes'],
  ['flag', [true, false], ['true', 0], 'true or false'],
  ['date', ['2026-03-02', '--05-17', '2026-03-02T09:00:00Z'], ['2 March', 20260302], 'a date or a time'],
  ['duration', ['P3D', 'PT1H'], ['P', '3 days'], 'a duration'],
  ['texts', [[], ['tea']], ['tea', ['tea', 1]], 'a list of texts'],
  ['numbers', [[1, 2]], [1, ['1']], 'a list of numbers'],
])('a field of the type %s takes what it means, and nothing else', (type, fits, not, means) => {
  for (const value of fits) expect(dataFaults({ field: value }, { field: type })).toEqual([]);
  for (const value of not)
    expect(dataFaults({ field: value }, { field: type })).toEqual([expect.stringContaining(`should be ${means}`)]);
});

it('a field may be a path, also through a list', () => {
  const declared = { 'order.id': 'text', 'order.items.productId': 'texts' };
  expect(dataFaults({ order: { id: '7', items: [{ productId: 'a' }, { productId: 'b' }] } }, declared)).toEqual([]);
  expect(dataFaults({ order: {} }, declared)).toEqual([
    'data.order.id: is missing. It is a text in double quotes',
    'data.order.items.productId: is missing. It is a list of texts, as ["tea"]',
  ]);
});

it('a journey that declares nothing takes anything, and one that declares no field takes none', () => {
  expect(dataFaults({ any: 1 }, undefined)).toEqual([]);
  expect(dataFaults({ any: 1 }, {})).toEqual(['data: the journey takes no "any".']);
});
