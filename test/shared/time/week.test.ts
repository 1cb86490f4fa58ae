import { expect, it } from 'vitest';
import { toMillis } from '#shared/time/instant.ts';
import { localInstant } from '#shared/time/local.ts';
import { hourOfWeek } from '#shared/time/week.ts';

it.each([
  ['2026-11-23T00:00', 'Europe/Warsaw', 0],
  ['2026-11-22T23:59', 'Europe/Warsaw', 167],
  ['2026-11-24T10:30', 'Europe/Warsaw', 34],
  ['2026-11-23T00:00', 'America/New_York', 0],
  ['1970-01-01T00:00', 'UTC', 72],
  ['1969-12-28T23:00', 'UTC', 167],
  ['1960-02-29T05:00', 'UTC', 5],
])('%s in %s is hour %i of the week', (local, zone, hour) => {
  expect(hourOfWeek(toMillis(localInstant(local, zone)), zone)).toBe(hour);
});
