import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { BacktestRequest, BacktestResult } from '#apps/cli/commands/backtest.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { keepHeapSmall } from '#apps/local/small-heap.ts';
import { chartOf } from '#shared/backtest/chart.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import type { Instant } from '#shared/time/instant.ts';
import { costOf } from './estimate.ts';
import { playFile } from './play.ts';
import { prepareFrom } from './prepare-from.ts';
import { type Head, headOf } from './prepared.ts';
import { printBacktest } from './print.ts';
import { journeyOf, loadShop, namedBy } from './shop.ts';

/** `tropa backtest`. Throws BadInput for what its user can mend; `now` is when the folder's files are checked. */
export async function runBacktest(request: BacktestRequest, progress: Progress, now: Instant): Promise<BacktestResult> {
  keepHeapSmall();
  const { folder, id } = namedBy(request);
  const shop = await loadShop(folder, now);
  const journey = journeyOf(shop, id);
  const temporary = mkdtempSync(join(tmpdir(), 'tropa-'));
  try {
    const { file, head } = await eventsOf(request, shop, temporary, progress);
    const test = await playFile({ shop, journey, file, head, until: request.until }, progress);
    const cost = costOf(test);
    if (request.chart !== undefined) draw(request.chart, chartOf(journey, test));
    const unknown = strangers(head, shop);
    const text = [...unknown, printBacktest(journey, head, test, cost)].join('\n');
    return { json: { journey: journey.id, rows: head.rows, ...test, usd: cost }, text };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function eventsOf(
  request: BacktestRequest,
  { settings }: StoryShop,
  temporary: string,
  progress: Progress,
): Promise<{ file: string; head: Head }> {
  const { from, source, mapping, zone } = request;
  const [file = ''] = from;
  const known = existsSync(file) && statSync(file).isFile() ? await headOf(file) : undefined;
  if (known && from.length > 1) throw new BadInput(`"${basename(file)}" is a prepared file: give it alone.`);
  if (known) return { file, head: known };
  const to = request.prepare ?? join(temporary, 'events.jsonl');
  const rejectedFile = request.rejected ?? join(tmpdir(), `rejected-${source}-${basename(file)}.jsonl`);
  const topics = Object.keys(settings.topics);
  const head = await prepareFrom({ source, files: from, mapping, zone, topics, rejectedFile, to }, progress);
  return { file: to, head };
}

/** Consent is given when a file is prepared, for the topics of that day. */
function strangers({ topics }: Head, { settings }: StoryShop): string[] {
  const missing = topics.length === 0 ? [] : Object.keys(settings.topics).filter((topic) => !topics.includes(topic));
  return missing.map(
    (topic) => `Nobody has consented to "${topic}": the events were prepared without it. Prepare them again.`,
  );
}

function draw(file: string, picture: string): void {
  try {
    writeFileSync(file, picture);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${file} cannot be written: ${reason}.`, { cause: error });
  }
}
