import { addDuration, subtractDuration } from './duration.ts';
import type { Instant } from './instant.ts';
import {
  dayNumber,
  dayOf,
  type LocalDate,
  localClock,
  localDate,
  localInstant,
  plusMonths,
  readTime,
} from './local.ts';

/** Dates that come again, and moments before and after a date. */

export type Every = 'P1Y' | 'P1M' | 'P1W';

/** The fields of a moment beside its reference. */
export type MomentFields = {
  readonly every?: Every | undefined;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly at?: string | undefined;
};

/** What a moment is reckoned from: a day on the contact's calendar, with a time of day when the value has one. */
type Anchor = { readonly day: LocalDate; readonly clock: string };

const WITHOUT_YEAR = /^--(\d\d-\d\d)$/;
/** A leap year before every birthday, so that `--02-29` is a date. */
const NO_YEAR = '1904';

function anchorOf(value: string, every: Every | undefined, zone: string): Anchor | undefined {
  const monthAndDay = WITHOUT_YEAR.exec(value.trim())?.[1];
  if (monthAndDay !== undefined && every !== 'P1Y') return undefined;
  const point = readTime(monthAndDay === undefined ? value : `${NO_YEAR}-${monthAndDay}`, zone);
  if (!point) return undefined;
  return { day: localDate(point.at, zone), clock: point.day ? '00:00' : localClock(point.at, zone) };
}

const monthsBetween = (from: LocalDate, to: LocalDate): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));

/** The first recurrence of a date that is not before a day; the date itself is the first of all. */
function recurrence(date: LocalDate, every: Every, notBefore: LocalDate): LocalDate {
  if (notBefore <= date) return date;
  if (every === 'P1W') {
    const start = dayNumber(date);
    return dayOf(start + Math.ceil((dayNumber(notBefore) - start) / 7) * 7);
  }
  const unit = every === 'P1Y' ? 12 : 1;
  const times = Math.floor(monthsBetween(date, notBefore) / unit);
  const found = plusMonths(date, times * unit);
  return found >= notBefore ? found : plusMonths(date, (times + 1) * unit);
}

/**
 * The first day not before `notBefore` on which a date comes again: yearly (29 February on the 28th where there is
 * none), monthly (the 31st on the last), weekly. Undefined when the value is no date. `--05-17` recurs yearly.
 */
export function nextDay(value: string, every: Every, notBefore: LocalDate, zone: string): LocalDate | undefined {
  const anchor = anchorOf(value, every, zone);
  return anchor && recurrence(anchor.day, every, notBefore);
}

/** First `before` and `after`, on the calendar; then the time of day of `at`. */
function momentOn(day: LocalDate, clock: string, { before, after, at }: MomentFields, zone: string): Instant {
  let moment = localInstant(`${day}T${clock}`, zone);
  if (before !== undefined) moment = subtractDuration(moment, before, zone);
  if (after !== undefined) moment = addDuration(moment, after, zone);
  return at === undefined ? moment : localInstant(`${localDate(moment, zone)}T${at}`, zone);
}

/** Shortened months move a day by three at most, and `at` within a day. */
const SLACK_DAYS = 4;

/** A moment and the day that it is reckoned from: the birthday itself, of which the moment is a week before. */
export type Occurrence = { readonly at: Instant; readonly day: LocalDate };

/**
 * The moment that a date stands for. Without `every` it is one, and may be past. With `every` it is the first at or
 * after `now`. Undefined when the value is no date, or one without a year that does not recur yearly.
 */
export const nextMoment = (moment: MomentFields, value: string, now: Instant, zone: string): Instant | undefined =>
  occurrenceAfter(moment, value, now, zone)?.at;

/** The same with its day. */
export function occurrenceAfter(
  moment: MomentFields,
  value: string,
  now: Instant,
  zone: string,
): Occurrence | undefined {
  const { every, before, after } = moment;
  const anchor = anchorOf(value, every, zone);
  if (!anchor) return undefined;
  if (every === undefined) return { at: momentOn(anchor.day, anchor.clock, moment, zone), day: anchor.day };
  let about = before === undefined ? now : addDuration(now, before, zone);
  if (after !== undefined) about = subtractDuration(about, after, zone);
  let day = recurrence(anchor.day, every, dayOf(dayNumber(localDate(about, zone)) - SLACK_DAYS));
  // A few turns at most: the search begins just before the day that is sought.
  for (;;) {
    const at = momentOn(day, anchor.clock, moment, zone);
    if (at >= now) return { at, day };
    day = recurrence(anchor.day, every, dayOf(dayNumber(day) + 1));
  }
}

/** Which recurrence a day is: the 30th birthday is 30. Undefined without `every`, or for a date without a year. */
export function countOf(value: string, every: Every | undefined, day: LocalDate, zone: string): number | undefined {
  const anchor = every && !WITHOUT_YEAR.test(value.trim()) ? anchorOf(value, every, zone) : undefined;
  if (!anchor) return undefined;
  if (every === 'P1W') return Math.round((dayNumber(day) - dayNumber(anchor.day)) / 7);
  const months = monthsBetween(anchor.day, day);
  return every === 'P1Y' ? Math.round(months / 12) : months;
}
