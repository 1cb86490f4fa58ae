import type { Bus, BusEntry } from '#shared/ports.ts';
import type { Event } from './event.ts';
import type { PrivacyRequested } from './privacy.ts';

/** What lies on the bus: an event, or a customer's request that is none. */
export type Put = Event | PrivacyRequested;

/** What every event on the bus says of its sender; the rules match on it. */
export const SOURCE = 'tropa';

const ATTEMPTS = 3;

export const entryOf = (event: Put): BusEntry => ({ source: SOURCE, detailType: event.type, detail: event });

/** Puts events on the bus and tries again with those that it refused. Throws when some are refused to the end. */
export async function putEvents(bus: Bus, events: readonly Put[]): Promise<void> {
  let left = events;
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) {
    const refused = await bus.put(left.map(entryOf));
    left = refused.map((position) => left[position]).filter((event) => event !== undefined);
  }
  if (left.length > 0) throw new Error(`the bus refused ${left.length} events`);
}
