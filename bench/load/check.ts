import { AsyncLocalStorage } from 'node:async_hooks';
import { EXAMPLES } from '#apps/local/folder.ts';
import { play } from '#apps/local/play.ts';
import { openRuntime, type Ports, type Runtime } from '#apps/local/runtime.ts';
import type { Table } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';
import { plusMillis, toMillis } from '#shared/time/instant.ts';
import { TokenBucket } from './bucket.ts';
import { BY_BROWSER, busyHour, OPENS, START } from './busy-hour.ts';
import type { Demand } from './demand.ts';
import type { Deployed } from './deployed.ts';
import { type Profile, rateAt } from './hour.ts';
import { plantOf } from './plant.ts';
import { QUOTAS } from './quotas.ts';
import { simulate } from './simulate.ts';
import { latencyOf, quantile } from './work.ts';

/** Times that everything is smaller: fewer events a second, and as many times slower answers of AWS. */
const SMALLER = 200;
const PROFILE: Profile = {
  seconds: 300,
  base: 2.5,
  burst: 50,
  burstSeconds: 60,
  bursts: [60],
  byBrowser: BY_BROWSER,
};
/** Less than is asked for, so that hints are throttled, fail and come again. */
const STARTS = { perSecond: 0.3, burst: 6 };
/** What the client of AWS does with a throttled call: as shared/adapters/aws/api.ts. */
const [ATTEMPTS, PAUSE] = [4, 117];
const LASTS = 3600;
/** The model may be so far from what was played, of the larger. */
const TOLERANCE = 0.15;

type Figures = {
  /** Events that had come and were not recorded, at most. */
  readonly peak: number;
  readonly p50: number;
  readonly p99: number;
  readonly drainedAfter: number;
  readonly starts: number;
  readonly dead: number;
};

/** The laptop with the same limits imposed, at a small scale, beside the model of it. Throws when they tell two stories. */
export async function check(demand: Demand, deployed: Deployed): Promise<{ played: Figures; simulated: Figures }> {
  const [played, simulated] = [await playSmall(), simulateSmall(demand, deployed)];
  for (const name of ['peak', 'p50', 'p99', 'drainedAfter', 'starts'] as const) {
    const [one, other] = [played[name], simulated[name]];
    if (Math.abs(one - other) > TOLERANCE * Math.max(one, other))
      throw new Error(
        `the model does not hold: ${name} is ${one} on the laptop and ${other} in the model. Were fewer than 1,000 events watched (--events)?`,
      );
  }
  if (played.dead + simulated.dead > 0) throw new Error(`${played.dead} events died on the laptop`);
  return { played, simulated };
}

/** When each event comes, in milliseconds. */
function momentsOf(profile: Profile): number[] {
  const moments: number[] = [];
  let owed = 0;
  for (let second = 0; second < profile.seconds; second += 1) {
    owed += rateAt(profile, second);
    const n = Math.floor(owed);
    owed -= n;
    for (let i = 0; i < n; i += 1) moments.push((second + i / n) * 1000);
  }
  return moments;
}

async function playSmall(): Promise<Figures> {
  const moments = momentsOf(PROFILE);
  const { past, hour } = busyHour(moments.length, moments);
  const recorded = new Map<string, number>();
  const enrolling = new AsyncLocalStorage<true>();
  const limits = { on: false, starts: 0 };
  const runtime: Runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 1000,
    publicUrl: 'http://localhost:4400',
    keepMails: 0,
    wrap: {
      ports: (ports) =>
        limited(
          ports,
          () => runtime.clock,
          recorded,
          () => limits.on && enrolling.getStore() === true,
          limits,
        ),
      call: (name, work) => (name === 'enrol' ? enrolling.run(true, work) : enrolling.exit(work)),
      scheduled: (_, work) => enrolling.exit(work),
    },
  });
  try {
    runtime.upload(EXAMPLES);
    await runtime.drive(plusMillis(START, 30_000));
    await play(runtime, past, { name: 'past', until: OPENS });
    limits.on = true;
    await play(runtime, hour, { name: 'hour', until: plusMillis(OPENS, LASTS * 1000) });
    const opens = toMillis(OPENS);
    const done = hour.map(({ detail, at }) => {
      const id = 'id' in detail ? String(detail.id) : '';
      return { came: (toMillis(at) - opens) / 1000, recorded: ((recorded.get(id) ?? Number.NaN) - opens) / 1000 };
    });
    const unrecorded = done.filter((one) => Number.isNaN(one.recorded)).length;
    if (unrecorded > 0) throw new Error(`${unrecorded} events were not recorded on the laptop`);
    return { ...figuresOf(done), starts: limits.starts, dead: runtime.queues.deadLetters('enrol').length };
  } finally {
    runtime.close();
  }
}

