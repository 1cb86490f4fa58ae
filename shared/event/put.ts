import type { Bus, BusEntry } from '#shared/ports.ts';
import type { Event } from './event.ts';
import type { PrivacyRequested } from './privacy.ts';

/** What lies on the bus: an event, or a customer's request that is none. */
export type Put = Event | PrivacyRequested;

/** What every event on the bus says of its sender; the rules match on it. */
export const SOURCE = 'tropa';

const ATTEMPTS = 3;

export const entryOf = (event: Put): BusEntry => ({ source: SOURCE, detailType: event.type, detail: event });

/** Events that the bus did not take, by position, and why. */
export type Refused = { readonly positions: readonly number[]; readonly error: unknown };

/** Puts events on the bus and tries again with those that it refused. What comes back it refused to the end. */
export async function tryPutEvents(bus: Bus, events: readonly Put[]): Promise<Refused> {
  let left = events.map((event, position) => ({ entry: entryOf(event), position }));
  let cause: unknown;
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0 && cause === undefined; attempt += 1) {
    try {
      const refused = await bus.put(left.map(({ entry }) => entry));
      left = refused.map((position) => left[position]).filter((one) => one !== undefined);
    } catch (error) {
      cause = error;
    }
  }
  const positions = left.map(({ position }) => position);
  return { positions, error: cause ?? (positions.length > 0 && new Error(`the bus refused ${left.length} events`)) };
}

/** The same for whoever needs all of them there. Throws when some are refused to the end. */
export async function putEvents(bus: Bus, events: readonly Put[]): Promise<void> {
  const { positions, error } = await tryPutEvents(bus, events);
  if (positions.length > 0) throw error;
}
