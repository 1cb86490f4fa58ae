import { expect, it } from 'vitest';
import { asNumber, asText, elementsOf, isSame } from '#shared/condition/values.ts';
import type { Json } from '#shared/store/table.ts';

it.each<[Json | undefined, number | undefined]>([
  [5, 5],
  ['5', 5],
  [' -1.5 ', -1.5],
  ['+2', 2],
  ['1e3', undefined],
  ['', undefined],
  ['x5', undefined],
  ['5x', undefined],
  [true, undefined],
  [undefined, undefined],
])('%j is the number %j', (value, number) => {
  expect(asNumber(value)).toBe(number);
});

it.each<[Json | undefined, string | undefined]>([
  [' Tea ', 'tea'],
  [5, '5'],
  [false, 'false'],
  [null, undefined],
  [['tea'], undefined],
  [{ a: 1 }, undefined],
  [undefined, undefined],
])('%j is the text %j', (value, text) => {
  expect(asText(value)).toBe(text);
});

it('null, the empty text and empty lists are no values; of a list its elements count', () => {
  expect([null, '', [], undefined].map(elementsOf)).toEqual([[], [], [], []]);
  expect([0, false, 'x'].map(elementsOf)).toEqual([[0], [false], ['x']]);
  expect(elementsOf([1, null, '', 'x', []])).toEqual([1, 'x']);
});

it.each<[Json, Json, boolean]>([
  ['5', 5, true],
  ['5.0', 5, true],
  ['five', 5, false],
  [5, '5', true],
  [true, 'TRUE', true],
  ['Tea', ' tea', true],
  ['tea', 'teas', false],
  // A date is its day in the zone; a time is its moment.
  ['2026-12-23T23:30:00Z', '2026-12-24', true],
  ['2026-12-23T22:30:00Z', '2026-12-24', false],
  ['2026-12-24T10:00', '2026-12-24T09:00:00Z', true],
  ['2026-12-24T10:01', '2026-12-24T09:00:00Z', false],
  ['2026-12-24', '2026-12-24T00:00', false],
  ['2026-02-30', '2026-02-30', true],
  ['soon', '2026-12-24', false],
  [['tea'], 'tea', false],
])('that %j is %j, as a file says it, is %s', (value, said, same) => {
  expect(isSame(value, said, 'Europe/Warsaw')).toBe(same);
});
