import type { Event } from '#shared/event/event.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';

/** An event as a source tells it; whose it is in Tropa, and from which source, others say. */
export type Fact = Omit<Event, 'source' | 'hops' | 'contact' | 'journey'>;

const TOLD_DAYS = 30;
const DAY = 86_400_000;

/**
 * Whether a thing of this moment was told long ago, as of a delivery that comes for a change at another: its receipt may be
 * gone, and it would count again.
 */
export const isToldAlready = (of: Instant, changed: Instant | undefined): boolean =>
  changed !== undefined && changed > plusMillis(of, TOLD_DAYS * DAY);
