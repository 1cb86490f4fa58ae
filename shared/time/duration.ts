import type { Duration, Ref } from '#shared/condition/condition.ts';
import { refOf } from '#shared/condition/ref.ts';
import { remembering } from '#shared/remember.ts';
import type { Json } from '#shared/store/table.ts';
import { type Instant, toMillis } from './instant.ts';
import { clampedInstant, zoned } from './local.ts';
import { offsetMillis, wallToMillis } from './offset.ts';

/**
 * ISO 8601 durations of whole numbers: `PT30M`, `P2D`, `P1M`. Years to days are counted on the calendar of a zone,
 * hours to seconds are exact.
 */
const PARTS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;
export type DurationParts = Readonly<Record<(typeof PARTS)[number], number>>;

const ISO = /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Ten thousand years: longer than any calendar here, and within what the calendar library reckons with. */
const MOST: DurationParts = {
  years: 1e4,
  months: 12e4,
  weeks: 53e4,
  days: 366e4,
  hours: 9e7,
  minutes: 6e9,
  seconds: 4e11,
};

/** Undefined when the text is no duration of this grammar. */
export function readDuration(iso: string): DurationParts | undefined {
  const found = ISO.exec(iso);
  if (!found) return undefined;
  const part = (name: keyof DurationParts) => Math.min(Number(found[PARTS.indexOf(name) + 1] ?? 0), MOST[name]);
  return {
    years: part('years'),
    months: part('months'),
    weeks: part('weeks'),
    days: part('days'),
    hours: part('hours'),
    minutes: part('minutes'),
    seconds: part('seconds'),
  };
}

/** The parts of a duration. Throws a RangeError when the text is none. */
export const parseDuration: (iso: string) => DurationParts = remembering((iso) => {
  const parts = readDuration(iso);
  if (!parts) throw new RangeError(`not a duration: ${iso}`);
  return parts;
});

const DAY_MS = 86_400_000;

const exactMillis = ({ hours, minutes, seconds }: DurationParts): number =>
  hours * 3_600_000 + minutes * 60_000 + seconds * 1000;

function move(instant: Instant, iso: string, zone: string, sign: 1 | -1): Instant {
  const parts = parseDuration(iso);
  const { years, months, weeks, days } = parts;
  const start = toMillis(instant);
  // The calendar costs microseconds, the rest next to nothing: most waits are so many hours or days.
  const from =
    years + months > 0
      ? zoned(instant, zone).add({
          years: sign * years,
          months: sign * months,
          weeks: sign * weeks,
          days: sign * days,
        }).epochMilliseconds
      : weeks + days > 0
        ? wallToMillis(start + offsetMillis(start, zone) + sign * (weeks * 7 + days) * DAY_MS, zone)
        : start;
  return clampedInstant(from + sign * exactMillis(parts));
}

/**
 * The moment a duration after another: first the calendar part (31 January + `P1M` = 28 February, `P1D` keeps the
 * clock), then the exact one. A local time that is skipped moves forward, a doubled one is the first. Ends at the year
 * 9999. Throws a RangeError when `iso` is no duration.
 */
export const addDuration = (instant: Instant, iso: string, zone: string): Instant => move(instant, iso, zone, 1);

/** The same, backwards. */
export const subtractDuration = (instant: Instant, iso: string, zone: string): Instant => move(instant, iso, zone, -1);

const YEAR_MS = 365.2425 * DAY_MS;

/** About how long it is, to compare durations by: a year has 365.2425 days, a month the twelfth part, a day 24 hours. */
export function approximateMillis(iso: string): number {
  const parts = parseDuration(iso);
  const { years, months, weeks, days } = parts;
  return (years + months / 12) * YEAR_MS + (weeks * 7 + days) * DAY_MS + exactMillis(parts);
}

/** The longest that it can be: a year has 366 days, a month 31, a day 24 hours. */
export function longestMillis(iso: string): number {
  const parts = parseDuration(iso);
  const { years, months, weeks, days } = parts;
  return (years * 366 + months * 31 + weeks * 7 + days) * DAY_MS + exactMillis(parts);
}

/** A length in whole seconds as text: full days on the calendar, the rest exact. */
function isoOf(millis: number): string {
  const seconds = Math.min(Math.round(millis / 1000), MOST.days * 86_400);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  return `P${days > 0 ? `${days}D` : ''}${rest > 0 || days === 0 ? `T${rest}S` : ''}`;
}

/** `P2W` times 2 is `P4W`; what does not come out whole is reckoned in days and seconds. */
function multiply(iso: string, times: number): string {
  const scaled = iso.replace(/\d+/g, (digits) => String(Number(digits) * times));
  return /[.e]/.test(scaled) ? isoOf(approximateMillis(iso) * times) : scaled;
}

/** A positive length in days, or a duration as text, multiplied; undefined for what is neither. */
function lengthOf(value: Json | undefined, times: number): string | undefined {
  if (typeof value === 'number') return value * times * DAY_MS >= 1000 ? isoOf(value * times * DAY_MS) : undefined;
  if (typeof value !== 'string' || !readDuration(value)) return undefined;
  const iso = multiply(value, times);
  return approximateMillis(iso) > 0 ? iso : undefined;
}

/**
 * The ISO text of a duration as a file writes it. By reference, the value is a number of days or an ISO duration; what
 * is missing, unfit or not positive becomes `otherwise`, which is taken as it stands. `atLeast` and `atMost` bind the
 * multiplied value.
 */
export function resolveDuration(duration: Duration, lookup: (ref: Ref) => Json | undefined): string {
  if (typeof duration === 'string') return duration;
  const ref = refOf(duration);
  const iso = lengthOf(ref && lookup(ref), duration.times ?? 1);
  if (iso === undefined) return duration.otherwise;
  const millis = approximateMillis(iso);
  if (duration.atLeast !== undefined && millis < approximateMillis(duration.atLeast)) return duration.atLeast;
  if (duration.atMost !== undefined && millis > approximateMillis(duration.atMost)) return duration.atMost;
  return iso;
}

/** The moment a duration, possibly by reference, after another. */
export const laterDuration = (
  instant: Instant,
  duration: Duration,
  zone: string,
  lookup: (ref: Ref) => Json | undefined,
): Instant => addDuration(instant, resolveDuration(duration, lookup), zone);
