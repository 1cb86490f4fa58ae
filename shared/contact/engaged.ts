import type { Event } from '#shared/event/event.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';

/**
 * When a contact did something themselves, as whole hours since 1970: what their best hour is reckoned from. A set of
 * hours and not a table of counts, so that an event that comes twice or late changes nothing, two contacts become one by
 * a union, and somebody whose zone is learned later is seen on their own clock from the first visit on.
 */

/** The newest of them are kept: 400 bytes at most, and months of most people. */
const HOURS_KEPT = 64;
const HOUR = 3_600_000;

/** What somebody does at the screen. Orders that a subscription makes are not told from others. */
const DOINGS: readonly string[] = ['page.viewed', 'product.viewed', 'purchase', 'message.clicked'];

/** Whether an event tells when somebody is there. */
export const isDoing = ({ type }: Pick<Event, 'type'>): boolean => DOINGS.includes(type);

export const hourOf = (at: Instant): number => Math.floor(toMillis(at) / HOUR);

/** The newest of two sets of hours, in their order. */
export function joinHours(some: readonly number[], more: readonly number[]): readonly number[] {
  if (more.every((hour) => some.includes(hour))) return some;
  return [...new Set([...some, ...more])].sort((a, b) => a - b).slice(-HOURS_KEPT);
}
