import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDuration,
  approximateMillis,
  laterDuration,
  longestMillis,
  parseDuration,
  resolveDuration,
  subtractDuration,
} from '#shared/time/duration.ts';
import { fromMillis, plusMillis, toMillis } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';

const ZONES = ['Europe/Warsaw', 'America/New_York', 'Africa/Cairo', 'UTC'];

describe('a duration', () => {
  it.each([
    ['PT30M', { minutes: 30 }],
    ['P2D', { days: 2 }],
    ['P1M', { months: 1 }],
    ['P1Y2M3W4DT5H6M7S', { years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6, seconds: 7 }],
    ['PT0S', {}],
  ])('%s is read', (iso, parts) => {
    const none = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
    expect(parseDuration(iso)).toEqual({ ...none, ...parts });
  });

  it.each(['', 'P', 'PT', 'P1DT', 'PT2D', 'P1D12H', '-P1D', 'P-1D', 'P1.5D', 'p1d', '2 days', ' P1D'])(
    '"%s" is refused',
    (text) => {
      expect(() => parseDuration(text)).toThrow(RangeError);
    },
  );
});

describe('adding a duration', () => {
  it.each([
    // [zone, local start, duration, local end]
    ['Europe/Warsaw', '2026-01-31T10:00', 'P1M', '2026-02-28T10:00'],
    ['Europe/Warsaw', '2028-01-31T10:00', 'P1M', '2028-02-29T10:00'],
    ['Europe/Warsaw', '2028-02-29T10:00', 'P1Y', '2029-02-28T10:00'],
    ['Europe/Warsaw', '2026-03-28T10:00', 'P1D', '2026-03-29T10:00'],
    ['Europe/Warsaw', '2026-03-28T10:00', 'PT24H', '2026-03-29T11:00'],
    ['Europe/Warsaw', '2026-03-28T02:30', 'P1D', '2026-03-29T03:30'],
    ['Europe/Warsaw', '2026-10-24T10:00', 'P1D', '2026-10-25T10:00'],
    ['Europe/Warsaw', '2026-10-24T10:00', 'PT24H', '2026-10-25T09:00'],
    ['Europe/Warsaw', '2026-10-24T02:30', 'P1D', '2026-10-25T02:30'],
    ['Europe/Warsaw', '2026-10-24T02:30', 'P1DT1H', '2026-10-25T02:30+01:00'],
    ['Europe/Warsaw', '2026-11-22T10:00', 'PT1H30M15S', '2026-11-22T11:30:15'],
    ['America/New_York', '2026-03-07T02:30', 'P1D', '2026-03-08T03:30'],
    ['America/New_York', '2026-03-07T10:00', 'P1W', '2026-03-14T10:00'],
    ['America/New_York', '2026-03-07T10:00', 'PT24H', '2026-03-08T11:00'],
    ['America/New_York', '2026-10-31T01:30', 'P1D', '2026-11-01T01:30'],
    ['America/New_York', '2026-10-31T10:00', 'PT24H', '2026-11-01T09:00'],
    // In Cairo the clock jumps at midnight in spring, and from midnight back to eleven in autumn.
    ['Africa/Cairo', '2026-04-23T00:30', 'P1D', '2026-04-24T01:30'],
    ['Africa/Cairo', '2026-04-23T10:00', 'P1D', '2026-04-24T10:00'],
    ['Africa/Cairo', '2026-04-23T10:00', 'PT24H', '2026-04-24T11:00'],
    ['Africa/Cairo', '2026-10-28T23:30', 'P1D', '2026-10-29T23:30'],
    ['Africa/Cairo', '2026-10-29T10:00', 'P1D', '2026-10-30T10:00'],
    ['Africa/Cairo', '2026-10-29T10:00', 'PT24H', '2026-10-30T09:00'],
  ])('in %s %s + %s is %s', (zone, start, iso, end) => {
    expect(addDuration(localInstant(start, zone), iso, zone)).toBe(localInstant(end, zone));
  });

  it('counts a day that is an hour short or long as what the clock shows', () => {
    const hours = (start: string, zone: string) => {
      const from = localInstant(start, zone);
      return (toMillis(addDuration(from, 'P1D', zone)) - toMillis(from)) / 3_600_000;
    };
    expect(hours('2026-03-28T10:00', 'Europe/Warsaw')).toBe(23);
    expect(hours('2026-10-24T10:00', 'Europe/Warsaw')).toBe(25);
    expect(hours('2026-03-07T10:00', 'America/New_York')).toBe(23);
    expect(hours('2026-10-31T10:00', 'America/New_York')).toBe(25);
    expect(hours('2026-04-23T10:00', 'Africa/Cairo')).toBe(23);
    expect(hours('2026-10-29T10:00', 'Africa/Cairo')).toBe(25);
  });

  it('takes the calendar part first and the exact part after it', () => {
    const end = addDuration(localInstant('2026-03-28T01:30', 'Europe/Warsaw'), 'P1DT1H', 'Europe/Warsaw');
    expect(end).toBe(localInstant('2026-03-29T03:30', 'Europe/Warsaw'));
  });

  it('goes back over a change of the clock', () => {
    const noon = localInstant('2026-03-29T12:00', 'Europe/Warsaw');
    expect(subtractDuration(noon, 'P1D', 'Europe/Warsaw')).toBe(localInstant('2026-03-28T12:00', 'Europe/Warsaw'));
    expect(subtractDuration(noon, 'PT24H', 'Europe/Warsaw')).toBe(localInstant('2026-03-28T11:00', 'Europe/Warsaw'));
  });

  it('ends at the last year there is, however long the duration', () => {
    expect(addDuration('2026-11-22T10:00:00.000Z', `P${'9'.repeat(400)}Y`, 'UTC')).toBe('9999-12-31T23:59:59.999Z');
    expect(subtractDuration('2026-11-22T10:00:00.000Z', 'P99999D', 'UTC') < '2026').toBe(true);
    expect(subtractDuration('2026-11-22T10:00:00.000Z', 'PT999999999999H', 'UTC')).toBe('0000-01-01T00:00:00.000Z');
  });

  it('refuses what is no duration', () => {
    expect(() => addDuration('2026-11-22T10:00:00.000Z', '2 days', 'UTC')).toThrow('2 days');
  });

  it('is exact for hours, minutes and seconds in every zone', () => {
    const millis = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(millis, fc.nat(10_000), fc.nat(10_000), fc.constantFrom(...ZONES), (at, hours, seconds, zone) => {
        const start = fromMillis(at);
        const length = hours * 3_600_000 + seconds * 1000;
        expect(addDuration(start, `PT${hours}H${seconds}S`, zone)).toBe(plusMillis(start, length));
        expect(subtractDuration(start, `PT${hours}H${seconds}S`, zone)).toBe(plusMillis(start, -length));
      }),
    );
  });
});

