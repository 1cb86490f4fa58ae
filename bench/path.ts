import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '#apps/cli/replay/open.ts';
import { openStage } from '#apps/cli/replay/stage.ts';
import { checkedSettings, EXAMPLES } from '#apps/local/folder.ts';
import { carryOut } from '#apps/local/run.ts';
import { openRuntime, type Ports, REPLAYED_MAILS, type Runtime, type Wrap } from '#apps/local/runtime.ts';
import { keepHeapSmall } from '#apps/local/small-heap.ts';
import type { Summary } from '#apps/local/summary.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { sqliteFloor } from './floor.ts';
import { writeInvoices } from './invoices.ts';

const MINUTE = 60_000;
const SOURCE = 'online-retail';
const silent = { show: () => {}, stop: () => {} };

/** Transactions of the table that succeeded, and the rows that they wrote. */
type Written = { transactions: number; rows: number };

/**
 * The whole path in one process: events lie on the bus, where ingest puts them, and every mail is rendered and answered.
 * Played like `tropa replay online-retail`, on invoices that are made up unless a file is named. The file is staged
 * before the clock starts. Compared with SQLite alone doing as many transactions of as many rows of that size.
 */
export async function run({ file }: { file?: string }): Promise<object> {
  keepHeapSmall();
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  try {
    return await measure(file ?? writeInvoices(join(folder, 'invoices.csv')), folder, file === undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(file: string, folder: string, generated: boolean): Promise<object> {
  const stage = openStage(join(folder, 'replay.db'));
  const options = { topics: Object.keys(checkedSettings(EXAMPLES).topics), rejectedFile: join(folder, 'rejected.csv') };
  const source = await openSource(SOURCE, [file], { ...options, zone: undefined, mapping: undefined });
  const staging = performance.now();
  const { rows, fingerprint } = await source.stage(stage, () => {});
  const stagingSeconds = (performance.now() - staging) / 1000;
  const span = source.span(stage);
  if (!span) throw new Error(`no row of ${file} could be used`);
  const written: Written = { transactions: 0, rows: 0 };
  const runtime = openRuntime({
    dataDir: folder,
    start: plusMillis(span.first, -MINUTE),
    eventDays: 400,
    receiptsForEver: true,
    mailsPerSecond: 100,
    keepMails: REPLAYED_MAILS,
    publicUrl: 'http://localhost:4400',
    wrap: counting(written),
  });
  const before = process.cpuUsage();
  const summary = await carryOut(
    runtime,
    {
      folder: EXAMPLES,
      name: fingerprint,
      arrivals: function* (after) {
        for (const { sequence, event } of source.events(stage, after))
          yield { sequence, at: event.at, detail: event, type: event.type };
      },
      total: source.countEvents(stage),
      until: span.last,
      rows,
      task: 'playing',
      again: true,
    },
    silent,
  );
  const { user, system } = process.cpuUsage(before);
  const figures = figuresOf(summary, (user + system) / 1e6, written, runtime);
  stage.close();
  runtime.close();
  return { bench: 'path', data: generated ? 'made up' : file, route: 'bus', stagingSeconds, ...figures };
}

function figuresOf(summary: Summary, cpuSeconds: number, { transactions, rows }: Written, { db }: Runtime): object {
  const { seconds, contacts, meter } = summary;
  const events = summary.events.derived;
  // Before the floor is laid, which holds all its rows in memory.
  const peakMemoryMB = process.resourceUsage().maxRSS / 1024;
  const journeys = Object.values(summary.journeys).reduce((n, one) => n + one.entries - one.inside - one.held, 0);
  const bytesPerRow = Number(db.prepare('SELECT avg(length(body)) AS bytes FROM rows').get()?.['bytes']);
  const writesPerTransaction = rows / transactions;
  const floor = sqliteFloor({
    transactions,
    writesPerTransaction: Math.round(writesPerTransaction),
    bytesPerRow: Math.round(bytesPerRow),
  });
  return {
    events,
    contacts,
    mails: meter.mails,
    journeys,
    seconds,
    eventsPerSecond: events / seconds,
    contactsPerSecond: contacts / seconds,
    cpuSecondsPer1000Events: (cpuSeconds / events) * 1000,
    cpuSecondsPer1000Journeys: (cpuSeconds / journeys) * 1000,
    peakMemoryMB,
    transactions,
    writesPerTransaction,
    bytesPerRow,
    floorSeconds: floor,
    shareOfFloor: { memory: floor.memory / seconds, file: floor.file / seconds },
  };
}

function counting(written: Written): Wrap {
  const ports = (own: Ports): Ports => ({ ...own, table: counted(own.table, written) });
  return { ports, call: (_, work) => work(), scheduled: (_, work) => work() };
}

const counted = (table: Table, written: Written): Table => ({
  get: (key, options) => table.get(key, options),
  batchGet: (keys) => table.batchGet(keys),
  query: (range) => table.query(range),
  queryIndex: (range) => table.queryIndex(range),
  async write(write) {
    const row = await table.write(write);
    written.transactions += 1;
    written.rows += 1;
    return row;
  },
  async transact(writes) {
    await table.transact(writes);
    written.transactions += 1;
    written.rows += writes.filter(({ kind }) => kind !== 'check').length;
  },
});
