import { describe, expect, it } from 'vitest';
import { faultOf } from '#shared/event/storable.ts';
import type { Json } from '#shared/store/table.ts';

const nested = (levels: number, inner: Json = 1): Json => (levels === 0 ? inner : { in: nested(levels - 1, inner) });
const lists = (levels: number): Json => (levels === 0 ? 1 : [lists(levels - 1)]);

describe('an event can be stored', () => {
  it.each<[string, Parameters<typeof faultOf>[0]]>([
    ['with nothing in it', { data: {} }],
    ['with what JSON has', { data: { a: null, b: [1, 'x', { c: true }], zero: 0 }, traits: { city: 'Łódź' } }],
    ['24 levels deep, the data itself the first', { data: { deep: nested(23) } }],
    ['24 lists deep', { data: { deep: lists(23) } }],
  ])('%s', (_, given) => {
    expect(faultOf(given)).toBeUndefined();
  });
});

describe('an event cannot be stored', () => {
  const TOO_DEEP = 'is nested more than 24 levels deep';
  const NUMBER = 'a number lies between 1e-130 and 1e126, or is 0';

  it.each<[string, Parameters<typeof faultOf>[0], (string | number)[], string]>([
    ['deeper, and says where that begins', { data: { deep: nested(24) } }, ['data', 'deep', 'in'], TOO_DEEP],
    ['with deeper lists', { data: { deep: lists(24) } }, ['data', 'deep', 0], TOO_DEEP],
    ['with a number that is too large', { data: { a: [0, { n: 1e127 }] } }, ['data', 'a', 1, 'n'], NUMBER],
    ['with a number that is too small', { data: {}, traits: { n: 1e-131 } }, ['traits', 'n'], NUMBER],
    ['by the first fault', { data: { a: 1e127 }, traits: { n: 1e127 } }, ['data', 'a'], NUMBER],
  ])('%s', (_, given, path, message) => {
    expect(faultOf(given)).toEqual({ path, message });
  });

  it('when a row has no room for it', () => {
    expect(faultOf({ data: { text: 'x'.repeat(379_000) } })).toBeUndefined();
    const fault = faultOf({ data: { text: 'x'.repeat(381_000) } });
    expect(fault?.path).toEqual([]);
    expect(fault?.message).toMatch(/^has 38\d{4} bytes; an event has at most 380000$/);
    const elsewhere = { data: { text: 'x'.repeat(379_000) }, source: 'y'.repeat(2000) };
    expect(faultOf(elsewhere)?.message).toContain('an event has at most');
  });
});