function figuresOf(done: readonly { readonly came: number; readonly recorded: number }[]) {
  const waits = done.map(({ came, recorded }) => recorded - came);
  const backlog = Array.from({ length: LASTS }, (_, second) =>
    done.reduce((n, { came, recorded }) => n + Number(came <= second && recorded > second), 0),
  );
  return {
    peak: Math.max(...backlog),
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    drainedAfter: drained(backlog),
  };
}

/** When a backlog was last above a tenth of its peak. */
function drained(backlog: readonly number[]): number {
  const peak = Math.max(...backlog);
  return backlog.findLastIndex((n) => n > peak / 10);
}

function limited(
  ports: Ports,
  clock: () => Runtime['clock'],
  recorded: Map<string, number>,
  isSlow: () => boolean,
  limits: { on: boolean; starts: number },
): Ports {
  const { table, executions } = ports;
  const slowly = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    if (isSlow()) await clock().sleep(latencyOf(call) * SMALLER);
    return work();
  };
  const bucket = new TokenBucket(STARTS);
  let filled = toMillis(OPENS);
  const take = (): boolean => {
    const now = clock().millis();
    bucket.fill((now - filled) / 1000);
    filled = now;
    return bucket.take(1) === 1;
  };
  const slow: Table = {
    get: (key, options) => slowly('get', () => table.get(key, options)),
    batchGet: (keys) => slowly('batchGet', () => table.batchGet(keys)),
    query: (range) => slowly('query', () => table.query(range)),
    queryIndex: (range) => table.queryIndex(range),
    write: (write) => slowly('write', () => table.write(write)),
    async transact(writes) {
      await slowly('transact', () => table.transact(writes));
      const receipt = writes.map(keyOf).find(({ pk }) => pk.startsWith('R#'));
      if (receipt) recorded.set(receipt.pk.slice(2), clock().millis());
    },
  };
  return {
    ...ports,
    table: slow,
    executions: {
      async start(...given) {
        if (!isSlow()) {
          // Review starts what enrol could not, after some minutes.
          limits.starts += Number(limits.on);
          return executions.start(...given);
        }
        await clock().sleep(latencyOf('startExecution') * SMALLER);
        for (let attempt = 1; !take(); attempt += 1) {
          if (attempt === ATTEMPTS) throw new Error('ThrottlingException: rate exceeded');
          await clock().sleep(PAUSE);
        }
        limits.starts += 1;
        return executions.start(...given);
      },
      succeed: (...given) => slowly('sendTask', () => executions.succeed(...given)),
      fail: (...given) => slowly('sendTask', () => executions.fail(...given)),
    },
  };
}

/** The model, told of the same limits. What is not slowed on the laptop takes no time here. */
function simulateSmall(demand: Demand, deployed: Deployed): Figures {
  const [quotas] = QUOTAS;
  if (!quotas) throw new Error('there are no quotas');
  const endless = { perSecond: 1e6, burst: 1e6 };
  const waits = Object.entries(demand.work.enrol.calls).reduce(
    (sum, [call, n]) => sum + (call === 'putEvents' ? 0 : n * latencyOf(call)),
    0,
  );
  const plant = {
    ...plantOf(quotas, deployed, demand, 1),
    ...{ door: endless, bus: endless, sendTask: endless, transitions: endless, lambdas: 1e6, tableWrites: 1e9 },
    ...{ mailsPerSecond: 1e4, mailsPerDay: 1e9, startExecution: STARTS },
    ingest: { seconds: 0, units: 0 },
    enrol: { seconds: (waits * SMALLER) / 1000, units: 0 },
  };
  const backlog: number[] = [];
  const { recording } = simulate(plant, PROFILE, {
    most: LASTS,
    onStep: (now, { recording: { waiting } }) => {
      const second = Math.floor(now);
      backlog[second] = Math.max(backlog[second] ?? 0, waiting);
    },
  });
  const { p50, p99 } = recording.latency.told;
  const [starts, dead] = [recording.started, recording.dead.events + recording.dead.hints];
  return { peak: Math.max(...backlog), p50, p99, drainedAfter: drained(backlog), starts, dead };
}
