import { expect, it } from 'vitest';
import { fitting, keptOf, missingIn } from '#shared/enrolment/kept-data.ts';

const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));

it('of what others said as many fields are kept as have room, to the byte; one that is too large keeps no other out', () => {
  const data = { a: 'x', large: 'ż'.repeat(40), b: 2 };
  const without = { a: 'x', b: 2 };
  expect(fitting(data, bytesOf(data) + 1)).toEqual(data);
  expect(Object.keys(fitting(data, bytesOf(data)))).toEqual(['a', 'large']);
  expect(fitting(data, bytesOf(without) + 1)).toEqual(without);
  expect(fitting(data, bytesOf(without))).toEqual({ a: 'x' });
  expect(fitting(data, 0)).toEqual({});
});

it('a step keeps 4 KB, and less where the passage has kept much already', () => {
  const data = { first: 'x'.repeat(3000), second: 'x'.repeat(3000), last: 1 };
  expect(Object.keys(keptOf(data, { left: {} }))).toEqual(['first', 'last']);
  const left = { before: { text: 'x'.repeat(128 * 1024 - 200) } };
  expect(Object.keys(keptOf(data, { left }))).toEqual(['last']);
  expect(keptOf(data, { left: { before: { text: 'x'.repeat(128 * 1024) } } })).toEqual({});
});

it('of fields that had no room the first twenty are told, by names that can be read', () => {
  const data = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i]));
  const { field0: _, ...missing } = data;
  expect(missingIn({ field0: 0 }, data)).toEqual(Object.keys(missing).slice(0, 20));
  expect(missingIn(data, data)).toEqual([]);
  expect(missingIn({}, { ['n'.repeat(70)]: 1 })).toEqual(['n'.repeat(60)]);
  // An emoji that is cut in half.
  expect(missingIn({}, { [`${'n'.repeat(59)}🛒`]: 1 })).toEqual([`${'n'.repeat(59)}\ufffd`]);
});
