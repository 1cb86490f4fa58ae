import type { Bus, Log, Metrics, Queue } from '#shared/ports.ts';
import { type Put, putEvents } from './put.ts';

export type KeepDeps = {
  readonly bus: Bus;
  /** Takes what the bus refuses; ingest brings it back to the bus from there. */
  readonly overflow: Queue;
  readonly log: Log;
  readonly metrics: Metrics;
};

/**
 * For whoever answers the public, who may not come again: puts events on the bus, or else into the overflow queue. Throws
 * when neither takes them.
 */
export async function keepEvents(events: readonly Put[], { bus, overflow, log, metrics }: KeepDeps): Promise<void> {
  try {
    await putEvents(bus, events);
  } catch (refused) {
    metrics.count('BusRefused', events.length);
    log.error('the bus refused events; they go to the overflow queue', { events: events.length }, refused);
    // Those that the bus did take come twice; an event counts once.
    await overflow.send(events);
  }
}
