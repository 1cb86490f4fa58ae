import { play } from '../part.ts';
import { Shops } from '../shops.ts';
import { MUTANTS } from './mutants.ts';

/** `node test/chaos/mutants/main.ts [name]`: after how many runs each planted bug is found, as the table of docs/reliability.md. */
const [wanted, most] = process.argv.slice(2);
const shops = new Shops();
const FIRST = 1;

console.log('| planted bug | found after runs | by the promise |\n| --- | ---: | --- |');
for (const { name, within, bend } of MUTANTS) {
  if (wanted && !name.includes(wanted)) continue;
  const runs = Number(most ?? within);
  const seeds = Array.from({ length: runs }, (_, i) => FIRST + i);
  const { runs: took, failed } = await play(seeds, { shops, bend, enough: 1, tells: 0 });
  if (failed.length === 0) process.exitCode = 1;
  console.log(`| ${name} | ${failed.length > 0 ? took : `not found in ${took}`} | ${failed[0]?.laws[0] ?? ''} |`);
}
