import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { addDuration } from '#shared/time/duration.ts';
import { fromMillis } from '#shared/time/instant.ts';
import { offsetMillis, wallToMillis } from '#shared/time/offset.ts';

const zone = fc.constantFrom(
  'Europe/Warsaw',
  'America/New_York',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
  '+03:00',
);
const moment = fc.integer({ min: Date.UTC(1890, 0, 1), max: Date.UTC(2150, 0, 1) });
/** Close to the clock changes of some zone. */
const change = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T01:00Z',
      '2026-10-25T01:00Z',
      '2026-03-08T07:00Z',
      '2026-11-01T06:00Z',
      '2026-04-23T22:00Z',
      '2011-12-30T10:00Z',
    ),
    fc.integer({ min: -90_000_000, max: 90_000_000 }),
  )
  .map(([at, near]) => Date.parse(at) + near);
const zonedTime = (millis: number, name: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(millis).toZonedDateTimeISO(name);

it('says at every moment what the calendar library says', () => {
  fc.assert(
    fc.property(fc.oneof(moment, change), zone, (millis, name) => {
      expect(offsetMillis(millis, name)).toBe(zonedTime(millis, name).offsetNanoseconds / 1e6);
    }),
    { numRuns: 2000 },
  );
});

it('changes in the very millisecond in which the clock is put forward or back', () => {
  for (const [at, before, after] of [
    ['2026-03-29T01:00:00Z', 1, 2],
    ['2026-10-25T01:00:00Z', 2, 1],
  ] as const) {
    expect(offsetMillis(Date.parse(at), 'Europe/Warsaw')).toBe(after * 3_600_000);
    expect(offsetMillis(Date.parse(at) - 1, 'Europe/Warsaw')).toBe(before * 3_600_000);
  }
});

it('finds the instant of a local time as the calendar library does, through gaps and repetitions', () => {
  fc.assert(
    fc.property(fc.oneof(moment, change), zone, (wall, name) => {
      const shown = zonedTime(wall, 'UTC').toPlainDateTime();
      expect(wallToMillis(wall, name)).toBe(
        shown.toZonedDateTime(name, { disambiguation: 'compatible' }).epochMilliseconds,
      );
    }),
    { numRuns: 2000 },
  );
});

it('adds days and weeks as the calendar library does', () => {
  fc.assert(
    fc.property(
      fc.oneof(moment, change),
      zone,
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 60 }),
      (millis, name, days, weeks) => {
        const later = zonedTime(millis, name).add({ days, weeks }).epochMilliseconds;
        expect(addDuration(fromMillis(millis), `P${weeks}W${days}D`, name)).toBe(fromMillis(later));
      },
    ),
    { numRuns: 2000 },
  );
});
