import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import type { Pulled, RunPull } from '#apps/cli/push/pull.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';

const optionsSchema = z.object({
  ...targetFields,
  force: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `tropa pull`: the files of a shop as they are live. Exit code 1 when some were kept because they had been changed here. */
export function pullCommand(run: RunPull, streams: Streams = { out: process.stdout, err: process.stderr }): Command {
  return withTargetOptions(new Command('pull'))
    .description('Fetch the files of a shop as they are live. What was changed here is kept.')
    .argument('[folder]', 'where to', '.')
    .option('--force', 'also over what was changed here')
    .option('--json', 'print the result as one line of JSON')
    .action(async (folder: string, options: unknown) => {
      const { force, json, ...given } = optionsSchema.parse(options);
      const pulled = await run({ folder, target: targetOf(given), force });
      process.exitCode = pulled.some(({ became }) => became === 'kept') ? 1 : 0;
      streams.out.write(json ? `${JSON.stringify(pulled)}\n` : printed(pulled));
    });
}

const SAYS: Readonly<Record<Pulled['became'], string>> = {
  new: 'new',
  changed: 'changed',
  same: 'as it is',
  kept: 'KEPT: it was changed here. Push it, or say --force to put what is there in its place',
};
const NEWER = {
  refused: 'a newer upload was refused; this is what is live',
  draft: 'the newest upload is not live yet; this is what is live',
} as const;

function printed(pulled: readonly Pulled[]): string {
  if (pulled.length === 0) return 'There is nothing in the bucket.\n';
  const told = pulled.filter(({ became, newer }) => became !== 'same' || newer);
  const width = Math.max(0, ...told.map(({ file }) => file.length));
  const lines = told.map(
    ({ file, became, newer }) => `${file.padEnd(width)}   ${SAYS[became]}${newer ? ` (${NEWER[newer]})` : ''}\n`,
  );
  const same = pulled.length - told.length;
  return [...lines, same > 0 ? `${same} of ${pulled.length} files are as they were.\n` : ''].join('');
}
