import type { Json } from '#shared/store/table.ts';
import { addDuration, subtractDuration } from '#shared/time/duration.ts';
import { resolvePoint, type Standpoint } from '#shared/time/expression.ts';
import { dayNumber, dayOf, localDate, localInstant, type Point, readTime } from '#shared/time/local.ts';
import { type Every, nextDay } from '#shared/time/moment.ts';
import type { InstantExpression } from './condition.ts';

/**
 * Operators on dates. Against a day, days are compared; against a moment, the moment, a day being its first. With
 * `every` it is the next anniversary that is asked about (for `within` the last), today's included.
 */

type Recurs = Every | undefined;

const tomorrowOf = (day: string): string => dayOf(dayNumber(day) + 1);

/** The time that a value says, or the first of its anniversaries not before that day. */
function timeOf(value: Json, every: Recurs, notBefore: string, { zone }: Standpoint): Point | undefined {
  if (typeof value !== 'string') return undefined;
  if (every === undefined) return readTime(value, zone);
  const day = nextDay(value, every, notBefore, zone);
  return day === undefined ? undefined : { at: localInstant(day, zone), day: true };
}

/** Negative, 0 or positive: the value lies before, on or after what is said. Undefined when one of them is no time. */
function compare(value: Json, said: InstantExpression, every: Recurs, from: Standpoint): number | undefined {
  const time = timeOf(value, every, localDate(from.now, from.zone), from);
  const point = resolvePoint(said, from);
  if (!time || !point) return undefined;
  const [a, b] = point.day ? [localDate(time.at, from.zone), localDate(point.at, from.zone)] : [time.at, point.at];
  return a < b ? -1 : a > b ? 1 : 0;
}

export const isBefore = (value: Json, said: InstantExpression, every: Recurs, from: Standpoint): boolean =>
  (compare(value, said, every, from) ?? 0) < 0;

export const isAfter = (value: Json, said: InstantExpression, every: Recurs, from: Standpoint): boolean =>
  (compare(value, said, every, from) ?? 0) > 0;

/** In the past so-long: `(now - span, now]`, for days from the day after the one it reaches back to until today. */
export function isWithin(value: Json, span: string, every: Recurs, from: Standpoint): boolean {
  const start = subtractDuration(from.now, span, from.zone);
  const firstDay = tomorrowOf(localDate(start, from.zone));
  const time = timeOf(value, every, firstDay, from);
  if (!time) return false;
  if (!time.day) return start < time.at && time.at <= from.now;
  const day = localDate(time.at, from.zone);
  return firstDay <= day && day <= localDate(from.now, from.zone);
}

/** Coming so-long: `(now, now + span]`, for days from today to the day it reaches. */
export function isNext(value: Json, span: string, every: Recurs, from: Standpoint): boolean {
  const today = localDate(from.now, from.zone);
  const time = timeOf(value, every, today, from);
  const end = addDuration(from.now, span, from.zone);
  if (!time) return false;
  if (!time.day) return from.now < time.at && time.at <= end;
  const day = localDate(time.at, from.zone);
  return today <= day && day <= localDate(end, from.zone);
}

export const isDate = (value: Json, every: Every, from: Standpoint): boolean =>
  timeOf(value, every, localDate(from.now, from.zone), from) !== undefined;
