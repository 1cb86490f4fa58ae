import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMillis, plusMillis, toMillis } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { countOf, type Every, type MomentFields, nextDay, nextMoment } from '#shared/time/moment.ts';

const ZONE = 'Europe/Warsaw';
const NOON = '2026-11-22T12:00';

describe('a moment', () => {
  it.each<[string, MomentFields, string, string, string | undefined]>([
    ['a date', {}, '2026-12-24', NOON, '2026-12-24T00:00'],
    ['a date with a clock', { at: '10:00' }, '2026-12-24', NOON, '2026-12-24T10:00'],
    ['a date that is past', { at: '10:00' }, '2026-01-24', NOON, '2026-01-24T10:00'],
    ['a time', {}, '2026-12-24T18:00', NOON, '2026-12-24T18:00'],
    ['a time with another clock', { at: '10:00' }, '2026-12-24T18:00', NOON, '2026-12-24T10:00'],
    ['an instant late in the day elsewhere', { at: '10:00' }, '2026-12-24T23:30:00.000Z', NOON, '2026-12-25T10:00'],
    ['days before', { before: 'P2D', at: '10:00' }, '2026-12-24T18:00', NOON, '2026-12-22T10:00'],
    ['hours before', { before: 'PT20H' }, '2026-12-24T18:00', NOON, '2026-12-23T22:00'],
    ['a month before the 31st', { before: 'P1M', at: '10:00' }, '2027-03-31', NOON, '2027-02-28T10:00'],
    ['a month after the 31st', { after: 'P1M' }, '2027-01-31', NOON, '2027-02-28T00:00'],
    ['over the change of the clock', { before: 'P1D', at: '10:00' }, '2026-03-30', NOON, '2026-03-29T10:00'],
    ['a birthday to come', { every: 'P1Y', at: '10:00' }, '1990-12-24', NOON, '2026-12-24T10:00'],
    ['a birthday that was', { every: 'P1Y', at: '10:00' }, '1990-05-17', NOON, '2027-05-17T10:00'],
    ['a birthday today, still to come', { every: 'P1Y', at: '12:00' }, '1990-11-22', NOON, '2026-11-22T12:00'],
    ['a birthday today, just over', { every: 'P1Y', at: '11:59' }, '1990-11-22', NOON, '2027-11-22T11:59'],
    ['a week before a birthday', { every: 'P1Y', before: 'P7D', at: '10:00' }, '1990-11-25', NOON, '2027-11-18T10:00'],
    [
      'a week before, over the new year',
      { every: 'P1Y', before: 'P7D', at: '10:00' },
      '1990-01-03',
      NOON,
      '2026-12-27T10:00',
    ],
    ['a month after a birthday', { every: 'P1Y', after: 'P1M', at: '10:00' }, '1990-10-30', NOON, '2026-11-30T10:00'],
    ['a birthday without a year', { every: 'P1Y', at: '10:00' }, '--05-17', NOON, '2027-05-17T10:00'],
    ['a birthday without a year, with blanks', { every: 'P1Y', at: '10:00' }, ' --05-17 ', NOON, '2027-05-17T10:00'],
    ['29 February in a common year', { every: 'P1Y', at: '10:00' }, '1992-02-29', NOON, '2027-02-28T10:00'],
    ['29 February in a leap year', { every: 'P1Y', at: '10:00' }, '1992-02-29', '2027-03-01T12:00', '2028-02-29T10:00'],
    ['29 February without a year', { every: 'P1Y' }, '--02-29', NOON, '2027-02-28T00:00'],
    ['the 31st each month', { every: 'P1M', at: '10:00' }, '2026-01-31', NOON, '2026-11-30T10:00'],
    ['the 31st in February', { every: 'P1M', at: '10:00' }, '2026-01-31', '2027-02-01T12:00', '2027-02-28T10:00'],
    ['each week', { every: 'P1W', at: '10:00' }, '2026-11-04', NOON, '2026-11-25T10:00'],
    ['each week, on that day', { every: 'P1W', at: '18:00' }, '2026-11-01', NOON, '2026-11-22T18:00'],
    ['what begins later', { every: 'P1M', at: '10:00' }, '2027-06-15', NOON, '2027-06-15T10:00'],
    ['a day without a year, once', {}, '--05-17', NOON, undefined],
    ['a day without a year, each month', { every: 'P1M' }, '--05-17', NOON, undefined],
    ['no date', { every: 'P1Y' }, 'soon', NOON, undefined],
    ['30 February', { every: 'P1Y' }, '--02-30', NOON, undefined],
  ])('of %s is found', (_, fields, value, now, expected) => {
    const found = nextMoment(fields, value, localInstant(now, ZONE), ZONE);
    expect(found).toBe(expected && localInstant(expected, ZONE));
  });

  it('that recurs is the first at or after now: just after it another follows, and none lies between', () => {
    const fields = fc.record(
      {
        every: fc.constantFrom<Every>('P1Y', 'P1M', 'P1W'),
        before: fc.constantFrom('P7D', 'P1M', 'PT5H'),
        after: fc.constantFrom('P3D', 'P1M'),
        at: fc.constantFrom('00:00', '02:30', '23:59'),
      },
      { requiredKeys: ['every'] },
    );
    const day = fc.integer({ min: 0, max: 25_000 }).map((n) => fromMillis(n * 86_400_000).slice(0, 10));
    const year = toMillis('2025-01-01T00:00:00.000Z');
    const now = fc.integer({ min: year, max: year + 3 * 365 * 86_400_000 }).map(fromMillis);
    fc.assert(
      fc.property(
        fields,
        day,
        now,
        fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Africa/Cairo'),
        (f, d, at, zone) => {
          const found = nextMoment(f, d, at, zone) ?? '';
          expect(found >= at).toBe(true);
          expect(nextMoment(f, d, found, zone)).toBe(found);
          const between = fromMillis((toMillis(at) + toMillis(found)) / 2);
          expect(nextMoment(f, d, between, zone)).toBe(found);
          expect((nextMoment(f, d, plusMillis(found, 1), zone) ?? '') > found).toBe(true);
        },
      ),
    );
  });
});

