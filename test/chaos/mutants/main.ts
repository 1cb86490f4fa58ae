import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { MUTANTS } from './mutants.ts';
import type { Found } from './worker.ts';

/**
 * `npm run planted -- [--only NAME] [--most RUNS] [--workers N] [--write]`: after how many runs each planted bug is found, as a table.
 * `--write` puts the table into docs/reliability.md. Ends with 1 when one is not found within the runs allowed to it.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    most: { type: 'string' },
    workers: { type: 'string' },
    write: { type: 'boolean' },
  },
});
const PAGE = new URL('../../../docs/reliability.md', import.meta.url);
/** Where the table stands in the page: from its head to the next empty line. */
const TABLE = /\| planted bug .*?\n(?=\n)/s;

const lines: string[] = [];
const say = (line: string): void => {
  lines.push(line);
  console.log(line);
};

const wanted = MUTANTS.filter(({ name }) => name.includes(values.only ?? ''));
const found = wanted.map(() => Promise.withResolvers<Found>());
let given = 0;
for (let n = Number(values.workers ?? 1); n > 0; n -= 1) void work();

say('| planted bug | found after runs | of at most | by the promise |\n| --- | ---: | ---: | --- |');
for (const [i, { name, within }] of wanted.entries()) {
  const { runs, law } = (await found[i]?.promise) ?? { runs: 0, law: undefined };
  if (law === undefined) process.exitCode = 1;
  say(`| ${name} | ${law === undefined ? 'not found' : runs} | ${values.most ?? within} | ${law ?? ''} |`);
}

async function work(): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  for (let i = given++; i < wanted.length; i = given++) {
    const { name = '', within } = wanted[i] ?? {};
    worker.postMessage({ name, most: Number(values.most ?? within) });
    const [one] = await once(worker, 'message');
    found[i]?.resolve(one);
  }
  await worker.terminate();
}
if (values.write) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(TABLE, () => `${lines.join('\n')}\n`),
  );
}
