import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourOf, joinHours } from '#shared/contact/engaged.ts';
import { bestHour, bestMoment, type Habits, histogram, sayBestHour } from '#shared/sending/best-hour.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { localClock } from '#shared/time/local.ts';
import { isOpen } from '#shared/time/window.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// A Monday, ten in the morning in Warsaw.
const NOW = '2026-03-02T09:00:00.000Z';
const WARSAW = 'Europe/Warsaw';

const hoursAt = (...times: readonly Instant[]): readonly number[] => joinHours([], times.map(hourOf));
/** Every evening of the weeks before, at 20:15 in Warsaw. */
const evenings = hoursAt(...Array.from({ length: 20 }, (_, i) => plusMillis('2026-03-01T19:15:00.000Z', -i * DAY)));
const of = (hours: readonly number[], more: Partial<Habits> = {}): Habits => ({
  hours,
  zone: WARSAW,
  usual: '10:00',
  ...more,
});
const never = () => false;
const search = (now: Instant, isQuiet: (at: Instant) => boolean = never) => ({ until: plusMillis(now, DAY), isQuiet });

describe('what is kept of the hours of a contact', () => {
  it('is the same in any order, and however often each comes', () => {
    const times = fc.array(
      fc.nat({ max: 3000 }).map((h) => plusMillis(NOW, h * HOUR)),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.nat()), (seen, chance) => {
        const key = () => chance.next().value ?? 0;
        const shuffled = [...seen, ...seen].map((at) => ({ at, key: key() })).sort((a, b) => a.key - b.key);
        const one = seen.reduce<readonly number[]>((hours, at) => joinHours(hours, [hourOf(at)]), []);
        const other = shuffled.reduce<readonly number[]>((hours, { at }) => joinHours(hours, [hourOf(at)]), []);
        expect(other).toEqual(one);
        expect(one.length).toBeLessThanOrEqual(64);
        expect(histogram({ hours: other, zone: WARSAW })).toEqual(histogram({ hours: one, zone: WARSAW }));
      }),
    );
  });

  it('weighs half after sixty days', () => {
    const weights = histogram({ hours: hoursAt(NOW, plusMillis(NOW, -60 * DAY + HOUR)), zone: WARSAW });
    expect(weights[10]).toBe(1);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1.5, 2);
  });
});

describe('the best hour', () => {
  it('of who has done nothing is not known', () => expect(bestHour(of([]))).toBeUndefined());
  it('is that in which they are there', () => expect(bestHour(of(evenings))).toBe('20:00'));
  it('is on the clock that they have now', () =>
    expect(bestHour(of(evenings, { zone: 'America/New_York' }))).toBe('14:00'));
  it('is that of the shop for who came once, in the night', () =>
    expect(bestHour(of(hoursAt('2026-03-01T02:00:00.000Z'), { usual: '03:00' }))).toBe('03:00'));
});

describe('the best hour is told', () => {
  const week = (hour: number, weight: number) => Array.from({ length: 168 }, (_, i) => (i % 24 === hour ? weight : 0));

  it('with how much is known', () => {
    expect(sayBestHour(of(evenings))).toBe('20:00 (from 20 hours in which they did something)');
    expect(sayBestHour(of(hoursAt('2026-03-01T09:00:00.000Z')))).toBe(
      '10:00 (from 1 hour in which they did something)',
    );
  });

  it('as the shop’s where nothing is known, and as that of others once they have done enough', () => {
    expect(sayBestHour(of([]))).toBe('that of the shop, 10:00 (nothing is known)');
    expect(sayBestHour(of([], { others: [week(18, 7)] }))).toBe('that of the shop, 10:00 (nothing is known)');
    expect(sayBestHour(of([], { others: [week(18, 70)] }))).toBe(
      'that of others like them, 18:00 (nothing is known of their own)',
    );
  });
});

it('an hour between two in which they are there is nearer to them than either', () => {
  const sixAndEight = Array.from({ length: 3 }, (_, i) => [
    plusMillis('2026-03-01T17:15:00.000Z', -i * 7 * DAY),
    plusMillis('2026-03-01T19:15:00.000Z', -i * 7 * DAY),
  ]).flat();
  expect(bestHour(of(hoursAt(...sixAndEight, '2026-03-01T18:15:00.000Z'), { usual: '03:00' }))).toBe('19:00');
});

describe('the best moment', () => {
  it('is the hour of the shop, to the minute, for who has done nothing', () => {
    expect(bestMoment(of([]), search(NOW), NOW)).toBe(NOW);
    const later = plusMillis(NOW, 2 * HOUR);
    expect(bestMoment(of([], { usual: '10:30' }), search(later), later)).toBe('2026-03-03T09:30:00.000Z');
  });

  it('is the next beginning of their hour', () =>
    expect(bestMoment(of(evenings), search(NOW), NOW)).toBe('2026-03-02T19:00:00.000Z'));

  it('is now when their hour is', () => {
    const evening = '2026-03-02T19:40:00.000Z';
    expect(bestMoment(of(evenings), search(evening), evening)).toBe(evening);
  });

  it('keeps to their clock over a change of it', () => {
    // The clocks of Warsaw go forward on the night to 29 March 2026.
    const saturday = '2026-03-28T21:00:00.000Z';
    expect(bestMoment(of(evenings), search(saturday), saturday)).toBe('2026-03-29T18:00:00.000Z');
  });

  it('lies outside quiet times', () => {
    const quiet = { from: '18:00', to: '09:00' };
    const at = bestMoment(
      of(evenings),
      search(NOW, (one) => isOpen(quiet, one, WARSAW, WARSAW)),
      NOW,
    );
    expect(localClock(at, WARSAW) >= '09:00' && localClock(at, WARSAW) < '18:00').toBe(true);
  });

  it('stands when it is asked for again at any time until then, and never lies after the end', () => {
    const given = fc.record({
      hours: fc.array(fc.integer({ min: 480_000, max: 492_000 }), { maxLength: 30 }),
      zone: fc.constantFrom(WARSAW, 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'),
      usual: fc.constantFrom('10:00', '00:30', '23:45'),
      now: fc.nat({ max: 400 * DAY }).map((ms) => plusMillis(NOW, ms)),
      asked: fc.nat({ max: 100 }),
      quiet: fc.constantFrom({ from: '21:00', to: '09:00' }, { from: '12:00', to: '12:30' }),
    });
    fc.assert(
      fc.property(given, ({ hours, zone, usual, now, asked, quiet }) => {
        const habits = { hours: joinHours([], hours), zone, usual };
        const isQuiet = (at: Instant) => isOpen(quiet, at, zone, zone);
        const asks = { until: plusMillis(now, DAY), isQuiet };
        const at = bestMoment(habits, asks, now);
        expect(at >= now && at < asks.until).toBe(true);
        expect(isQuiet(at)).toBe(false);
        const between = plusMillis(now, Math.floor(((toMillis(at) - toMillis(now)) * asked) / 100));
        expect(bestMoment(habits, asks, between)).toBe(at);
      }),
      { numRuns: 500 },
    );
  });
});
