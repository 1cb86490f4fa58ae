import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { advance } from '#functions/advance/advance.ts';
import { pause } from '#functions/pause/pause.ts';
import { review } from '#functions/review/review.ts';
import { BUS_SOURCE, type FunctionName, QUEUES, ruleWirings, STATE_MACHINE_TOKENS, STREAM } from '#functions/wiring.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { SqliteFeed } from '#shared/adapters/sqlite/feed.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import { Transactions } from '#shared/adapters/sqlite/transactions.ts';
import type { Bus, Log, Mail, Metrics } from '#shared/ports.ts';
import { askedArrival, enrolledArrival } from '#shared/source/arrival.ts';
import { RECEIPT_DAYS } from '#shared/store/events.ts';
import { Published } from '#shared/store/published.ts';
import { TemplateLibrary } from '#shared/template/library.ts';
import type { Instant } from '#shared/time/instant.ts';
import { Arrivals } from './arrivals.ts';
import { readMachine } from './asl.ts';
import { createdEntry, LOCAL_BUCKET, LocalBucket } from './bucket.ts';
import { LocalBus } from './bus.ts';
import { LocalCalls } from './calls.ts';
import { RealClock, VirtualClock } from './clock.ts';
import { CommitGroup } from './commit-group.ts';
import { makeDataFolder } from './data-folder.ts';
import { LocalExecutions } from './executions.ts';
import { consumers, type HandlerDeps, type Told } from './handlers.ts';
import { type Engagement, Inbox, type InboxOptions } from './inbox.ts';
import { Kept, Tallies } from './kept.ts';
import { Meter } from './meter.ts';
import { openState } from './open-state.ts';
import { LocalQueues } from './queues.ts';
import { Rhythm } from './rhythm.ts';
import { CONFIGURATION_SET } from './ses-events.ts';
import { filesOf, type ShopFile } from './shop-files.ts';
import { LOCAL_STATE_MACHINE } from './status-change.ts';

export type RuntimeOptions = {
  /** Where state is kept over restarts; without it all is in memory. */
  readonly dataDir?: string | undefined;
  /** Where a new runtime's clock begins; `real` for the machine's own time. */
  readonly start: Instant | 'real';
  readonly eventDays: number;
  /** Receipts without end, for a replay whose file may come again at any time. */
  readonly receiptsForEver?: boolean;
  readonly mailsPerSecond: number;
  readonly publicUrl: string;
  readonly engage?: (mail: Mail) => Engagement;
  readonly act?: InboxOptions['act'];
  readonly keepMails?: number;
  /** Decide and count mails, render none. */
  readonly dry?: boolean;
  readonly told?: Told;
  readonly log?: Log;
  readonly wrap?: Wrap;
};

/** What the use cases write to and speak with. */
export type Ports = Pick<HandlerDeps, 'table' | 'executions' | 'mailer' | 'outbox' | 'bus'>;

/** Put around the ports, and around every call of a function: for tests that let things go wrong. */
export type Wrap = {
  readonly ports: (ports: Ports) => Ports;
  readonly call: <T>(name: FunctionName, work: () => Promise<T>) => Promise<T>;
  /** The same for what the clock calls, and nobody waits for. */
  readonly scheduled: (name: FunctionName, work: () => Promise<unknown>) => Promise<unknown>;
};

const MACHINE = new URL('../../statemachines/journey.asl.json', import.meta.url);
const KEPT_MAILS = 2000;
/** What the names of endpoints' secrets begin with. */
const ENDPOINT_SECRETS = 'endpoint-';
/** The name of the secret that the shop's own events are signed with. */
const WEBHOOK_SECRET = 'webhook';
/** What the names of storefronts' secrets begin with. */
export const SOURCE_SECRETS = 'source-';
/** Nobody looks into the inbox during a replay: some of its last mails are kept whole, to see what they look like. */
export const REPLAYED_MAILS = 100;

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Everything of a deployment in one process: the same use cases, the same state machine file, the same rules. */
export type Runtime = Awaited<ReturnType<typeof openRuntime>>;

