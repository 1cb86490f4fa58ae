import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { openProgress } from '#apps/cli/progress.ts';
import { added, NOTHING, type Part } from './part.ts';

/**
 * `npm run chaos -- --runs N [--seed S] [--from SEED] [--seconds T] [--json]`: plays N worlds, each from a seed of its own, and
 * says which promises they broke. `--seed` plays one and tells its story; `--from` goes on where an earlier part ended. A
 * first Ctrl-C ends it where the stretches under way end, and it says what it has seen.
 */
const USAGE =
  'npm run chaos -- [--runs N] [--from SEED] [--seconds T] [--workers W] [--json], or --seed SEED for one world';
const wrong = (what: string): never => {
  console.error(`${what}\n${USAGE}`);
  process.exit(2);
};

const { values } = parsed({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    seconds: { type: 'string' },
    workers: { type: 'string' },
    json: { type: 'boolean' },
  },
});

const STRETCH = 25;
/** Nearly everything of a world is gone after it: with this much room little of it is ever looked at. */
const YOUNG = { maxYoungGenerationSizeMb: 96 } as const;
const numberOf = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  return wrong(`--${name} takes a whole number, not "${text}".`);
};

const isOne = values.seed !== undefined;
/** Other seeds each time, unless somebody names one. */
const first = numberOf('from', values.seed ?? values.from, Math.floor(Math.random() * 2 ** 40));
const wanted = isOne ? 1 : numberOf('runs', values.runs, values.seconds === undefined ? 1000 : Number.MAX_SAFE_INTEGER);
const seconds = numberOf('seconds', values.seconds, Number.MAX_SAFE_INTEGER);
const workers = Math.min(numberOf('workers', values.workers, availableParallelism()), Math.ceil(wanted / STRETCH));

if (wanted === 0) wrong('--runs takes a number from 1 on.');
if (isOne && (values.runs ?? values.from ?? values.seconds) !== undefined)
  wrong('--seed plays one world and stands alone.');

const began = performance.now();
const passed = (): number => (performance.now() - began) / 1000;
const progress = openProgress(process.stderr);
let given = 0;
let total: Part = NOTHING;
let isStopped = false;
process.once('SIGINT', () => {
  isStopped = true;
});

show();
await Promise.all(Array.from({ length: workers }, () => work()));
progress.stop();
report();

async function work(): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: YOUNG });
  try {
    for (let stretch = next(); stretch; stretch = next()) {
      const part = await ask(worker, stretch);
      total = added(total, part);
      show();
    }
  } finally {
    await worker.terminate();
  }
}

/** By worlds, or by seconds where these will end it. */
function show(): void {
  const told = total.failed.length > 0 ? `, ${total.failed.length} broke a promise` : '';
  if (values.seconds === undefined) progress.show(`worlds${told}`, total.runs, wanted);
  else progress.show(`worlds${told}`, Math.min(passed(), seconds), seconds);
}

/** Seeds are given out in their order, so that a part that was cut off ends at one seed. */
function next(): { from: number; runs: number } | undefined {
  if (isStopped || given >= wanted || passed() >= seconds) return undefined;
  const runs = Math.min(STRETCH, wanted - given);
  const stretch = { from: first + given, runs };
  given += runs;
  return stretch;
}

function ask(worker: Worker, stretch: { from: number; runs: number }): Promise<Part> {
  return new Promise((resolve, reject) => {
    const done = (part: Part): void => {
      worker.off('error', reject);
      resolve(part);
    };
    worker.once('message', done);
    worker.once('error', reject);
    worker.postMessage(stretch);
  });
}

function report(): void {
  const took = passed();
  const { failed, ...counts } = total;
  const said = {
    ...counts,
    violations: failed.length,
    seed: first,
    next: first + given,
    seconds: Math.round(took * 10) / 10,
    perSecond: Math.round((total.runs / took) * 10) / 10,
  };
  if (values.json) console.log(JSON.stringify({ ...said, ...(failed.length > 0 && { failed }) }));
  else {
    for (const { seed, laws, story } of failed) console.log(story || `Seed ${seed}: ${laws.join('; ')}`);
    console.log(
      `${said.runs} runs from seed ${said.seed} on: ${said.violations} violations. ${said.events} events, ${said.faults} faults, ` +
        `${said.passages} passages, ${said.mails} mails; ${said.seconds} s, ${said.perSecond} runs/s. Go on with --from ${said.next}.`,
    );
  }
  if (failed.length > 0) process.exitCode = 1;
}

function parsed<const T extends NonNullable<Parameters<typeof parseArgs>[0]>>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
