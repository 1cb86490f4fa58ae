import { DAYS, type Window } from '#shared/condition/condition.ts';
import { type Instant, laterOf, toMillis } from './instant.ts';
import { clampedInstant, dayNumber, dayOf, isZone } from './local.ts';
import { offsetMillis, wallToMillis } from './offset.ts';

/**
 * Windows of local time. `days` and `dates` (both ends included) are those on which a window begins; one that ends at
 * or before its beginning ends on the next day. `[from, to)` is half open; without `from` it begins at midnight, without
 * `to` it ends there. `at` is a moment, which lasts its minute.
 */

/** Milliseconds since 1970: a window is looked for on many days before it is told as a moment. */
type Span = { readonly start: number; readonly end: number };

const MINUTE = 60_000;
const DAY_MS = 86_400_000;
const MIDNIGHT = '00:00';
/** Two weeks and yesterday's: a window that one clock change swallows opens a week later. */
const DAYS_AHEAD = 16;

const zoneOfWindow = (window: Window, zone: string, shopZone: string): string => {
  if (window.zone === 'shop') return shopZone;
  return window.zone !== undefined && isZone(window.zone) ? window.zone : zone;
};

// 1970-01-01 was a Thursday.
/** The day of the week of a day number. */
export const weekday = (day: number): (typeof DAYS)[number] => DAYS[(((day + 3) % 7) + 7) % 7] ?? 'mon';

/** Milliseconds from midnight to a time of day, `10:00`, as a clock shows it. */
const ofDay = (clock: string): number => (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))) * MINUTE;

/** The stretch of a window that begins on this day, not before its first date; undefined when there is none. */
function spanOn(window: Window, day: number, zone: string): Span | undefined {
  if (window.days && !window.days.includes(weekday(day))) return undefined;
  if (window.dates && dayOf(day) > window.dates[1]) return undefined;
  const midnight = day * DAY_MS;
  if (window.at !== undefined) {
    const start = wallToMillis(midnight + ofDay(window.at), zone);
    return { start, end: start + MINUTE };
  }
  if (window.from !== undefined && window.from === window.to) return undefined;
  const { from = MIDNIGHT, to = MIDNIGHT } = window;
  const start = wallToMillis(midnight + ofDay(from), zone);
  const end = wallToMillis(midnight + (to <= from ? DAY_MS : 0) + ofDay(to), zone);
  return start < end ? { start, end } : undefined;
}

/** The first stretch that is not over at `now`: the one that is open, or the next. */
function nextSpan(window: Window, now: number, zone: string): Span | undefined {
  const yesterday = Math.floor((now + offsetMillis(now, zone)) / DAY_MS) - 1;
  const first = window.dates ? Math.max(yesterday, dayNumber(window.dates[0])) : yesterday;
  for (let day = first; day < first + DAYS_AHEAD; day += 1) {
    const span = spanOn(window, day, zone);
    if (span && now < span.end) return span;
  }
  return undefined;
}

/** Whether the window is open at that moment, on the contact's calendar unless the window names a zone. */
export function isOpen(window: Window, now: Instant, zone: string, shopZone: string): boolean {
  const millis = toMillis(now);
  const span = nextSpan(window, millis, zoneOfWindow(window, zone, shopZone));
  return span !== undefined && span.start <= millis;
}

/** `now` when the window is open, else when it opens next; undefined when it never does. */
export function nextOpen(window: Window, now: Instant, zone: string, shopZone: string): Instant | undefined {
  const span = nextSpan(window, toMillis(now), zoneOfWindow(window, zone, shopZone));
  return span && laterOf(clampedInstant(span.start), now);
}

/** When the window that is open at that moment closes; undefined when it is not open. */
export function closesAt(window: Window, now: Instant, zone: string, shopZone: string): Instant | undefined {
  const millis = toMillis(now);
  const span = nextSpan(window, millis, zoneOfWindow(window, zone, shopZone));
  return span && span.start <= millis ? clampedInstant(span.end) : undefined;
}
