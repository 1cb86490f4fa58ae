import * as z from 'zod';

/**
 * A moment, as text in one canonical form: `2026-11-22T10:00:00.000Z`. Always UTC, always milliseconds, so that text
 * order is time order, in keys as in comparisons.
 */
export type Instant = string;

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible date algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** The digits from one place to another, as a number. */
function numberIn(text: string, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) n = n * 10 + text.charCodeAt(i) - 48;
  return n;
}

/** Milliseconds since 1970. Throws a RangeError when the text is not a canonical instant. */
export function toMillis(instant: Instant): number {
  if (!CANONICAL.test(instant)) throw new RangeError(`not a canonical instant: ${instant}`);
  return (
    daysFromCivil(numberIn(instant, 0, 4), numberIn(instant, 5, 7), numberIn(instant, 8, 10)) * MS_PER_DAY +
    numberIn(instant, 11, 13) * 3_600_000 +
    numberIn(instant, 14, 16) * 60_000 +
    numberIn(instant, 17, 19) * 1000 +
    numberIn(instant, 20, 23)
  );
}

/** Codes of the two digits of a number from 0 to 99. */
const tens = (n: number): number => 48 + Math.floor(n / 10);
const ones = (n: number): number => 48 + (n % 10);
const DASH = 45;
const DOT = 46;
const COLON = 58;
const T = 84;
const Z = 90;

/** The instant of so many milliseconds since 1970; fractions are cut off. Years 0000 to 9999. */
export function fromMillis(millis: number): Instant {
  const whole = Math.floor(millis);
  const days = Math.floor(whole / MS_PER_DAY);
  const rest = whole - days * MS_PER_DAY;
  const { year, month, day } = civilFromDays(days);
  const century = Math.floor(year / 100);
  const y = year % 100;
  const hour = Math.floor(rest / 3_600_000);
  const minute = Math.floor((rest % 3_600_000) / 60_000);
  const second = Math.floor((rest % 60_000) / 1000);
  const hundredth = Math.floor((rest % 1000) / 10);
  const thousandth = rest % 10;
  // At once: put together from pieces, the text would be laid out by whoever reads it first, which takes longer than all else.
  // biome-ignore format: a line for the date, one for the time, one for the rest.
  return String.fromCharCode(
    tens(century), ones(century), tens(y), ones(y), DASH, tens(month), ones(month), DASH, tens(day), ones(day), T,
    tens(hour), ones(hour), COLON, tens(minute), ones(minute), COLON, tens(second), ones(second),
    DOT, tens(hundredth), ones(hundredth), 48 + thousandth, Z,
  );
}

/** The instant so many milliseconds later; a negative number goes back. */
export const plusMillis = (instant: Instant, millis: number): Instant => fromMillis(toMillis(instant) + millis);

export const laterOf = (a: Instant, b: Instant): Instant => (a > b ? a : b);
export const earlierOf = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** Seconds since 1970, rounded up, as DynamoDB's TTL wants them. */
export const toEpochSeconds = (instant: Instant): number => Math.ceil(toMillis(instant) / 1000);

/** To the second, a fraction of any length, and the offset. What zod takes for a date-time has them. */
const OFFSET = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

function canonical(text: string): Instant {
  const [, seconds, fraction = '', zone = 'Z'] = OFFSET.exec(text) ?? [];
  const utc = `${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  if (zone === 'Z') return utc;
  const [hours = 0, mins = 0] = zone.slice(1).split(':').map(Number);
  const offset = (hours * 60 + mins) * 60_000;
  return plusMillis(utc, zone.startsWith('-') ? offset : -offset);
}

/** An ISO 8601 date-time with `Z` or an offset, brought to the canonical form. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .transform(canonical)
  .refine((instant) => CANONICAL.test(instant) && instant >= '0001', 'a year from 0001 to 9999, also in UTC');

/** An instant that is canonical already, as in rows. */
export const canonicalInstantSchema = z.string().regex(CANONICAL);
