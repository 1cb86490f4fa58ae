import { EXAMPLES } from '#apps/local/folder.ts';
import { play } from '#apps/local/play.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { act, readers } from '#apps/local/sample/readers.ts';
import { ingest } from '#functions/ingest/ingest.ts';
import type { FunctionName } from '#functions/wiring.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { orderDelivery } from '../shopify-orders.ts';
import { type BusyHour, busyHour, HOUR, OPENS, START } from './busy-hour.ts';
import { type Use, Watcher } from './watch.ts';
import { quantile, type Work, workOf } from './work.ts';

/** What a kind of event asks for when it is recorded. */
export type Kind = {
  readonly n: number;
  readonly writeUnits: { readonly mean: number; readonly p50: number; readonly p99: number; readonly most: number };
  readonly calls: number;
  readonly starts: number;
  readonly wakes: number;
};

/** What a busy hour asks of AWS, as the real functions were seen to ask it. */
export type Demand = {
  readonly events: number;
  readonly contacts: number;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** By event, turn, pause, mail, word of SES, due row and record of the stream. */
  readonly work: Readonly<
    Record<'ingest' | 'enrol' | 'advance' | 'pause' | 'send' | 'track' | 'review' | 'tally', Work>
  >;
  readonly perEvent: {
    readonly starts: number;
    readonly wakes: number;
    readonly dueRows: number;
    readonly records: number;
  };
  readonly perRow: { readonly starts: number };
  readonly perTurn: {
    readonly transactional: number;
    readonly marketing: number;
    readonly pauses: number;
    readonly transitions: number;
  };
  /** Turns for each start and each wake. */
  readonly turns: number;
  /** What SES says of each mail, within the hours that were watched. */
  readonly wordsPerMail: number;
  /** Writes to the rows that contacts share, for each event. */
  readonly shared: Readonly<Record<string, number>>;
};

/** How long things go on after the hour: carts come to rest, mails are read. */
const AFTER = 2.5 * HOUR;
const INGESTED = 1000;

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
  const runtime: Runtime = openFor(hour, watcher);
  try {
    runtime.upload(EXAMPLES);
    await runtime.drive(plusMillis(START, 30_000));
    await play(runtime, hour.past, { name: 'past', until: OPENS });
    const before = { ...runtime.meter.counts };
    timeTally(runtime, tallied);
    watcher.on = true;
    await play(runtime, hour.hour, { name: 'hour', until: plusMillis(OPENS, HOUR + AFTER) });
    await runtime.rhythm.settle();
    const transitions = runtime.meter.counts.transitions - before.transitions;
    const mails = runtime.meter.counts.mails - before.mails;
    const dead = runtime.queues.deadLetters('enrol').length;
    if (dead > 0) throw new Error(`${dead} events of the busy hour could not be recorded`);
    return reckon({ events, contacts: hour.past.length, watcher, ingested, tallied, transitions, mails });
  } finally {
    runtime.close();
  }
}

const idOf = (detail: object): string => ('id' in detail ? String(detail.id) : '');

function openFor({ shop }: BusyHour, watcher: Watcher): Runtime {
  const addresses = new Set(shop.people.flatMap(({ identities }) => identities.email?.toLowerCase() ?? []));
  const runtime: Runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 1000,
    publicUrl: 'http://localhost:4400',
    keepMails: 0,
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
    tallied.push({ calls: {}, writeUnits: 0, shared: {}, records: 0, put: {}, rows: 0, cpu: (user + system) / 1000 });
  };
}

async function ingestWork(): Promise<Work> {
  const secret = 'whsec_bG9hZA==';
  const now = START;
  const deps = {
    clock: { now: () => now, sleep: async () => {} },
    bus: { put: async () => [] },
    overflow: { send: async () => {} },
    secrets: { get: async () => [secret] },
    secretId: 'webhook',
    sourceSecrets: 'source-',
    log: { info: () => {}, warn: () => {}, error: () => {} },
    metrics: { count: () => {} },
  };
  const posted = Array.from({ length: 2 * INGESTED }, (_, n) => orderDelivery(n, secret, new Date(now)));
  const post = async (part: typeof posted): Promise<void> => {
    for (const { headers, body } of part) {
      const requestContext = { http: { method: 'POST' } };
      const request = { headers, body, isBase64Encoded: false, pathParameters: { source: 'shopify' }, requestContext };
      const { statusCode } = await ingest(request, deps);
      if (statusCode !== 200) throw new Error(`ingest answered with ${statusCode}`);
    }
  };
  await post(posted.slice(INGESTED));
  const before = process.cpuUsage();
  await post(posted.slice(0, INGESTED));
  const { user, system } = process.cpuUsage(before);
  return { n: INGESTED, calls: { putEvents: 1 }, writeUnits: 0, records: 0, cpu: (user + system) / 1000 / INGESTED };
}

