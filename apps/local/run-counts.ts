import * as z from 'zod';
import { PARKED_REASONS } from '#shared/event/parked-reasons.ts';
import { loadParked } from '#shared/store/parked.ts';
import type { Runtime } from './runtime.ts';
import { type EventCounts, loadShopCounts } from './summary.ts';

/**
 * What became of the events that were laid on the bus in a run. All is reckoned from what is kept (the bus, the stream's
 * counters, parked rows and dead letters) at the run's beginning and end, so that being killed in between changes nothing.
 * This notes the beginning.
 */
export async function beginCounts(runtime: Runtime, name: string): Promise<void> {
  await runtime.rhythm.settle();
  runtime.kept.set(`counts.${name}`, JSON.stringify(await standing(runtime)));
}

/** What came since the run of this name began. `derived` is the sum of the others, or something was lost. */
export async function countsSince(runtime: Runtime, name: string): Promise<EventCounts> {
  const before = standingSchema.parse(JSON.parse(runtime.kept.get(`counts.${name}`) ?? '{}'));
  const now = await standing(runtime);
  const since = (counter: string): number => (now[counter] ?? 0) - (before[counter] ?? 0);
  const types = Object.keys(now)
    .filter((counter) => counter.startsWith(EVENTS))
    .sort();
  const byType = Object.fromEntries(
    types.map((type) => [type.slice(EVENTS.length), since(type)] as const).filter(([, n]) => n > 0),
  );
  const recorded = Object.values(byType).reduce((a, b) => a + b, 0);
  const deadLetters = since('dead');
  const parked = since('parked') + deadLetters;
  return { derived: since('laid'), recorded, duplicates: since('duplicates'), parked, deadLetters, byType };
}

const EVENTS = 'events/';
const standingSchema = z.record(z.string(), z.number());

/** Everything that counts events, as it stands now. */
async function standing(runtime: Runtime): Promise<Record<string, number>> {
  const parked = await Promise.all(PARKED_REASONS.map((reason) => loadParked(runtime.table, reason)));
  return {
    ...(await loadShopCounts(runtime.table)),
    laid: runtime.tallies.of('laid'),
    duplicates: runtime.tallies.of('duplicates'),
    parked: parked.flat().length,
    dead: runtime.queues.deadLetters('enrol').length,
  };
}
