import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { orSayWhatIsWrong } from '#apps/cli/bad-input.ts';
import { openProgress } from '#apps/cli/progress.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { EXAMPLES } from './folder.ts';
import { printReports, printSummary } from './print-summary.ts';
import { playSample } from './sample/play.ts';
import { serve } from './server.ts';
import { keepHeapSmall } from './small-heap.ts';
import { loadStanding } from './summary.ts';

const HELP = `npm start -- [options]     Plays the sample shop's month, says what happened, and shows every mail.

  --once            play, print and exit
  --json            print the summary as one line of JSON, last on standard output
  --data DIR        keep the state there; a run that was cut off goes on where it was
  --journeys DIR    a folder with journeys/, templates/ and settings.json (default: the examples)
  --contacts N      customers of the sample shop (default 2000)
  --seed TEXT       another shop (default birch)
  --port N          of the inbox page (default 4400)
  --help`;

const OPTIONS = {
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  data: { type: 'string' },
  journeys: { type: 'string', default: EXAMPLES },
  contacts: { type: 'string', default: '2000' },
  seed: { type: 'string', default: 'birch' },
  port: { type: 'string', default: '4400' },
  help: { type: 'boolean', default: false },
} as const;

/** Milliseconds without a further change after which a file counts as saved: editors write in several goes. */
const SAVING = 200;

const { values } = parseArgs({ options: OPTIONS });
const port = Number(values.port);
const folder = resolve(values.journeys);
const words = values.json ? process.stderr : process.stdout;

if (values.help) process.stdout.write(`${HELP}\n`);
else await orSayWhatIsWrong(start);

async function start(): Promise<void> {
  keepHeapSmall();
  const progress = openProgress(process.stderr);
  const { contacts, seed, data } = values;
  let live = false;
  // While the month is played, files of one folder wait for each other; the reports at its end say what is wrong.
  const published = (report: Report): void => void (live && words.write(print(report)));
  const publicUrl = `http://localhost:${port}`;
  const request = { seed, contacts: Number(contacts), data, folder, publicUrl, published };
  const { runtime, summary } = await playSample(request, progress);
  progress.stop();
  words.write(`${await printReports(runtime.bucket)}${printSummary(summary)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (values.once) return runtime.close();
  live = true;
  runtime.release();
  // So that the next start goes on from here, and not from the end of the month.
  const noted = setInterval(() => runtime.kept.set('now', runtime.clock.now()), 1000);
  const state = () => loadStanding(runtime.table);
  const { url, close } = await serve(runtime, { port, host: '127.0.0.1', summary: state });
  let saved: NodeJS.Timeout | undefined;
  const watched = watch(folder, { recursive: true }, () => {
    clearTimeout(saved);
    saved = setTimeout(() => runtime.upload(folder), SAVING);
  });
  // What was saved while the month was played.
  runtime.upload(folder);
  process.once('SIGINT', async () => {
    watched.close();
    clearTimeout(saved);
    clearInterval(noted);
    await close();
    runtime.kept.set('now', runtime.clock.now());
    runtime.close();
  });
  const [secret = ''] = await runtime.deps.secrets.get(runtime.webhookSecretId);
  words.write(
    `\nInbox     ${url}\nEvents    POST ${url}/webhooks/generic, signed with ${secret}\nJourneys  ${folder} (saved files go live)\n`,
  );
}
