import { rmSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';
import { remembers, testsOf } from './tests.ts';

/** What became of one mutant, and where it is. */
export interface Mutant {
  readonly file: string;
  /** `line:column`, from 1. */
  readonly place: string;
  readonly mutator: string;
  readonly replacement: string;
  readonly status: string;
}

type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/**
 * Runs the mutants of these places of a folder: files, or `file:line-line`. What an earlier run has decided is taken from
 * it where neither the code nor its tests have changed, unless all is asked `anew`.
 */
export async function run(folder: string, places: readonly string[], anew: boolean): Promise<readonly Mutant[]> {
  process.env['MUTANTS_TESTS'] = testsOf(folder).join(',');
  process.env['MUTANTS_ISOLATE'] = String(remembers(folder));
  const incrementalFile = `coverage/mutants/${folder.replaceAll('/', '.')}.json`;
  if (anew) rmSync(incrementalFile, { force: true });
  const results = await new Stryker({
    plugins: ['@stryker-mutator/vitest-runner'],
    testRunner: 'vitest',
    // `related` would take nearly every test for what is imported everywhere.
    vitest: { configFile: 'vitest.mutants.config.ts', related: false, pool: 'threads' },
    coverageAnalysis: 'perTest',
    // What runs while a module loads, such as a schema, would need a fresh process a mutant.
    ignoreStatic: true,
    mutate: [...places],
    incremental: true,
    incrementalFile,
    ignorePatterns: ['coverage', 'cdk.out', 'docs/pictures'],
    tempDirName: 'coverage/.stryker',
    // Stryker rewrites tsconfig.json by a part of TypeScript that version 7 has no more; a sandbox below the project needs none.
    tsconfigFile: 'none.json',
    concurrency: 1,
    // A busy machine must not look like an endless loop.
    timeoutMS: 60_000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 20,
    reporters: process.stdout.isTTY ? ['progress'] : [],
    allowEmpty: true,
    // What it says goes to standard output, where `--json` is read, so the file asks it for errors alone.
    configFile: 'tools/mutants/stryker.json',
  }).runMutationTest();
  // What an earlier run has asked of other places is told as well.
  const isAsked = ({ fileName, location: { start, end } }: MutantResult): boolean => {
    const file = fileName.slice(process.cwd().length + 1);
    return places.includes(file) || (start.line === end.line && places.includes(`${file}:${start.line}-${start.line}`));
  };
  return results
    .filter((result) => result.status !== 'Ignored' && isAsked(result))
    .map(({ fileName, location: { start }, mutatorName, replacement = '', status }) => ({
      file: fileName.slice(process.cwd().length + 1),
      place: `${start.line}:${start.column}`,
      mutator: mutatorName,
      replacement,
      status,
    }));
}
