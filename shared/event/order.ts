import { earlierOf, type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';

/** When something happened by its own clock, and when it arrived by ours, where that is known. */
export type Timed = { readonly type: string; readonly at: Instant; readonly arrived?: Instant | undefined };

/** How far a clock may be off. */
export const SKEW = 5 * 60_000;
/** How far queues alone put out of order what happened; own times that contradict the arrival by more are clocks. */
const DISORDER = 10_000;

/** The earliest own time at which something may have happened after the cause, if its clock or the cause's is off. */
export const earliestAfter = ({ at, arrived }: Timed): Instant =>
  arrived === undefined ? at : plusMillis(earlierOf(at, arrived), -SKEW);

/**
 * Whether an event happened at or after its cause, such as the trigger of a passage: by their own times; and where these
 * are minutes apart only and the event arrived later, by the arrival. Events of one type have one clock, and no doubt.
 */
export function isSince(event: Timed, cause: Timed): boolean {
  if (event.at >= cause.at) return true;
  if (event.type === cause.type || event.arrived === undefined || cause.arrived === undefined) return false;
  if (event.arrived <= cause.arrived || event.at < earliestAfter(cause)) return false;
  const ownGap = toMillis(event.at) - toMillis(cause.at);
  return toMillis(event.arrived) - toMillis(cause.arrived) - ownGap >= DISORDER;
}