describe('a duration by reference', () => {
  const lookup = (value: unknown) => (ref: object) => ('trait' in ref ? (value as string) : undefined);
  const cycle = { trait: 'purchases.cycle', otherwise: 'P30D' };

  it.each([
    ['a number of days', 36, {}, 'P36D'],
    ['days and a part of one', 1.5, {}, 'P1DT43200S'],
    ['less than a day', 0.25, {}, 'PT21600S'],
    ['ISO text', 'P1M', {}, 'P1M'],
    ['days multiplied', 30, { times: 1.2 }, 'P36D'],
    ['text multiplied into whole parts', 'P2W', { times: 2 }, 'P4W'],
    ['text multiplied into days and seconds', 'P5D', { times: 0.9 }, 'P4DT43200S'],
    ['text of several digits multiplied', 'P14D', { times: 3 }, 'P42D'],
    ['text that becomes less than a second', 'PT1S', { times: 0.4 }, 'P30D'],
    ['a second', 1 / 86_400, {}, 'PT1S'],
    ['less than a second', 0.6 / 86_400, {}, 'P30D'],
    ['less than a second, multiplied into more', 0.6 / 86_400, { times: 2 }, 'PT1S'],
    ['a list of text', ['P9D'], {}, 'P30D'],
    ['more than the least', 'P2W', { atLeast: 'P1W' }, 'P2W'],
    ['less than the most', 'P2W', { atMost: 'P1M' }, 'P2W'],
    ['the least in other words', 'P7D', { atLeast: 'P1W' }, 'P7D'],
    ['the most in other words', 'P7D', { atMost: 'P1W' }, 'P7D'],
    ['less than the least', 'P2D', { atLeast: 'P1W' }, 'P1W'],
    ['more than the most', 'P400D', { times: 2, atMost: 'P1Y' }, 'P1Y'],
    ['exactly the most', 'P30D', { atMost: 'P30D', atLeast: 'P30D' }, 'P30D'],
    ['nothing', undefined, { atLeast: 'P90D' }, 'P30D'],
    ['zero', 0, {}, 'P30D'],
    ['a negative number', -3, {}, 'P30D'],
    ['an empty stretch', 'PT0S', {}, 'P30D'],
    ['a word', 'soon', {}, 'P30D'],
    ['a list', [3], {}, 'P30D'],
    ['a flag', true, {}, 'P30D'],
  ])('of %s is resolved', (_, value, rest, expected) => {
    expect(resolveDuration({ ...cycle, ...rest }, lookup(value))).toBe(expected);
  });

  it('is itself when it is written out', () => {
    expect(resolveDuration('P3D', lookup('P9D'))).toBe('P3D');
  });

  it('is added on the calendar', () => {
    const start = localInstant('2026-03-28T10:00', 'Europe/Warsaw');
    const end = laterDuration(start, { ...cycle, times: 0.5 }, 'Europe/Warsaw', lookup(2));
    expect(end).toBe(localInstant('2026-03-29T10:00', 'Europe/Warsaw'));
  });

  it('can always be added, whatever the trait holds', () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.stringMatching(/^P\d{1,30}[YMWD](T\d{1,30}[HMS])?$/));
    fc.assert(
      fc.property(value, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (trait, times) => {
        const end = laterDuration('2026-11-22T10:00:00.000Z', { ...cycle, times }, 'Africa/Cairo', lookup(trait));
        expect(end >= '2026-11-22T10:00:00.000Z').toBe(true);
      }),
    );
  });
});

it.each([
  ['PT24H', 'P1D', 0],
  ['P1W', 'P6D', 1],
  ['P1M', 'P30D', 1],
  ['P1M', 'P31D', -1],
  ['P12M', 'P1Y', 0],
  ['PT61S', 'PT1M', 1],
])('%s against %s compares as %i', (a, b, sign) => {
  expect(Math.sign(approximateMillis(a) - approximateMillis(b))).toBe(sign);
});

it.each([
  ['P1Y', 366 * 24],
  ['P2M', 62 * 24],
  ['P1W', 7 * 24],
  ['P3D', 72],
  ['P1Y1M1W1DT1H', (366 + 31 + 7 + 1) * 24 + 1],
])('%s is %i hours at the longest', (iso, hours) => {
  expect(longestMillis(iso)).toBe(hours * 3_600_000);
});
