import type { Progress } from '#apps/cli/progress.ts';
import { QUEUES } from '#functions/wiring.ts';
import { type Instant, laterOf, plusMillis } from '#shared/time/instant.ts';
import { readCounts, since } from './meter.ts';
import { type Arrival, placeOf, play, rewind } from './play.ts';
import { beginCounts, countsSince } from './run-counts.ts';
import type { Runtime } from './runtime.ts';
import { loadShopCounts, meterSummary, type Summary, summariseJourneys } from './summary.ts';

/** One run: a folder of journeys, and what arrives while they are live. */
export type Run = {
  /** A folder laid out like the bucket. */
  readonly folder: string;
  /** Names the play, so that one that was cut off goes on and one that was finished begins anew. */
  readonly name: string;
  readonly arrivals: (after: number) => Iterable<Arrival>;
  readonly total: number;
  readonly until: Instant;
  readonly rows: Summary['rows'];
  readonly task: string;
  /** Whether a finished play begins anew; otherwise it stays finished, and the runtime goes on from there. */
  readonly again: boolean;
};

/** Virtual time in which files are published before anything arrives. */
export const SETTLE = 30_000;
const SHOWN_EVERY = 200;

/** Publishes, plays and counts. */
export async function carryOut(runtime: Runtime, run: Run, progress: Progress): Promise<Summary> {
  const began = performance.now();
  const { name } = run;
  const { counts } = runtime.meter;
  const metered = JSON.stringify(counts);
  // What an earlier start was killed over while it published is published first, too.
  const unpublished = runtime.upload(run.folder) + runtime.queues.waiting('publish');
  if (unpublished > 0) await runtime.drive(plusMillis(runtime.clock.now(), SETTLE));
  const until = laterOf(run.until, runtime.clock.now());
  const finished = runtime.kept.get(`finished.${name}`);
  const over = finished !== undefined && finished >= run.until;
  const goesOn = placeOf(runtime, name) > 0 && !(over && run.again);
  if (!goesOn) rewind(runtime, name);
  if (!goesOn) {
    runtime.kept.set(`meter.${name}`, metered);
    await beginCounts(runtime, name);
  }
  await play(runtime, run.arrivals(placeOf(runtime, name)), {
    name,
    until,
    onArrival: (sequence) => sequence % SHOWN_EVERY === 0 && progress.show(run.task, sequence, run.total),
  });
  await drain(runtime);
  runtime.kept.set(`finished.${name}`, run.until);
  await runtime.rhythm.settle();
  const contacts = (await loadShopCounts(runtime.table))['contacts'] ?? 0;
  return {
    rows: run.rows,
    events: await countsSince(runtime, name),
    contacts,
    journeys: await summariseJourneys(runtime.table),
    seconds: Math.round((performance.now() - began) / 10) / 100,
    meter: meterSummary(since(readCounts(runtime.kept.get(`meter.${name}`)), counts), contacts),
  };
}

const RETRY = QUEUES.enrol.visibility * 1000;
const ROUNDS = QUEUES.enrol.receives + 1;

/** Events that could not be worked on at once come again: time goes on for them until each has its place. */
async function drain(runtime: Runtime): Promise<void> {
  for (let round = 0; round < ROUNDS && runtime.queues.waiting('enrol') > 0; round += 1) {
    await runtime.drive(plusMillis(runtime.clock.now(), RETRY));
  }
}
