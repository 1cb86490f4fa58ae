import { describe, expect, it } from 'vitest';
import { toAttribute } from '#shared/adapters/aws/attributes.ts';
import type { Json } from '#shared/store/table.ts';

describe('what is no JSON', () => {
  it.each<[string, unknown]>([
    ['a function', Object],
    ['nothing at all', undefined],
    ['a symbol', Symbol('s')],
    ['a large integer', 1n],
  ])('such as %s is refused, however deep it lies', (_, value) => {
    expect(() => toAttribute(value as Json)).toThrow(TypeError);
    expect(() => toAttribute([{ inner: value as Json }])).toThrow(TypeError);
  });

  it('is a number without end', () => {
    expect(() => toAttribute(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
