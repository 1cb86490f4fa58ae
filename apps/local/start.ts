import { openProgress } from '#apps/cli/progress.ts';
import { SOURCE_NAMES } from '#shared/source/sources.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { Announcements } from './announcements.ts';
import { EXAMPLES, shopFolder } from './folder.ts';
import type { Opened } from './opened.ts';
import type { StartOptions } from './options.ts';
import { openOwnShop } from './own-shop.ts';
import { freePort, refused } from './port.ts';
import { printSummary } from './print-summary.ts';
import { noteRunning, noteStopped } from './running.ts';
import { type Runtime, sourceSecretName } from './runtime.ts';
import { playSample } from './sample/play.ts';
import { type Served, serve } from './server.ts';
import { keysIn } from './shop-files.ts';
import { keepHeapSmall } from './small-heap.ts';
import { loadStanding } from './summary.ts';
import { sweeps } from './sweeps.ts';
import { watchFolder } from './watch-folder.ts';

const HOST = '127.0.0.1';

/** `npm start`: plays the sample shop, or opens what is kept, and serves it until it is interrupted. Throws BadInput. */
export async function start(options: StartOptions): Promise<void> {
  keepHeapSmall();
  const words = options.json ? process.stderr : process.stdout;
  const said = new Announcements((text) => void words.write(text));
  const sweep = sweeps(options.catchUp, process.env, (line) => void words.write(`${line}\n`));
  const port = options.once ? options.port : await freePort(options.port, HOST);
  const { runtime, folder, known, summary } = await open(options, `http://${HOST}:${port}`, said);
  for (const key of keysIn(folder)) said.strange(key);
  // Of the shop that is made up, and of the examples, nobody has to hear each file.
  await said.open(runtime.bucket, known || (!options.sample && options.journeys !== undefined));
  words.write(`${printSummary(summary)}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (options.once) return runtime.close();
  // Whom the month that was made up would have called, nobody has to hear.
  if (options.calls !== undefined) runtime.web.aim(options.calls);
  runtime.release();
  const served = await serve(runtime, { port, host: HOST, summary: () => standing(runtime) }).catch((error) => {
    runtime.close();
    throw refused(port, error);
  });
  const unwatch = watchFolder(folder, { ...said, saved: runtime.take });
  const unsweep = options.catchUp.length > 0 ? sweep(runtime) : () => {};
  goOn(runtime, served, () => {
    unwatch();
    unsweep();
    if (options.data !== undefined) noteStopped(options.data);
  });
  for (const [source, secret] of options.secrets) {
    runtime.kept.set(`secret.${sourceSecretName(source)}`, secret);
    words.write(`\nWebhooks  POST ${served.url}/webhooks/${source}, signed with what --secret says`);
  }
  const [secret = ''] = await runtime.deps.secrets.get(runtime.webhookSecretId);
  if (options.data !== undefined) noteRunning(options.data, { url: served.url, secrets: await secretsOf(runtime) });
  if (options.calls !== undefined) words.write(await endpointsOf(runtime));
  words.write(clockOf(runtime.clock.now()));
  words.write(
    `\nInbox     ${served.url}\nEvents    POST ${served.url}/webhooks/generic, signed with ${secret}\nBrowser   <script async src="${served.url}/collect/tropa.js" data-key="${runtime.writeKey}"></script>\nJourneys  ${folder} (saved files go live)\n`,
  );
}

async function open(options: StartOptions, publicUrl: string, { published }: Announcements): Promise<Opened> {
  const { sample, seed, contacts, days, data, journeys } = options;
  const progress = openProgress(process.stderr);
  const request = { data, publicUrl, published };
  try {
    if (!sample) return await openOwnShop({ ...request, journeys }, progress);
    const folder = shopFolder(journeys ?? EXAMPLES);
    return await playSample({ ...request, seed, contacts, days, folder }, progress);
  } finally {
    progress.stop();
  }
}

/** So far clocks may differ. */
const ASIDE = 5 * 60_000;

/** A shop that was made up or kept goes on from where its clock stood; whoever posts with today's time ought to know. */
function clockOf(now: Instant): string {
  const behind = Date.now() - toMillis(now) > ASIDE;
  return behind
    ? `\nClock     In this shop it is ${now}. What is posted with a later time counts as of its arrival, and a yes in it as of unknown age: no double opt-in asks for it.`
    : '';
}

/** By source, what is signed with. */
async function secretsOf({ deps: { secrets } }: Runtime): Promise<Record<string, string>> {
  const all = SOURCE_NAMES.map(async (source) => [source, (await secrets.get(sourceSecretName(source)))[0] ?? '']);
  return Object.fromEntries(await Promise.all(all));
}

/** Whom the step `call` calls, and what its requests are signed with. */
async function endpointsOf({ published, deps: { secrets, secretPrefix } }: Runtime): Promise<string> {
  const { endpoints } = await published.settings();
  const lines = Object.entries(endpoints).map(async ([name, endpoint]) => {
    if (!('https' in endpoint)) return '';
    const [secret = ''] = await secrets.get(`${secretPrefix}${endpoint.secret}`);
    return `\nCalls     ${name}: POST ${new URL(endpoint.https).pathname}, signed with ${secret}`;
  });
  return (await Promise.all(lines)).join('');
}

/** Counters of this very moment: whoever loads the page has just done something, and looks for it there. */
async function standing(runtime: Runtime): Promise<object> {
  await runtime.rhythm.settle();
  return loadStanding(runtime.table);
}

function goOn(runtime: Runtime, served: Served, unwatch: () => void): void {
  // So that the next start goes on from here, and not from the end of the month.
  const note = (): void => runtime.kept.set('now', runtime.clock.now());
  const noted = setInterval(note, 1000);
  process.once('SIGINT', async () => {
    unwatch();
    clearInterval(noted);
    await served.close();
    note();
    runtime.close();
  });
}
