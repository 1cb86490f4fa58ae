import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBacktest } from '#apps/cli/backtest/run.ts';
import { loadShop } from '#apps/cli/backtest/shop.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { fromMillis } from '#shared/time/instant.ts';
import { writeLongPast } from './long-past.ts';

const JOURNEY = 'win-back';
const EVENTS = 1_000_000;
/** Parts of the play after each of which memory is looked at. */
const PARTS = 10;
const MB = 1024 * 1024;

/**
 * `tropa backtest` over a prepared file of so many events: whether memory grows with it. The file is written before the clock
 * starts, and needs about 270 MB of disk for a million.
 */
export async function run({ events = EVENTS }: { events?: number }): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-bench-'));
  try {
    const file = join(folder, 'past.jsonl');
    const { settings } = await loadShop(EXAMPLES, fromMillis(Date.now()));
    const { contacts } = writeLongPast(file, events, Object.keys(settings.topics));
    return { bench: 'stream', events, contacts, fileMB: statSync(file).size / MB, ...(await measure(file, events)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(file: string, events: number): Promise<object> {
  const memoryMB = [process.memoryUsage().rss / MB];
  const show = (_: string, done: number, total: number): void => {
    if (done / total >= memoryMB.length / PARTS) memoryMB.push(process.memoryUsage().rss / MB);
  };
  const [began, used] = [performance.now(), process.cpuUsage()];
  const request = { journey: JOURNEY, from: [file], source: 'events' } as const;
  const { json } = await runBacktest(request, { show, stop: () => {} }, fromMillis(Date.now()));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    eventsPerSecond: events / seconds,
    peakMemoryMB: process.resourceUsage().maxRSS / 1024,
    /** At the beginning, and after each tenth of the contacts. */
    memoryMB,
    entries: Reflect.get(json, 'entries'),
  };
}
