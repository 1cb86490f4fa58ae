import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import type { DiffResult, RunDiff } from '#apps/cli/versions/diff.ts';
import { versionNumber } from '#apps/cli/versions/sides.ts';
import { printDiff } from '#shared/publish/print-diff.ts';

const optionsSchema = z.object({
  ...targetFields,
  folder: z.string().optional(),
  from: z.number().optional(),
  to: z.union([z.number(), z.string()]).optional(),
  json: z.boolean().default(false),
});

/** `tropa diff`: what differs between two versions of a journey, step by step. */
export function diffCommand(run: RunDiff, streams: Streams = { out: process.stdout, err: process.stderr }): Command {
  return withTargetOptions(new Command('diff'))
    .description('Say what differs between two versions of a journey, step by step.')
    .argument('<journey>', 'its id, or its file')
    .option('--from <version>', 'the version before; without it, what is live', versionNumber)
    .option('--to <version or file>', "the version after, or a file; without it, the folder's file", (to) =>
      /^\d+$/.test(to) ? versionNumber(to) : to,
    )
    .option('--folder <dir>', "the shop's folder (default: this one, or the examples)")
    .option('--json', 'print the result as one line of JSON')
    .action(async (journey: string, options: unknown) => {
      const { json, folder, from, to, ...given } = optionsSchema.parse(options);
      const result = await run({ journey, folder, from, to, target: targetOf(given) });
      streams.out.write(json ? `${JSON.stringify(result)}\n` : printed(result));
    });
}

const printed = ({ journey, from, to, diff }: DiffResult): string =>
  `${[`${journey}   from ${sideOf(from)} to ${sideOf(to)}`, ...printDiff(diff)].join('\n')}\n`;

const sideOf = ({ name, at }: DiffResult['from']): string =>
  at === undefined ? name : `${name} of ${at.slice(0, 10)}`;
