import { describe, expect, it } from 'vitest';
import type { Duration, InstantExpression, Window } from '#shared/condition/condition.ts';
import {
  sayDateTime,
  sayDays,
  sayDuration,
  sayInstant,
  sayIso,
  sayMoment,
  sayWindow,
} from '#shared/diagram/words/times.ts';
import type { Moment } from '#shared/journey/journey.ts';

describe('durations in words', () => {
  it.each([
    ['PT1H', '1 hour'],
    ['PT30M', '30 minutes'],
    ['P2D', '2 days'],
    ['P1M', '1 month'],
    ['P1Y', '1 year'],
    ['P3W', '3 weeks'],
    ['PT90S', '90 seconds'],
    ['P1DT12H', '1 day 12 hours'],
    ['P1Y2M3W4DT5H6M7S', '1 year 2 months 3 weeks 4 days 5 hours 6 minutes 7 seconds'],
    ['P0DT01H', '1 hour'],
    ['PT0S', 'no time'],
    ['P100000000000000000001D', '100000000000000000001 days'],
  ])('%s is %j', (iso, words) => {
    expect(sayIso(iso)).toBe(words);
  });

  it.each<[Duration, string]>([
    ['P2D', '2 days'],
    [{ trait: 'purchases.cycle', otherwise: 'P30D' }, 'their purchases.cycle (30 days if unknown)'],
    [
      { trait: 'purchases.cycle', times: 1.2, atLeast: 'P21D', atMost: 'P270D', otherwise: 'P180D' },
      '1.2 times their purchases.cycle (at least 21 days, at most 270 days; 180 days if unknown)',
    ],
    [{ trigger: 'delay', atMost: 'P9D', otherwise: 'P1D' }, "the trigger's delay (at most 9 days; 1 day if unknown)"],
    [{ step: 'score.pause', otherwise: 'P1D' }, 'the pause of step "score" (1 day if unknown)'],
    [{ otherwise: 'P1D' }, '1 day'],
  ])('%j is %j', (duration, words) => {
    expect(sayDuration(duration)).toBe(words);
  });
});

describe('dates and moments in words', () => {
  it.each([
    ['2026-12-24', '24 December 2026'],
    ['2026-12-04T10:00', '4 December 2026, 10:00'],
    ['2026-12-24T10:00:30Z', '24 December 2026, 10:00:30 UTC'],
    ['2026-12-24T10:00+03:00', '24 December 2026, 10:00 UTC+03:00'],
    ['2026-13-01', '2026-13-01'],
  ])('%s is %j', (written, words) => {
    expect(sayDateTime(written)).toBe(words);
  });

  it.each<[InstantExpression, string]>([
    ['now', 'now'],
    ['now-P30D', '30 days ago'],
    ['now+PT1H', '1 hour from now'],
    ['today', 'today'],
    ['today-P1W', '1 week before today'],
    ['today+P1D', '1 day after today'],
    ['entry', 'their entry'],
    ['entry+P1D', '1 day after their entry'],
    ['entry-PT1H', '1 hour before their entry'],
    ['2026-12-24', '24 December 2026'],
    [{ trigger: 'at' }, 'the time of the trigger'],
    [{ step: 'hello.at' }, 'the beginning of step "hello"'],
    [{ trait: 'createdAt' }, 'their createdAt'],
  ])('%j is %j', (instant, words) => {
    expect(sayInstant(instant)).toBe(words);
  });

  it.each<[Moment, string]>([
    [{ trait: 'birthday', before: 'P7D', at: '10:00' }, '7 days before birthday, 10:00'],
    [{ trait: 'birthday', every: 'P1Y', before: 'P7D', at: '10:00' }, '7 days before birthday (every year), 10:00'],
    [{ trait: 'birthday', every: 'P1Y' }, 'birthday (every year)'],
    [{ step: 'code.expiresAt', before: 'P2D', at: '10:00' }, '2 days before the expiresAt of step "code", 10:00'],
    [{ trigger: 'date', after: 'P1M' }, "1 month after the trigger's date"],
    [{ trait: 'due', before: 'P1M', after: 'P1D' }, '1 month before, then 1 day after due'],
    [{}, 'no date'],
  ])('%j is %j', (moment, words) => {
    expect(sayMoment(moment)).toBe(words);
  });
});

describe('windows in words', () => {
  it.each<[NonNullable<Window['days']>, string]>([
    [['tue', 'wed', 'thu'], 'Tue-Thu'],
    [['mon', 'tue', 'wed', 'thu', 'fri'], 'Mon-Fri'],
    [['sat', 'sun'], 'Sat or Sun'],
    [['sun', 'sat', 'mon'], 'Sat-Mon'],
    [['mon', 'wed', 'fri'], 'Mon, Wed or Fri'],
    [['thu'], 'Thu'],
    [['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 'every day'],
  ])('%j is %j', (days, words) => {
    expect(sayDays(days)).toBe(words);
  });

  it.each<[Window, string]>([
    [{ days: ['tue', 'wed', 'thu'], at: '10:00' }, 'Tue-Thu 10:00'],
    [{ from: '09:00', to: '20:00' }, '09:00-20:00'],
    [{ from: '09:00' }, 'from 09:00'],
    [{ to: '20:00' }, 'until 20:00'],
    [{ days: ['sat', 'sun'], from: '10:00', to: '18:00', zone: 'shop' }, "Sat or Sun 10:00-18:00 (the shop's time)"],
    [{ at: '10:00', zone: 'Europe/Warsaw' }, '10:00 (time of Europe/Warsaw)'],
    [{ dates: ['2026-12-31', '2027-01-01'] }, '31 December 2026 to 1 January 2027'],
    [{ dates: ['2026-12-31', '2026-12-31'] }, '31 December 2026'],
    [{ from: '21:00', to: '09:00', channels: ['sms', 'push'] }, '21:00-09:00 for SMS and push'],
    [{}, 'at any time'],
  ])('%j is %j', (window, words) => {
    expect(sayWindow(window)).toBe(words);
  });
});
