import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantSchema } from '#shared/time/instant.ts';
import { isZone, localClock, localDate, localInstant, localTime, readTime } from '#shared/time/local.ts';

describe('a local time', () => {
  it.each([
    ['2026-12-24', 'Europe/Warsaw', '2026-12-23T23:00:00.000Z'],
    ['2026-12-24T10:00', 'Europe/Warsaw', '2026-12-24T09:00:00.000Z'],
    ['2026-12-24T10:00:05.5', 'Europe/Warsaw', '2026-12-24T09:00:05.500Z'],
    ['2026-12-24T10:00:05.123456', 'UTC', '2026-12-24T10:00:05.123Z'],
    ['2026-12-24T23:59:59', 'UTC', '2026-12-24T23:59:59.000Z'],
    ['2026-12-24T10:59:59+23:59', 'UTC', '2026-12-23T11:00:59.000Z'],
    [' 2026-12-24 ', 'UTC', '2026-12-24T00:00:00.000Z'],
    ['2026-12-24T10:00', 'America/New_York', '2026-12-24T15:00:00.000Z'],
    ['2026-07-24T10:00', 'Africa/Cairo', '2026-07-24T07:00:00.000Z'],
    ['2026-12-24T10:00Z', 'America/New_York', '2026-12-24T10:00:00.000Z'],
    ['2026-12-24T10:00+03:00', 'America/New_York', '2026-12-24T07:00:00.000Z'],
    ['2026-12-24T10:00:30-05:30', 'Africa/Cairo', '2026-12-24T15:30:30.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(localInstant(text, zone)).toBe(instant);
  });

  it.each([
    // Spring: the hour from two to three, in Cairo from midnight to one, is not there.
    ['2026-03-29T02:30', 'Europe/Warsaw', '2026-03-29T01:30:00.000Z', '03:30'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00.000Z', '03:30'],
    ['2026-04-24T00:30', 'Africa/Cairo', '2026-04-23T22:30:00.000Z', '01:30'],
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z', '01:00'],
    // Autumn: it is there twice, and the first counts.
    ['2026-10-25T02:30', 'Europe/Warsaw', '2026-10-25T00:30:00.000Z', '02:30'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z', '01:30'],
    ['2026-10-29T23:30', 'Africa/Cairo', '2026-10-29T20:30:00.000Z', '23:30'],
  ])('%s in %s, on the day the clock changes, is %s', (text, zone, instant, shown) => {
    expect(localInstant(text, zone)).toBe(instant);
    expect(localClock(instant, zone)).toBe(shown);
  });

  it.each([
    '',
    'soon',
    '2026-02-30',
    '2026-13-01',
    '2026-12-24T24:00',
    '2026-12-24T10:60',
    '2026-12-24T10',
    '2026-12-24T10:00:60',
    '2026-12-24T10:00+25:00',
    '2026-12-24T10:00+24:00',
    '2026-12-24T10:00+01:60',
    '24.12.2026',
    '--12-24',
  ])('"%s" is none', (text) => {
    expect(readTime(text, 'UTC')).toBeUndefined();
    expect(() => localInstant(text, 'UTC')).toThrow(new RangeError(`not a date or time: ${text}`));
  });

  it('tells a whole day from a moment', () => {
    expect(readTime('2026-12-24', 'UTC')).toEqual({ at: '2026-12-24T00:00:00.000Z', day: true });
    expect(readTime('2026-12-24T00:00', 'UTC')).toEqual({ at: '2026-12-24T00:00:00.000Z', day: false });
    expect(readTime('2026-12-24T00:00Z', 'UTC')).toEqual({ at: '2026-12-24T00:00:00.000Z', day: false });
  });
});

it.each([
  ['2026-11-22T22:59:59.999Z', 'Europe/Warsaw', '2026-11-22'],
  ['2026-11-22T23:00:00.000Z', 'Europe/Warsaw', '2026-11-23'],
  ['2026-11-22T04:59:00.000Z', 'America/New_York', '2026-11-21'],
  ['2026-10-29T21:30:00.000Z', 'Africa/Cairo', '2026-10-29'],
  ['2026-10-29T22:00:00.000Z', 'Africa/Cairo', '2026-10-30'],
])('at %s the calendar in %s shows %s', (instant, zone, date) => {
  expect(localDate(instant, zone)).toBe(date);
});

it.each([
  ['Europe/Warsaw', true],
  ['Africa/Cairo', true],
  ['UTC', true],
  ['America/Argentina/Buenos_Aires', true],
  ['+03:00', true],
  ['Europe/Warszawa', false],
  ['', false],
  ['shop', false],
  ['2026-01-01T00:00[Europe/Warsaw]', false],
])('"%s" names a zone: %s', (text, expected) => {
  expect(isZone(text)).toBe(expected);
  // The answer from memory is the same.
  expect(isZone(text)).toBe(expected);
});

it('an unknown zone is still unknown after a thousand others', () => {
  for (let n = 0; n < 1100; n += 1) expect(isZone(`Nowhere/Town${n}`)).toBe(false);
  expect(isZone('Europe/Warsaw')).toBe(true);
});

it('reads a time with an offset as events are read', () => {
  const when = fc.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(when, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
      const digits = (n: number) => String(n).padStart(2, '0');
      const written = `${date.toISOString().slice(0, -1)}${offset < 0 ? '-' : '+'}${digits(Math.trunc(Math.abs(offset) / 60))}:${digits(Math.abs(offset) % 60)}`;
      expect(localInstant(written, 'Africa/Cairo')).toBe(instantSchema.parse(written));
    }),
  );
});

it('people read a moment as date and time of day, to the second', () => {
  expect(localTime('2026-12-24T09:05:07.123Z', 'Europe/Warsaw')).toBe('2026-12-24 10:05:07');
});
