import { Temporal } from 'temporal-polyfill';

/** Between two changes of a zone's clock: milliseconds since 1970 from and to, and how far it is ahead of UTC. */
type Stretch = { readonly from: number; readonly to: number; readonly offset: number };

const DAY_MS = 86_400_000;
/** Birthdays lie decades back, each in a stretch of its own: all that were asked for are kept, by the year. */
const YEAR_MS = 365.25 * DAY_MS;
const YEARS_KEPT = 10_000;
const known = new Map<string, Map<number, readonly Stretch[]>>();
let yearsKept = 0;

/**
 * Milliseconds that a zone's clock is ahead of UTC at a moment. The calendar library is asked once for each stretch
 * between two clock changes, since it takes microseconds. Throws a RangeError for an unknown zone.
 */
export function offsetMillis(millis: number, zone: string): number {
  const year = Math.floor(millis / YEAR_MS);
  const stretches = known.get(zone)?.get(year);
  if (stretches) for (const { from, to, offset } of stretches) if (from <= millis && millis < to) return offset;
  const stretch = stretchAt(millis, zone);
  keep(zone, year, [stretch, ...(stretches ?? [])]);
  return stretch.offset;
}

function keep(zone: string, year: number, stretches: readonly Stretch[]): void {
  if (yearsKept >= YEARS_KEPT) {
    known.clear();
    yearsKept = 0;
  }
  const years = known.get(zone) ?? new Map<number, readonly Stretch[]>();
  if (!years.has(year)) yearsKept += 1;
  known.set(zone, years.set(year, stretches));
}

function stretchAt(millis: number, zone: string): Stretch {
  const at = (moment: number): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone);
  // What comes before the next millisecond is this one, or lies before it.
  const from = at(millis + 1).getTimeZoneTransition('previous')?.epochMilliseconds;
  const to = at(millis).getTimeZoneTransition('next')?.epochMilliseconds;
  return {
    from: from ?? Number.NEGATIVE_INFINITY,
    to: to ?? Number.POSITIVE_INFINITY,
    offset: at(millis).offsetNanoseconds / 1e6,
  };
}

/**
 * The instant at which a clock in that zone shows what a clock in UTC shows at `wall`: a time that is skipped moves
 * forward by the gap, of one that comes twice it is the first.
 */
export function wallToMillis(wall: number, zone: string): number {
  // Zones are less than a day from UTC, so that a change that concerns this time lies between these two.
  const [before, after] = [offsetMillis(wall - DAY_MS, zone), offsetMillis(wall + DAY_MS, zone)];
  const [first, second] = [wall - before, wall - after];
  if (before === after || offsetMillis(first, zone) === before) return first;
  return offsetMillis(second, zone) === after ? second : first;
}
