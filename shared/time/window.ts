import { DAYS, type Window } from '#shared/condition/condition.ts';
import { type Instant, laterOf, plusMillis } from './instant.ts';
import { dayNumber, dayOf, isZone, localDate, localInstant } from './local.ts';

/**
 * Windows of local time. `days` and `dates` (both ends included) are those on which a window begins; one that ends at
 * or before its beginning ends on the next day. `[from, to)` is half open; without `from` it begins at midnight, without
 * `to` it ends there. `at` is a moment, which lasts its minute.
 */

type Span = { readonly start: Instant; readonly end: Instant };

const MINUTE = 60_000;
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

/** The stretch of a window that begins on this day; undefined when there is none. */
function spanOn(window: Window, day: number, zone: string): Span | undefined {
  const date = dayOf(day);
  if (window.days && !window.days.includes(weekday(day))) return undefined;
  if (window.dates && (date < window.dates[0] || date > window.dates[1])) return undefined;
  if (window.at !== undefined) {
    const start = localInstant(`${date}T${window.at}`, zone);
    return { start, end: plusMillis(start, MINUTE) };
  }
  if (window.from !== undefined && window.from === window.to) return undefined;
  const { from = MIDNIGHT, to = MIDNIGHT } = window;
  const start = localInstant(`${date}T${from}`, zone);
  const end = localInstant(`${to <= from ? dayOf(day + 1) : date}T${to}`, zone);
  return start < end ? { start, end } : undefined;
}

/** The first stretch that is not over at `now`: the one that is open, or the next. */
function nextSpan(window: Window, now: Instant, zone: string): Span | undefined {
  const yesterday = dayNumber(localDate(now, zone)) - 1;
  const first = window.dates ? Math.max(yesterday, dayNumber(window.dates[0])) : yesterday;
  for (let day = first; day < first + DAYS_AHEAD; day += 1) {
    const span = spanOn(window, day, zone);
    if (span && now < span.end) return span;
  }
  return undefined;
}

/** Whether the window is open at that moment, on the contact's calendar unless the window names a zone. */
export function isOpen(window: Window, now: Instant, zone: string, shopZone: string): boolean {
  const span = nextSpan(window, now, zoneOfWindow(window, zone, shopZone));
  return span !== undefined && span.start <= now;
}

/** `now` when the window is open, else when it opens next; undefined when it never does. */
export function nextOpen(window: Window, now: Instant, zone: string, shopZone: string): Instant | undefined {
  const span = nextSpan(window, now, zoneOfWindow(window, zone, shopZone));
  return span && laterOf(span.start, now);
}

/** When the window that is open at that moment closes; undefined when it is not open. */
export function closesAt(window: Window, now: Instant, zone: string, shopZone: string): Instant | undefined {
  const span = nextSpan(window, now, zoneOfWindow(window, zone, shopZone));
  return span && span.start <= now ? span.end : undefined;
}
