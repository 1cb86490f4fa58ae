import { Temporal } from 'temporal-polyfill';
import { remembering } from '#shared/remember.ts';
import { fromMillis, type Instant, toMillis } from './instant.ts';
import { offsetMillis, wallToMillis } from './offset.ts';

/**
 * Local times and the instants they stand for. A local time that does not exist (the clock was put forward) moves
 * forward by the gap; one that exists twice is the first. `zone` is a name that `isZone` knows; any other is a RangeError.
 */

/** A date as the calendar shows it, `2026-12-24`. Text order is time order. */
export type LocalDate = string;

const DAY_MS = 86_400_000;

/** Whether this names a time zone: an IANA name such as `Europe/Warsaw`, or a fixed offset such as `+03:00`. */
export const isZone: (text: string) => boolean = remembering((zone) => {
  try {
    new Temporal.ZonedDateTime(0n, zone);
    return true;
  } catch {
    return false;
  }
});

/** The moment as a clock and calendar in that zone show it. */
export const zoned = (instant: Instant, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(toMillis(instant)).toZonedDateTimeISO(zone);

const FIRST = toMillis('0000-01-01T00:00:00.000Z');
const LAST = toMillis('9999-12-31T23:59:59.999Z');

/** The instant of so many milliseconds since 1970, kept within the years 0000 to 9999, which is all that text order bears. */
export const clampedInstant = (millis: number): Instant => fromMillis(Math.min(Math.max(millis, FIRST), LAST));

export const localDate = (instant: Instant, zone: string): LocalDate => clock(instant, zone).slice(0, 10);

/** What a wall clock shows then, written as if it were in UTC. */
const clock = (instant: Instant, zone: string): string =>
  clampedInstant(toMillis(instant) + offsetMillis(toMillis(instant), zone));

/** The time of day, `10:00`, seconds cut off. */
export const localClock = (instant: Instant, zone: string): string => clock(instant, zone).slice(11, 16);

/** Date and time of day, `2026-12-24 10:00:00`, for people to read. */
export const localTime = (instant: Instant, zone: string): string =>
  clock(instant, zone).slice(0, 19).replace('T', ' ');

/** Days since 1970-01-01: calendar arithmetic without a zone. */
export const dayNumber = (date: LocalDate): number => toMillis(`${date}T00:00:00.000Z`) / DAY_MS;
export const dayOf = (number: number): LocalDate => clampedInstant(number * DAY_MS).slice(0, 10);

/** That many months after a date; a day that the month lacks becomes its last. */
export const plusMonths = (date: LocalDate, months: number): LocalDate =>
  Temporal.PlainDate.from(date).add({ months }).toString();

const TIME = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** A written time: its instant, and whether a whole day was meant. */
export type Point = { readonly at: Instant; readonly day: boolean };

/**
 * Reads `2026-12-24` (its first moment in the zone), `2026-12-24T10:00` (local), or one with `Z` or an offset, which
 * needs no zone. Undefined when the text is no date or time, 30 February included.
 */
export function readTime(text: string, zone: string): Point | undefined {
  const [, date, minutes, seconds = '00', fraction = '', offset] = TIME.exec(text.trim()) ?? [];
  if (date === undefined || dayOf(dayNumber(date)) !== date) return undefined;
  const time = `${minutes ?? '00:00'}:${seconds}`;
  if (time > '23:59:59' || seconds > '59' || time.slice(3, 5) > '59') return undefined;
  const wall = toMillis(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  if (offset === undefined) return { at: clampedInstant(wallToMillis(wall, zone)), day: minutes === undefined };
  const away = writtenOffset(offset);
  return away === undefined ? undefined : { at: clampedInstant(wall - away), day: false };
}

function writtenOffset(offset: string): number | undefined {
  if (offset === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  const away = (hours * 60 + minutes) * 60_000;
  return offset.startsWith('-') ? -away : away;
}

/** The instant of a date or time in the language's forms (see readTime). Throws a RangeError when it is neither. */
export function localInstant(text: string, zone: string): Instant {
  const point = readTime(text, zone);
  if (!point) throw new RangeError(`not a date or time: ${text}`);
  return point.at;
}
