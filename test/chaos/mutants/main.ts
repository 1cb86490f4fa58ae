import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { play } from '../part.ts';
import { Shops } from '../shops.ts';
import { MUTANTS } from './mutants.ts';

/**
 * `npm run planted -- [--only NAME] [--most RUNS] [--write]`: after how many runs each planted bug is found, as a table.
 * `--write` puts the table into docs/reliability.md. Ends with 1 when one is not found within the runs allowed to it.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, most: { type: 'string' }, write: { type: 'boolean' } },
});
const PAGE = new URL('../../../docs/reliability.md', import.meta.url);
/** Where the table stands in the page: from its head to the next empty line. */
const TABLE = /\| planted bug .*?\n(?=\n)/s;
const FIRST = 1;

const shops = new Shops();
const lines: string[] = [];
const say = (line: string): void => {
  lines.push(line);
  console.log(line);
};

say('| planted bug | found after runs | of at most | by the promise |\n| --- | ---: | ---: | --- |');
for (const { name, within, bend } of MUTANTS) {
  if (values.only && !name.includes(values.only)) continue;
  const most = Number(values.most ?? within);
  const seeds = Array.from({ length: most }, (_, i) => FIRST + i);
  const { runs, failed } = await play(seeds, { shops, bend, enough: 1, tells: 0 });
  if (failed.length === 0) process.exitCode = 1;
  say(`| ${name} | ${failed.length > 0 ? runs : 'not found'} | ${most} | ${failed[0]?.laws[0] ?? ''} |`);
}
if (values.write) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(TABLE, () => `${lines.join('\n')}\n`),
  );
}
