import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXPLAINED } from './explained.ts';
import { alive, counted, reasonOf, score, table, withRow } from './report.ts';
import { type Mutant, run } from './run.ts';
import { codeLines, sampled } from './sample.ts';

/**
 * `npm run mutants -- FOLDER... [--sample LINES [--seed S]] [--anew] [--json] [--write]`: changes the code of each folder in a
 * thousand small ways and shows which of them no test notices. `--sample` takes the changes within so many lines of a folder, the
 * same ones for the same seed, `--anew` asks what was asked before once more, `--write` puts the folder's figures into docs/mutation.md.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    anew: { type: 'boolean', default: false },
    json: { type: 'boolean' },
    write: { type: 'boolean' },
  },
});
const PAGE = new URL('../../docs/mutation.md', import.meta.url);

for (const name of positionals) {
  const folder = name.replace(/\/$/, '');
  const all = globSync(`${folder}/**/*.ts`, { exclude: ['**/handler.ts', 'shared/adapters/**', 'shared/schemas/**'] });
  const lines = all.flatMap((file) => codeLines(file, readFileSync(file, 'utf8')));
  const drawn = values.sample === undefined ? undefined : sampled(lines, Number(values.sample), values.seed);
  const places = drawn?.map(({ file, line }) => `${file}:${line}-${line}`);
  const mutants = await run(folder, places ?? all, values.anew);
  const counts = counted(mutants);
  const survivors = mutants
    .filter(alive)
    .map((mutant) => ({ ...mutant, why: reasonOf(mutant, lineOf(mutant), EXPLAINED) }));
  const explained = survivors.filter(({ why }) => why !== undefined).length;
  if (values.json) {
    console.log(
      JSON.stringify({
        folder,
        lines: drawn?.length ?? lines.length,
        of: lines.length,
        ...counts,
        score: score(counts),
        survivors,
      }),
    );
  } else {
    for (const { file, place, status, replacement, why, ...mutant } of survivors) {
      console.log(`${file}:${place} ${status === 'NoCoverage' ? 'uncovered' : 'survived'}${why ? ` (${why})` : ''}`);
      console.log(`  - ${lineOf({ file, place, status, replacement, ...mutant }).trim()}\n  + ${replacement}`);
    }
    console.log(`\n${table(folder, mutants)}\n`);
  }
  if (values.write) {
    const cells = [
      folder,
      drawn === undefined ? 'all' : `${drawn.length} of ${lines.length}`,
      ...Object.values(counts),
      explained,
      `${score(counts)} %`,
      new Date().toISOString().slice(0, 10),
      execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    ];
    writeFileSync(PAGE, withRow(readFileSync(PAGE, 'utf8'), folder, `| ${cells.join(' | ')} |`));
  }
}

function lineOf({ file, place }: Mutant): string {
  return readFileSync(file, 'utf8').split('\n')[Number.parseInt(place, 10) - 1] ?? '';
}
