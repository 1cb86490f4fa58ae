import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { ReplayRequest, ReplayResult } from '#apps/cli/commands/replay.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { openSource } from '#apps/cli/replay/open.ts';
import { openStage } from '#apps/cli/replay/stage.ts';
import type { StagedEvent } from '#apps/cli/replay/staged-events.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { devote, makeDataFolder } from './data-folder.ts';
import { checkedSettings, EXAMPLES } from './folder.ts';
import { notRead } from './misplaced.ts';
import type { Arrival } from './play.ts';
import { printReports, printSummary } from './print-summary.ts';
import { carryOut } from './run.ts';
import { openRuntime, REPLAYED_MAILS } from './runtime.ts';
import { keysIn } from './shop-files.ts';
import { keepHeapSmall } from './small-heap.ts';
import { USUAL_URL } from './with-state.ts';

const EVENT_DAYS = 400;
const MINUTE = 60_000;

/** Plays a file of a shop's past through journeys: `tropa replay`. Throws BadInput for what its user can mend. */
export async function runReplay(request: ReplayRequest, progress: Progress): Promise<ReplayResult> {
  keepHeapSmall();
  const temporary = request.data === undefined ? mkdtempSync(join(tmpdir(), 'tropa-')) : undefined;
  const dir = request.data ?? temporary ?? '';
  makeDataFolder(dir);
  const stage = openStage(join(dir, 'replay.db'));
  try {
    return await playStaged(request, dir, progress, stage);
  } finally {
    stage.close();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
}

async function playStaged(
  request: ReplayRequest,
  dir: string,
  progress: Progress,
  stage: ReturnType<typeof openStage>,
): Promise<ReplayResult> {
  const folder = request.journeys ?? EXAMPLES;
  const { zone, mapping, rejectedFile } = request;
  const topics = Object.keys(checkedSettings(folder).topics);
  const source = await openSource(request.source, request.files, { topics, rejectedFile, zone, mapping });
  const { rows, fingerprint } = await source.stage(stage, (task, done, total) => progress.show(task, done, total));
  const span = source.span(stage);
  if (!span) throw new BadInput(`No row of ${request.files.join(', ')} could be used: see ${rejectedFile}.`);
  const runtime = openRuntime({
    // A file in any case: what a long past leaves behind does not fit into memory.
    dataDir: dir,
    start: plusMillis(span.first, -MINUTE),
    eventDays: EVENT_DAYS,
    receiptsForEver: true,
    mailsPerSecond: 100,
    keepMails: REPLAYED_MAILS,
    publicUrl: USUAL_URL,
    dry: request.dry,
  });
  try {
    devote(runtime, dir, { shop: 'replay', folder: resolve(folder) });
    const run = {
      folder,
      name: fingerprint,
      arrivals: (after: number) => arrivalsOf(source.events(stage, after)),
      total: source.countEvents(stage),
      until: request.until ?? span.last,
      rows,
      task: 'playing',
      again: true,
    };
    const summary = await carryOut(runtime, run, progress);
    const astray = keysIn(folder).map((key) => notRead(key) ?? '');
    const said = [...astray, await printReports(runtime.bucket), printSummary(summary, request), inboxOf(request)];
    return { json: summary, text: said.join('') };
  } finally {
    runtime.close();
  }
}

const inboxOf = ({ data, dry }: ReplayRequest): string =>
  data === undefined || dry ? '' : `\n\nIts mails: npm start -- --no-sample --data ${data}`;

function* arrivalsOf(events: Iterable<StagedEvent>): Generator<Arrival> {
  for (const { sequence, event } of events) yield { sequence, at: event.at, detail: event, type: event.type };
}