type Watched = {
  readonly events: number;
  readonly contacts: number;
  readonly watcher: Watcher;
  readonly ingested: Work;
  readonly tallied: readonly Use[];
  readonly transitions: number;
  readonly mails: number;
};

function reckon({ events, contacts, watcher: { seen }, ingested, tallied, transitions, mails }: Watched): Demand {
  const of = (name: FunctionName): readonly Use[] => seen.functions.get(name) ?? [];
  const called = (uses: readonly Use[], call: string): number =>
    uses.reduce((sum, { calls }) => sum + (calls[call] ?? 0), 0);
  const put = (uses: readonly Use[], lane: string): number => uses.reduce((sum, use) => sum + (use.put[lane] ?? 0), 0);
  const recorded = [...seen.events.values()].flat();
  const [advanced, paused, reviewed] = [of('advance'), of('pause'), of('review')];
  const rows = reviewed.reduce((sum, use) => sum + use.rows, 0);
  const hints = ['enrol', 'track', 'send', 'call', 'review'] as const;
  const moved = hints.reduce((sum, name) => sum + called(of(name), 'startExecution') + called(of(name), 'sendTask'), 0);
  const all = [...seen.functions.values()].flat();
  const records = all.reduce((sum, use) => sum + use.records, 0);
  const cpu = tallied.reduce((sum, use) => sum + (use.cpu ?? 0), 0);
  const shared: Record<string, number> = {};
  for (const use of all) for (const [pk, n] of Object.entries(use.shared)) shared[pk] = (shared[pk] ?? 0) + n / events;
  return {
    events,
    contacts,
    kinds: Object.fromEntries([...seen.events].map(([type, uses]) => [type, kindOf(uses)])),
    work: {
      ingest: ingested,
      enrol: { ...workOf(recorded), cpu: workOf(of('enrol')).cpu * (of('enrol').length / recorded.length) },
      advance: workOf(advanced),
      pause: workOf(paused),
      send: workOf(of('send'), ({ calls }) => calls['mail'] ?? 0),
      track: workOf(of('track')),
      review: workOf(reviewed.map(ofRows), (use) => use.rows),
      tally: { n: records, calls: {}, writeUnits: 0, records: 0, cpu: cpu / records },
    },
    perEvent: {
      starts: called(recorded, 'startExecution') / events,
      wakes: called(recorded, 'sendTask') / events,
      dueRows: rows / events,
      records: records / events,
    },
    perRow: { starts: called(reviewed, 'startExecution') / Math.max(1, rows) },
    perTurn: {
      transactional: put(advanced, 'transactional') / advanced.length,
      marketing: put(advanced, 'marketing') / advanced.length,
      pauses: paused.length / advanced.length,
      transitions: transitions / advanced.length,
    },
    turns: advanced.length / Math.max(1, moved),
    wordsPerMail: of('track').length / Math.max(1, mails),
    shared,
  };
}

/** Each run asks every shard once, however many rows there are. */
const ofRows = ({ calls: { queryIndex: _, ...calls }, ...use }: Use): Use => ({ ...use, calls });

function kindOf(uses: readonly Use[]): Kind {
  const units = uses.map(({ writeUnits }) => writeUnits);
  const { calls, writeUnits } = workOf(uses);
  return {
    n: uses.length,
    writeUnits: { mean: writeUnits, p50: quantile(units, 0.5), p99: quantile(units, 0.99), most: Math.max(...units) },
    calls: Object.values(calls).reduce((a, b) => a + b, 0),
    starts: calls['startExecution'] ?? 0,
    wakes: calls['sendTask'] ?? 0,
  };
}
