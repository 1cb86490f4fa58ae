import { Command } from 'commander';
import * as z from 'zod';
import { mayAct } from '#apps/cli/commands/push.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import type { Here, RollbackResult, RunRollback } from '#apps/cli/versions/rollback.ts';
import { versionNumber } from '#apps/cli/versions/sides.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { printDiff } from '#shared/publish/print-diff.ts';
import { hasErrors, NO_PASS } from '#shared/publish/remarks.ts';

const optionsSchema = z.object({
  ...targetFields,
  folder: z.string().default('.'),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `tropa rollback`: an earlier version goes live again, as a new one. Exit code 1 unless it did. */
export function rollbackCommand(
  run: RunRollback,
  streams: Streams = { out: process.stdout, err: process.stderr },
  ask: typeof mayAct = mayAct,
): Command {
  return withTargetOptions(new Command('rollback'))
    .description('Publish an earlier version of a journey again, as a new version.')
    .argument('<journey>', 'its id')
    .argument('[version]', 'its number; without it, the one before the live one', versionNumber)
    .option('--folder <dir>', "the shop's folder: its file is compared with what is live then, and never written", '.')
    .option('--dry-run', 'say what would change, publish nothing')
    .option('--yes', 'do not ask before it goes live')
    .option('--json', 'print the result as one line of JSON')
    .action(async (journey: string, version: number | undefined, options: unknown) => {
      const { folder, dryRun, yes, json, ...given } = optionsSchema.parse(options);
      const mayGo = async (journeys: readonly string[]) => yes || (await ask(journeys));
      const result = await run({ journey, version, folder, dryRun, mayGo, target: targetOf(given) });
      process.exitCode = isWell(result) ? 0 : 1;
      streams.out.write(json ? `${JSON.stringify(result)}\n` : printed(result));
    });
}

const isWell = ({ outcome, reports = [], overtaken = [], silent = [] }: RollbackResult): boolean =>
  outcome === 'dry' ||
  (outcome === 'published' &&
    overtaken.length + silent.length === 0 &&
    !reports.some(({ remarks }) => hasErrors(remarks)));

const ENDS: Readonly<Record<RollbackResult['outcome'], string>> = {
  faulty: 'Nothing was published: beside what is live now, that version has errors.',
  declined: 'Nothing was published.',
  dry: 'Nothing was published: a dry run.',
  published: '',
};

const isOfTests = ({ remarks }: Report): boolean => remarks.some(({ code }) => code === NO_PASS);

/** Tests have no versions, and no journey goes live against them. A push takes both at once. */
const ofTests = ({ file, from, to }: RollbackResult): string =>
  `Nothing was published: the tests named above are those of version ${from}. In your folder have them expect what version ${to} does, change ${file} back with them ("npx tropa diff" with --from ${to} says what differs), and push both at once.`;

function printed(result: RollbackResult): string {
  const { file, from, to, text, diff, checked, outcome, reports, overtaken = [], silent = [], here } = result;
  const kept = text === 'original' ? 'as it was uploaded' : 'laid out anew, without its comments: its upload is gone';
  return [
    `${file}   back from version ${from} to version ${to}, ${kept}`,
    ...printDiff(diff),
    ...(reports ?? checked).map((report) => print(report).trimEnd()),
    ...overtaken.map((one) => `${one}   NOT PUBLISHED: somebody has changed it there at this moment. Try again.`),
    ...silent.map((one) => `${one}   NO ANSWER YET: its report will lie in reports/.`),
    outcome === 'faulty' && checked.some(isOfTests) ? ofTests(result) : ENDS[outcome],
    here ? HERE[here](file) : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
    .concat('\n');
}

/** So that nobody takes the rollback back without noticing. */
const HERE: Readonly<Record<Here, (file: string) => string>> = {
  same: (file) => `Your ${file} is what is live now.`,
  behind: (file) => `Your ${file} is not what is live now. Pull takes it; until then a push stops at it.`,
  changed: (file) =>
    `Your ${file} has other changes and is not what is live now. A push stops at it: take what you need from it, then pull --force, or push --force to have yours live.`,
};
