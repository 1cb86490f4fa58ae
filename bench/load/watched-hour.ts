import { play } from '#apps/local/play.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import { act, readers } from '#apps/local/sample/readers.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type BusyHour, busyHour, HOUR, idOf, OPENS } from './busy-hour.ts';
import { type Demand, reckon } from './demand.ts';
import { ingestWork } from './ingest-work.ts';
import { openLaptop, playPast } from './laptop.ts';
import { nothing, type Use } from './use.ts';
import { Watcher } from './watch.ts';

/** How long things go on after the hour: carts come to rest, mails are read. */
const AFTER = 2.5 * HOUR;

/** Plays a busy hour of so many events with the sample shop's journeys, on the laptop, and watches it. */
export async function demandOf(events: number): Promise<Demand> {
  const hour = busyHour(events);
  const ingested = await ingestWork();
  const tallied: Use[] = [];
  const types = new Map(hour.hour.map(({ detail, type }) => [idOf(detail), type]));
  const watcher: Watcher = new Watcher(
    () => runtime.meter.counts,
    (id) => types.get(id),
  );
  const runtime = openFor(hour, watcher);
  try {
    await playPast(runtime, hour.past);
    const before = { ...runtime.meter.counts };
    timeTally(runtime, tallied);
    watcher.on = true;
    await play(runtime, hour.hour, { name: 'hour', until: plusMillis(OPENS, HOUR + AFTER) });
    await runtime.rhythm.settle();
    const transitions = runtime.meter.counts.transitions - before.transitions;
    const mails = runtime.meter.counts.mails - before.mails;
    const dead = runtime.queues.deadLetters('enrol').length;
    if (dead > 0) throw new Error(`${dead} events of the busy hour could not be recorded`);
    return reckon({ events, contacts: hour.past.length, seen: watcher.seen, ingested, tallied, transitions, mails });
  } finally {
    runtime.close();
  }
}

function openFor({ shop }: BusyHour, watcher: Watcher): Runtime {
  const addresses = new Set(shop.people.flatMap(({ identities }) => identities.email?.toLowerCase() ?? []));
  const runtime: Runtime = openLaptop({
    engage: readers(addresses),
    act: (what, mail) => act(what, mail, runtime),
    wrap: watcher.wrap,
  });
  return runtime;
}

/** The CPU time of counting; its records are those that others have written. */
function timeTally({ rhythm }: Runtime, tallied: Use[]): void {
  const settle = rhythm.settle.bind(rhythm);
  rhythm.settle = async () => {
    const before = process.cpuUsage();
    await settle();
    const { user, system } = process.cpuUsage(before);
    tallied.push({ ...nothing(), cpu: (user + system) / 1000 });
  };
}
