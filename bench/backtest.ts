import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playFile } from '#apps/cli/backtest/play.ts';
import { prepareFrom } from '#apps/cli/backtest/prepare-from.ts';
import { journeyOf, loadShop } from '#apps/cli/backtest/shop.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { fromMillis } from '#shared/time/instant.ts';
import { writeInvoices } from './invoices.ts';

/** Real data beside the project, where there is some. */
const RETAIL = fileURLToPath(new URL('../../shared/data/online-retail/online_retail.csv.gz', import.meta.url));
const JOURNEYS = ['win-back', 'after-purchase'];
const silent = { show: () => {}, stop: () => {} };

/**
 * Two journeys over a year of a wholesaler, each from the prepared event file to its numbers. The file is prepared before
 * the clock starts.
 */
export async function run({ file }: { file?: string }): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  try {
    const real = file ?? (existsSync(RETAIL) ? RETAIL : undefined);
    return await measure(real ?? writeInvoices(join(folder, 'invoices.csv')), folder, real);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(file: string, folder: string, real: string | undefined): Promise<object> {
  const shop = await loadShop(EXAMPLES, fromMillis(Date.now()));
  const preparing = performance.now();
  const prepared = join(folder, 'events.jsonl');
  const source = { source: 'online-retail' as const, files: [file], rejectedFile: join(folder, 'rejected.jsonl') };
  const head = await prepareFrom({ ...source, to: prepared, topics: Object.keys(shop.settings.topics) }, silent);
  const preparingSeconds = (performance.now() - preparing) / 1000;
  const journeys: Record<string, object> = {};
  const began = performance.now();
  for (const id of JOURNEYS) {
    const before = performance.now();
    const counts = await playFile({ shop, journey: journeyOf(shop, id), file: prepared, head }, silent);
    const seconds = (performance.now() - before) / 1000;
    const { entries, mails } = counts;
    journeys[id] = { seconds, eventsPerSecond: head.events / seconds, entries, mails: mails.sent };
  }
  return {
    bench: 'backtest',
    data: real ?? 'made up',
    events: head.events,
    contacts: head.contacts,
    preparingSeconds,
    seconds: (performance.now() - began) / 1000,
    peakMemoryMB: process.resourceUsage().maxRSS / 1024,
    journeys,
  };
}
