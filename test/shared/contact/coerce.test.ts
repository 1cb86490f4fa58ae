import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coerce, flatten } from '#shared/contact/coerce.ts';
import { traitValueSchema } from '#shared/contact/profile.ts';
import type { ValueType } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import { settings } from '#test/build/settings.ts';

const as = (type: ValueType, value: Json) => coerce(settings({ traits: { x: type } }), 'x', value);

describe('a value of a declared type', () => {
  it.each<[ValueType, Json, Json | undefined]>([
    ['number', 7, 7],
    ['number', '1200.5', 1200.5],
    ['number', ' 7 ', 7],
    ['number', '', undefined],
    ['number', '7 kg', undefined],
    ['number', true, undefined],
    ['number', [7], undefined],
    ['text', 'Ann', 'Ann'],
    ['text', 7, '7'],
    ['text', false, 'false'],
    ['text', 'x'.repeat(301), undefined],
    ['text', { a: 1 }, undefined],
    ['flag', true, true],
    ['flag', 'true', true],
    ['flag', 'false', false],
    ['flag', 'yes', undefined],
    ['flag', 1, undefined],
    ['date', '2026-12-24', '2026-12-24'],
    ['date', '--05-17', '--05-17'],
    ['date', '2026-12-24T10:00', '2026-12-24T10:00'],
    ['date', '2026-12-24T10:00:00.5+01:00', '2026-12-24T10:00:00.5+01:00'],
    ['date', '24.12.2026', undefined],
    ['date', 20_261_224, undefined],
    ['duration', 'P30D', 'P30D'],
    ['duration', 'PT1H30M', 'PT1H30M'],
    ['duration', 'P', undefined],
    ['duration', 'P1DT', undefined],
    ['duration', '30 days', undefined],
    ['texts', ['a', 1], ['a', '1']],
    ['texts', 'a', ['a']],
    ['texts', ['a', {}], undefined],
    ['texts', Array.from({ length: 51 }, () => 'a'), undefined],
    ['numbers', ['1', 2], [1, 2]],
    ['numbers', ['one'], undefined],
  ])('as %s, %j is %j', (type, value, expected) => {
    expect(as(type, value)).toEqual(expected);
  });
});

describe('a value of no declared type', () => {
  it.each<[Json, Json | undefined]>([
    [7, 7],
    ['7', '7'],
    [true, true],
    [
      ['a', 1],
      ['a', 1],
    ],
    [[true], ['true']],
    [[], []],
    ['x'.repeat(301), undefined],
    [[['a']], undefined],
    [{ a: 1 }, undefined],
    [null, undefined],
  ])('%j is %j', (value, expected) => {
    expect(coerce(settings(), 'x', value)).toEqual(expected);
  });

  it('is always one that a profile can hold, or is kept out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('x', 'y'), (value, path) => {
        const kept = coerce(settings({ traits: { y: 'texts' } }), path, value as Json);
        if (kept !== undefined) expect(traitValueSchema.safeParse(kept).success).toBe(true);
      }),
    );
  });
});

describe('nested values', () => {
  it('become paths', () => {
    expect(flatten({ a: 1, b: { c: [1], d: { e: null } } })).toEqual([
      ['a', 1],
      ['b.c', [1]],
      ['b.d.e', null],
    ]);
  });

  it('nested too deeply are left out', () => {
    expect(flatten({ a: { b: { c: { d: { e: { f: 1 } } } } } })).toEqual([['a.b.c.d.e.f', 1]]);
    expect(flatten({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } } })).toEqual([]);
  });
});
