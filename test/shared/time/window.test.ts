import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSchema, DAYS, type Window } from '#shared/condition/condition.ts';
import { fromMillis, plusMillis, toMillis } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { closesAt, isOpen, nextOpen, weekday } from '#shared/time/window.ts';

const SHOP = 'Europe/Warsaw';
const WORKDAYS: Window['days'] = ['mon', 'tue', 'wed', 'thu', 'fri'];

/** When the window opens next, asked and answered in local time. */
const opens = (window: Window, now: string, zone = SHOP) => nextOpen(window, localInstant(now, zone), zone, SHOP);

describe('a window', () => {
  // 22 November 2026 is a Sunday.
  it.each<[string, Window, string, string | undefined]>([
    ['office hours, too early', { from: '10:00', to: '18:00' }, '2026-11-22T09:59', '2026-11-22T10:00'],
    ['office hours, open', { from: '10:00', to: '18:00' }, '2026-11-22T17:59', '2026-11-22T17:59'],
    ['office hours, just over', { from: '10:00', to: '18:00' }, '2026-11-22T18:00', '2026-11-23T10:00'],
    ['workdays, on a Sunday', { days: WORKDAYS, from: '10:00', to: '18:00' }, '2026-11-22T12:00', '2026-11-23T10:00'],
    [
      'workdays, Friday evening',
      { days: WORKDAYS, from: '10:00', to: '18:00' },
      '2026-11-20T18:00',
      '2026-11-23T10:00',
    ],
    ['the night, before midnight', { from: '22:00', to: '06:00' }, '2026-11-22T23:00', '2026-11-22T23:00'],
    ['the night, after midnight', { from: '22:00', to: '06:00' }, '2026-11-23T05:59', '2026-11-23T05:59'],
    ['the night, by day', { from: '22:00', to: '06:00' }, '2026-11-23T06:00', '2026-11-23T22:00'],
    [
      'a night that begins on Saturday, on Sunday',
      { days: ['sat'], from: '22:00', to: '06:00' },
      '2026-11-22T05:00',
      '2026-11-22T05:00',
    ],
    [
      'a night that begins on Sunday, early on Sunday',
      { days: ['sun'], from: '22:00', to: '06:00' },
      '2026-11-22T05:00',
      '2026-11-22T22:00',
    ],
    ['whole days', { days: ['tue'] }, '2026-11-22T12:00', '2026-11-24T00:00'],
    ['whole days, open', { days: ['sun'] }, '2026-11-22T23:59', '2026-11-22T23:59'],
    ['without an end', { from: '20:00' }, '2026-11-22T23:59', '2026-11-22T23:59'],
    ['without an end, over at midnight', { from: '20:00' }, '2026-11-23T00:00', '2026-11-23T20:00'],
    ['without a beginning', { to: '08:00' }, '2026-11-22T08:00', '2026-11-23T00:00'],
    ['until midnight', { from: '20:00', to: '00:00' }, '2026-11-22T21:00', '2026-11-22T21:00'],
    ['anything', {}, '2026-11-22T12:00', '2026-11-22T12:00'],
    ['at a time, earlier that day', { at: '18:00' }, '2026-11-22T12:00', '2026-11-22T18:00'],
    ['at a time, in that minute', { at: '18:00' }, '2026-11-22T18:00:59', '2026-11-22T18:00:59'],
    ['at a time, a minute late', { at: '18:00' }, '2026-11-22T18:01', '2026-11-23T18:00'],
    ['at a time on Thursdays', { days: ['thu'], at: '18:00' }, '2026-11-26T18:01', '2026-12-03T18:00'],
    ['between dates, before', { dates: ['2026-12-24', '2026-12-26'] }, '2026-11-22T12:00', '2026-12-24T00:00'],
    ['between dates, on the last', { dates: ['2026-12-24', '2026-12-26'] }, '2026-12-26T23:59', '2026-12-26T23:59'],
    ['between dates, over', { dates: ['2026-12-24', '2026-12-26'] }, '2026-12-27T00:00', undefined],
    [
      'a night that begins on the last date',
      { dates: ['2026-12-24', '2026-12-26'], from: '22:00', to: '06:00' },
      '2026-12-27T03:00',
      '2026-12-27T03:00',
    ],
    [
      'a day between dates',
      { dates: ['2026-12-24', '2027-01-10'], days: ['mon'], at: '09:00' },
      '2026-11-22T12:00',
      '2026-12-28T09:00',
    ],
    [
      'a day that is not between the dates',
      { dates: ['2026-12-24', '2026-12-26'], days: ['mon'] },
      '2026-11-22T12:00',
      undefined,
    ],
    ['dates the wrong way round', { dates: ['2026-12-26', '2026-12-24'] }, '2026-11-22T12:00', undefined],
    ['no time at all', { from: '18:00', to: '18:00' }, '2026-11-22T12:00', undefined],
  ])('%s opens next as its words say', (_, window, now, next) => {
    expect(opens(window, now)).toBe(next && localInstant(next, SHOP));
    expect(isOpen(window, localInstant(now, SHOP), SHOP, SHOP)).toBe(now === next);
  });

  it.each<[string, string, Window, string, string]>([
    [
      'begins in the hour that is skipped',
      'Europe/Warsaw',
      { from: '02:30', to: '06:00' },
      '2026-03-29T00:00',
      '2026-03-29T03:30',
    ],
    ['names a moment that is skipped', 'America/New_York', { at: '02:30' }, '2026-03-08T00:00', '2026-03-08T03:30'],
    [
      'lies wholly in the hour that is skipped',
      'Europe/Warsaw',
      { days: ['sun'], from: '02:00', to: '03:00' },
      '2026-03-28T12:00',
      '2026-04-05T02:00',
    ],
    ['names a moment that is there twice', 'Europe/Warsaw', { at: '02:30' }, '2026-10-25T00:00', '2026-10-25T02:30'],
    [
      'names a moment whose second time comes',
      'America/New_York',
      { at: '01:30' },
      '2026-11-01T01:30-05:00',
      '2026-11-02T01:30',
    ],
    ['begins at a midnight that is skipped', 'Africa/Cairo', { days: ['fri'] }, '2026-04-23T12:00', '2026-04-24T01:00'],
    [
      'ends at a midnight that comes late',
      'Africa/Cairo',
      { days: ['thu'] },
      '2026-10-29T23:30+02:00',
      '2026-10-29T23:30+02:00',
    ],
    [
      'begins after a midnight that comes late',
      'Africa/Cairo',
      { days: ['fri'] },
      '2026-10-29T23:30+02:00',
      '2026-10-30T00:00',
    ],
  ])('that %s opens when the clock allows', (_, zone, window, now, next) => {
    expect(opens(window, now, zone)).toBe(localInstant(next, zone));
  });

  it('follows the contact unless it names the shop or a zone', () => {
    const now = localInstant('2026-11-22T09:00', 'America/New_York');
    const at = (zone?: string) => nextOpen({ at: '18:00', ...(zone && { zone }) }, now, 'America/New_York', SHOP);
    expect(at()).toBe(localInstant('2026-11-22T18:00', 'America/New_York'));
    expect(at('shop')).toBe(localInstant('2026-11-22T18:00', SHOP));
    expect(at('Africa/Cairo')).toBe(localInstant('2026-11-22T18:00', 'Africa/Cairo'));
    expect(at('Nowhere/Town')).toBe(at());
  });

  it('is open when it opens, was not just before, and never opens in the past', () => {
    const clock = fc.integer({ min: 0, max: 1439 }).map((m) => fromMillis(m * 60_000).slice(11, 16));
    const window = fc.record(
      { days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }), from: clock, to: clock, at: clock },
      { requiredKeys: [] },
    );
    const year = toMillis('2026-01-01T00:00:00.000Z');
    const now = fc.integer({ min: year, max: year + 365 * 86_400_000 }).map(fromMillis);
    fc.assert(
      fc.property(window, now, fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Africa/Cairo'), (w, at, zone) => {
        expect(clockSchema.safeParse(w.at ?? '00:00').success).toBe(true);
        const next = nextOpen(w, at, zone, SHOP);
        if (next === undefined) return;
        expect(next >= at).toBe(true);
        expect(isOpen(w, next, zone, SHOP)).toBe(true);
        expect(next === at).toBe(isOpen(w, at, zone, SHOP));
        if (next > at) expect(isOpen(w, plusMillis(next, -1), zone, SHOP)).toBe(false);
      }),
    );
  });
});

