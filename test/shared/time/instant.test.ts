import { describe, expect, it } from 'vitest';
import { earlierOf, fromMillis, instantSchema, laterOf, toEpochSeconds, toMillis } from '#shared/time/instant.ts';

describe('an instant', () => {
  it.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.12345678901234567890Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T10:00:00.5Z', '2026-11-22T10:00:00.500Z'],
    ['2026-11-22T10:00:00.123987Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T10:00:00.123987+01:30', '2026-11-22T08:30:00.123Z'],
    ['2026-11-22T23:00:00-02:00', '2026-11-23T01:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is written as %s', (written, canonical) => {
    expect(instantSchema.parse(written)).toBe(canonical);
  });

  it.each(['9999-12-31T23:59:59-01:00', '0000-06-01T00:00:00Z', '0001-01-01T00:30:00+01:00'])(
    '%s lies outside the years that text order bears',
    (written) => {
      expect(instantSchema.safeParse(written).error?.issues[0]?.message).toBe('a year from 0001 to 9999, also in UTC');
    },
  );

  it.each([
    '0400-02-29',
    '1000-01-01',
    '1600-02-29',
    '2000-02-29',
    '2000-03-01',
    '2100-02-28',
    '2100-03-01',
    '9999-12-31',
  ])('%s is the same after it was milliseconds', (date) => {
    const instant = `${date}T12:34:56.789Z`;
    expect(toMillis(instant)).toBe(Date.parse(instant));
    expect(fromMillis(toMillis(instant))).toBe(instant);
  });

  it('that is not canonical is refused, and said', () => {
    expect(() => toMillis('2026-11-22T10:00:00Z')).toThrow(
      new RangeError('not a canonical instant: 2026-11-22T10:00:00Z'),
    );
  });

  it('is later or earlier than another by its text', () => {
    const [a, b] = ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.001Z'];
    expect([laterOf(a, b), laterOf(b, a), earlierOf(a, b), earlierOf(b, a)]).toEqual([b, b, a, a]);
  });

  it('ends in DynamoDB with the second after it', () => {
    expect(toEpochSeconds('1970-01-01T00:01:00.000Z')).toBe(60);
    expect(toEpochSeconds('1970-01-01T00:01:00.001Z')).toBe(61);
  });
});
