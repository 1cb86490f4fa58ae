import { offsetMillis } from './offset.ts';

export const WEEK_HOURS = 168;
const HOUR = 3_600_000;

/** The hour of a week at which a zone's clock stands: 0 is Monday at midnight, 167 Sunday at 23:00. */
export function hourOfWeek(millis: number, zone: string): number {
  // 1970-01-01 was a Thursday.
  const hour = Math.floor((millis + offsetMillis(millis, zone)) / HOUR) + 72;
  return ((hour % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;
}