export function openRuntime(options: RuntimeOptions) {
  if (options.dataDir !== undefined) makeDataFolder(options.dataDir);
  const db = openState(options.dataDir);
  const transactions = new Transactions(db);
  const kept = new Kept(db);
  const clock = options.start === 'real' ? new RealClock() : new VirtualClock(kept.get('now') ?? options.start);
  const meter = new Meter(kept.get('meter'));
  const group = new CommitGroup(transactions, () => {
    // Nothing has been done yet at the moment that the clock has jumped to.
    kept.set('now', clock.now());
    // What was done is counted with it, or a run that was cut off would seem to cost half.
    kept.set('meter', JSON.stringify(meter.counts));
  });
  const feed = new SqliteFeed(db, STREAM.keys);
  let committed: (due: Instant | undefined) => void = () => {};
  const table = new SqliteTable(db, {
    now: () => clock.now(),
    feed,
    onUse: meter.use,
    onCommit: (due) => committed(due),
  });
  const queues = new LocalQueues({ db, clock, wirings: QUEUES, count: meter.count });
  const rules = ruleWirings({
    configurationSet: CONFIGURATION_SET,
    bucket: LOCAL_BUCKET,
    stateMachineArn: LOCAL_STATE_MACHINE.Id,
  });
  let hold = (): void => {};
  let entries = Number(kept.get('entries') ?? 0);
  const newId = (): string => String(++entries);
  const tallies = new Tallies(kept);
  const arrivals = new Arrivals();
  const shopBus = new LocalBus({ bus: 'tropa', rules, queues, clock, newId, count: meter.count });
  const bus: Bus = {
    // One commit for the count and for what lies in the queues: it is most of what taking a webhook costs.
    put: (events) =>
      transactions.join(() => {
        tallies.add('laid', events.filter(({ source }) => source === BUS_SOURCE).length);
        return shopBus.put(events);
      }),
  };
  const defaultBus = new LocalBus({ bus: 'default', rules, queues, clock, newId, count: meter.count });
  const bucket = new LocalBucket(db);
  const published = new Published(table, clock);
  const counters = new Map<string, number>();
  const metrics: Metrics = { count: (name, value = 1) => void counters.set(name, (counters.get(name) ?? 0) + value) };
  const log = options.log ?? quiet;
  const outbox = { transactional: queues.queue('transactional'), marketing: queues.queue('marketing') };
  const calls = queues.queue('calls');
  const web = new LocalCalls();
  const executions: LocalExecutions = new LocalExecutions({
    db,
    clock,
    machine: readMachine(readFileSync(MACHINE, 'utf8'), STATE_MACHINE_TOKENS),
    invoke: (name, payload) =>
      name === 'advance'
        ? call('advance', () => advance(payload, { ...ports, calls, clock, published, metrics }))
        : call('pause', () => pause(payload, { ...ports, clock })),
    random: seeded(),
    count: meter.count,
    onFailed: (entry) => void defaultBus.put([entry]),
  });
  const inbox = new Inbox({
    db,
    clock,
    bus: defaultBus,
    count: (n) => meter.count('mails', n),
    keep: options.keepMails ?? KEPT_MAILS,
    ...(options.engage && { engage: options.engage }),
    ...(options.act && { act: options.act }),
  });
  const own: Ports = { table, executions, mailer: inbox, outbox, bus };
  const ports = options.wrap?.ports(own) ?? own;
  const call: Wrap['call'] = options.wrap?.call ?? ((_, work) => work());
  const secrets = { get: async (name: string) => [secretOf(kept, options, name)] };
  const deps: HandlerDeps = {
    ...ports,
    clock,
    published,
    log,
    metrics,
    bucket,
    secrets,
    compiler: mjmlCompiler,
    calls,
    web,
    secretPrefix: ENDPOINT_SECRETS,
    walk: queues.queue('walk'),
    again: queues.queue('publish'),
    tell: queues.queue('tell'),
    retention: { eventDays: options.eventDays, ...(options.receiptsForEver ? {} : { receiptDays: RECEIPT_DAYS }) },
    templates: new TemplateLibrary(bucket),
    overflow: queues.queue('overflow'),
    linkSecretId: 'link',
    publicUrl: options.publicUrl,
    sender: 'Shop <hello@shop.example>',
    dry: options.dry ?? false,
    rate: options.mailsPerSecond,
    claimant: 'local',
  };
  queues.resume();
  for (const [name, handler] of Object.entries(
    consumers(deps, {
      ...options.told,
      duplicate: () => tallies.add('duplicates', 1),
      enrolled: (...given) => arrivals.note(enrolledArrival(...given)),
      asked: (...given) => arrivals.note(askedArrival(...given)),
      unread: (one) => arrivals.note(one),
    }),
  )) {
    const wiring = Object.values(QUEUES).find((queue) => queue.name === name);
    if (wiring) queues.consume(wiring, (messages) => call(wiring.consumer, () => handler(messages)));
  }
  executions.resume();
  const rhythm = new Rhythm({
    clock,
    table,
    feed,
    review: () => (options.wrap?.scheduled ?? call)('review', () => review(deps)),
    count: meter.count,
  });
  committed = rhythm.written;
  // In one transaction, or a killed process would know a file that it tells nobody of.
  const take = ({ key, body }: ShopFile): boolean =>
    transactions.run(() => {
      const version = bucket.store(key, body);
      if (version !== undefined) void defaultBus.put([createdEntry(key, version)]);
      return version !== undefined;
    });
  return {
    db,
    transactions,
    rhythm,
    kept,
    clock,
    table,
    queues,
    bus,
    defaultBus,
    bucket,
    published,
    executions,
    inbox,
    meter,
    counters,
    deps,
    webhookSecretId: WEBHOOK_SECRET,
    /** What pages of the shop post with. */
    writeKey: `pk_${secretOf(kept, options, 'write-key').slice(0, 32)}`,
    web,
    tallies,
    arrivals,
    /** Publishes what is new in a folder laid out like the bucket. Returns how many files were. */
    upload(folder: string): number {
      return transactions.run(() => filesOf(folder).filter(take).length);
    },
    /** Publishes one file, unless it is what the bucket has already. */
    take,
    /** Has publish look once more at a file that the bucket has. */
    tellAgain(key: string): void {
      const version = bucket.newest(key);
      if (version !== undefined) void defaultBus.put([createdEntry(key, version)]);
    },
    /** Lets time pass, noting where the clock stands, so that a killed process goes on from there. */
    async drive(until?: Instant, onJump?: (now: Instant) => void): Promise<void> {
      try {
        await clock.drive({
          ...(until !== undefined && { until }),
          onJump: (now) => {
            group.next();
            onJump?.(now);
          },
        });
        kept.set('now', clock.now());
        kept.set('entries', String(entries));
      } finally {
        group.end();
      }
    },
    /** From now on time passes by itself. */
    release(): void {
      group.end();
      hold = clock.release();
    },
    close(): void {
      hold();
      if (clock instanceof RealClock) clock.stop();
      db.close();
    },
  };
}

/** In memory the same each time, so that runs are equal; kept over restarts, a secret that nobody can guess. */
function secretOf(kept: Kept, { dataDir }: RuntimeOptions, name: string): string {
  const known = kept.get(`secret.${name}`);
  if (known !== undefined) return known;
  const secret = dataDir === undefined ? secretInMemory(name) : written(name, randomBytes(32));
  kept.set(`secret.${name}`, secret);
  return secret;
}

/** The secret of this name where nothing is kept. */
export const secretInMemory = (name: string): string =>
  written(name, createHash('sha256').update(`tropa ${name}`).digest());

/** As those who sign with it write it. */
function written(name: string, bytes: Buffer): string {
  const signs = name === WEBHOOK_SECRET || name.startsWith(ENDPOINT_SECRETS);
  return signs ? `whsec_${bytes.toString('base64')}` : bytes.toString('hex');
}

/** The name of the secret that a source signs with. */
export const sourceSecretName = (source: string): string =>
  source === 'generic' ? WEBHOOK_SECRET : `${SOURCE_SECRETS}${source}`;

/** Jitter that is the same in equal runs (mulberry32). */
function seeded(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
