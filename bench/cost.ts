import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usd } from '#apps/local/meter.ts';
import { openRuntime, type Runtime } from '#apps/local/runtime.ts';
import { loadShopCounts, summariseJourneys } from '#apps/local/summary.ts';
import type { Event } from '#shared/event/event.ts';
import { entryOf } from '#shared/event/put.ts';
import type { Step } from '#shared/journey/journey.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { writeShop } from './shop.ts';

const CONTACTS = 10_000;
const BUYS_ONE_IN = 10;
const START: Instant = '2026-10-01T08:00:00.000Z';
const DAY = 86_400_000;
/** They come over one day, so that batches are as small as a shop of that size has them. */
const APART = DAY / CONTACTS;

/** Three mails, two waits, one wait for a purchase: three pauses. */
const STEPS: readonly Step[] = [
  { type: 'send', id: 'first', template: 'plain' },
  { type: 'wait', id: 'two-days', for: 'P2D' },
  { type: 'send', id: 'second', template: 'plain' },
  { type: 'waitFor', id: 'bought', for: { event: 'purchase' }, upTo: 'P3D' },
  { type: 'wait', id: 'one-day', for: 'P1D' },
  { type: 'send', id: 'third', template: 'plain' },
];
const PAUSES = STEPS.filter(({ type }) => type !== 'send').length;

const event = (type: string, contact: number, at: Instant): Event => ({
  id: `${type}-${contact}`,
  type,
  at,
  source: 'bench',
  identities: { email: `c${contact}@bench.example` },
  data: { total: 20 },
});

/**
 * What AWS would bill for a reference journey, counted on the laptop: each contact's registration and all that follows.
 * A tenth of the contacts buys while the journey waits for it. The mails themselves are not in the price.
 */
export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  const runtime = openRuntime({
    start: START,
    eventDays: 400,
    mailsPerSecond: 14,
    publicUrl: 'http://localhost:4400',
  });
  try {
    writeShop(folder, 'reference', STEPS);
    runtime.upload(folder);
    await runtime.drive(plusMillis(START, 60_000));
    const before = { ...runtime.meter.counts };
    await play(runtime);
    return await figures(runtime, before);
  } finally {
    runtime.close();
    rmSync(folder, { recursive: true });
  }
}

async function play(runtime: Runtime): Promise<void> {
  const { clock, bus } = runtime;
  const from = plusMillis(clock.now(), 60_000);
  const put = (type: string, contact: number, at: Instant): void => {
    clock.at(at, () => void bus.put([entryOf(event(type, contact, at))]));
  };
  for (let contact = 0; contact < CONTACTS; contact += 1) {
    const at = plusMillis(from, contact * APART);
    put('registration', contact, at);
    if (contact % BUYS_ONE_IN === 0) put('purchase', contact, plusMillis(at, 3 * DAY));
  }
  await runtime.drive(plusMillis(from, 9 * DAY));
  await runtime.rhythm.settle();
}

async function figures({ table, meter }: Runtime, before: Runtime['meter']['counts']): Promise<object> {
  const { transitions, lambda, tableRead, tableWrite, busEvents, queueRequests, mails } = meter.counts;
  const counts = {
    transitions: transitions - before.transitions,
    lambda: lambda - before.lambda,
    tableRead: tableRead - before.tableRead,
    tableWrite: tableWrite - before.tableWrite,
    busEvents: busEvents - before.busEvents,
    queueRequests: queueRequests - before.queueRequests,
    mails: mails - before.mails,
  };
  const contacts = (await loadShopCounts(table))['contacts'] ?? 0;
  const { entries = 0, finished = 0 } = (await summariseJourneys(table))['reference'] ?? {};
  const perContact = Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n / contacts]));
  const usdOf = (name: keyof typeof counts): number => (usd({ ...NOTHING, [name]: counts[name] }) / contacts) * 1e6;
  return {
    bench: 'cost',
    contacts,
    entries,
    finished,
    pauses: PAUSES,
    transitionsPerPassage: counts.transitions / entries,
    transitionsAtMost: 2 * PAUSES + 3,
    perContact,
    usdPerMillionContacts: (usd(counts, ['mails']) / contacts) * 1e6,
    usdPerMillionContactsBy: {
      transitions: usdOf('transitions'),
      lambda: usdOf('lambda'),
      tableRead: usdOf('tableRead'),
      tableWrite: usdOf('tableWrite'),
      busEvents: usdOf('busEvents'),
      queueRequests: usdOf('queueRequests'),
    },
  };
}

const NOTHING = {
  transitions: 0,
  lambda: 0,
  tableRead: 0,
  tableWrite: 0,
  busEvents: 0,
  queueRequests: 0,
  mails: 0,
} as const;