describe('a window closes', () => {
  const closes = (window: Window, now: string, zone = SHOP) => closesAt(window, localInstant(now, zone), zone, SHOP);
  it.each<[string, Window, string, string | undefined]>([
    ['at its end', { from: '10:00', to: '18:00' }, '2026-11-22T12:00', '2026-11-22T18:00'],
    ['at its end, from its first moment on', { from: '10:00', to: '18:00' }, '2026-11-22T10:00', '2026-11-22T18:00'],
    ['not while it is yet to open', { from: '10:00', to: '18:00' }, '2026-11-22T09:59', undefined],
    ['not when it is over for good', { dates: ['2026-11-20', '2026-11-21'] }, '2026-11-22T12:00', undefined],
    ['in the morning after', { from: '22:00', to: '06:00' }, '2026-11-22T23:00', '2026-11-23T06:00'],
  ])('%s', (_, window, now, expected) => {
    expect(closes(window, now)).toBe(expected && localInstant(expected, SHOP));
  });

  it('by the day of its own clock, far from UTC', () => {
    const zone = 'America/Los_Angeles';
    expect(closes({ from: '22:00', to: '12:00' }, '2026-11-22T10:00', zone)).toBe(
      localInstant('2026-11-22T12:00', zone),
    );
  });
});

it('the days of the week follow each other, before 1970 as well', () => {
  expect([-4, -3, -1, 0, 3, 4].map(weekday)).toEqual(['sun', 'mon', 'wed', 'thu', 'sun', 'mon']);
});