it.each<[string, Every, string, string | undefined]>([
  ['1990-11-22', 'P1Y', '2026-11-22', '2026-11-22'],
  ['1990-11-21', 'P1Y', '2026-11-22', '2027-11-21'],
  ['2024-02-29', 'P1Y', '2026-02-28', '2026-02-28'],
  ['2026-01-31', 'P1M', '2026-02-28', '2026-02-28'],
  ['2026-11-22', 'P1W', '2026-11-23', '2026-11-29'],
  ['2027-01-01', 'P1W', '2026-11-23', '2027-01-01'],
  ['whenever', 'P1W', '2026-11-23', undefined],
])('%s, each %s, comes from %s on at first on %s', (value, every, from, day) => {
  expect(nextDay(value, every, from, ZONE)).toBe(day);
});

it.each<[value: string, every: Every | undefined, day: string, count: number | undefined]>([
  ['1996-11-22', 'P1Y', '2026-11-22', 30],
  ['1996-02-29', 'P1Y', '2027-02-28', 31],
  ['2026-01-31', 'P1M', '2026-11-30', 10],
  ['2026-01-31', 'P1M', '2026-01-31', 0],
  ['2026-11-01', 'P1W', '2026-11-22', 3],
  ['--11-22', 'P1Y', '2026-11-22', undefined],
  [' --11-22 ', 'P1Y', '2026-11-22', undefined],
  ['soon', 'P1Y', '2026-11-22', undefined],
  ['1996-11-22', undefined, '2026-11-22', undefined],
])('of %s every %s, the day %s is number %s', (value, every, day, count) => {
  expect(countOf(value, every, day, ZONE)).toBe(count);
});
