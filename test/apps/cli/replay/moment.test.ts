import { describe, expect, it } from 'vitest';
import { isZone, type TimeFormat, timeReader } from '#apps/cli/replay/moment.ts';

describe('times of rows', () => {
  it.each([
    ['UTC', 'iso', '2019-10-01 00:00:05 UTC', '2019-10-01T00:00:05.000Z'],
    ['Europe/Warsaw', 'iso', '2019-10-01 00:00:05 UTC', '2019-10-01T00:00:05.000Z'],
    ['UTC', 'iso', '2017-01-28T19:06:53Z', '2017-01-28T19:06:53.000Z'],
    ['UTC', 'iso', '2017-01-28T19:06:53.123456+02:00', '2017-01-28T17:06:53.123Z'],
    ['UTC', 'iso', '2017-01-28 19:06-0530', '2017-01-29T00:36:00.000Z'],
    ['Europe/London', 'iso', '2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
    ['Europe/London', 'iso', '2011-06-01 08:26', '2011-06-01T07:26:00.000Z'],
    ['Europe/London', 'month/day/year', '12/1/2010 8:26', '2010-12-01T08:26:00.000Z'],
    ['Europe/Warsaw', 'day/month/year', '31.12.2010 23:30', '2010-12-31T22:30:00.000Z'],
    ['America/New_York', 'iso', '19970101', '1997-01-01T17:00:00.000Z'],
    ['UTC', 'iso', '2020-02-29', '2020-02-29T12:00:00.000Z'],
    ['UTC', 'seconds', '1569888005', '2019-10-01T00:00:05.000Z'],
    ['UTC', 'milliseconds', '1569888005123', '2019-10-01T00:00:05.123Z'],
  ] satisfies [string, TimeFormat, string, string][])('in %s as %s, "%s" is %s', (zone, format, text, instant) => {
    expect(timeReader(zone, format)(text)).toBe(instant);
  });

  it('moves a local time that a clock change skips forward, and takes the first of two', () => {
    const read = timeReader('Europe/Warsaw', 'iso');
    expect(read('2026-03-29 02:30')).toBe('2026-03-29T01:30:00.000Z');
    expect(read('2026-10-25 02:30')).toBe('2026-10-25T00:30:00.000Z');
  });

  it.each([
    ['UTC', 'iso', ''],
    ['UTC', 'iso', 'yesterday'],
    ['UTC', 'iso', '2021-02-29 10:00'],
    ['Europe/Paris', 'iso', '2021-02-29 10:00'],
    ['UTC', 'iso', '2021-02-28 24:00'],
    ['UTC', 'iso', '2021-02-28 10:60'],
    ['UTC', 'iso', '2021-13-01'],
    ['UTC', 'iso', '2021-02-28 10:00 CET'],
    ['UTC', 'month/day/year', '13/1/2010 8:26'],
    ['UTC', 'seconds', '-5'],
    ['UTC', 'milliseconds', '999999999999999'],
  ] satisfies [string, TimeFormat, string][])('in %s as %s, "%s" is no time', (zone, format, text) => {
    expect(timeReader(zone, format)(text)).toBeUndefined();
  });

  it('knows zones from words that are none', () => {
    expect([isZone('Africa/Cairo'), isZone('Middle/Earth'), isZone('')]).toEqual([true, false, false]);
  });
});
