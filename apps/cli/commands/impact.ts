import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import type { ImpactResult, RunImpact } from '#apps/cli/impact/run.ts';
import { openProgress } from '#apps/cli/progress.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { remarkLines } from '#shared/publish/print.ts';
import { impactLines } from '#shared/publish/print-impact.ts';

const optionsSchema = z.object({
  ...targetFields,
  folder: z.string().optional(),
  all: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `tropa impact`: what a journey would do to customers, before it goes live. Exit code 1 if publish would refuse it. */
export function impactCommand(
  run: RunImpact,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return withTargetOptions(new Command('impact'))
    .description('Say what a journey file would do to customers if it went live now.')
    .argument('<file>', 'its file, or its id')
    .option('--folder <dir>', "the shop's folder, for an id (default: this one, or the examples)")
    .option('--all', 'look at every contact, and not at a sample of 300')
    .option('--json', 'print the result as one line of JSON')
    .action(async (file: string, options: unknown) => {
      const { all, json, folder, ...given } = optionsSchema.parse(options);
      const progress = openProgress(streams.err);
      const result = await run({ file, folder, all, target: targetOf(given) }, progress);
      const lines = impactLines(result.impact).map((line) => `  ${line}`);
      const said = lines.length > 0 ? lines : ['  Nothing that acts on customers would change.'];
      process.exitCode = result.refused.length > 0 ? 1 : 0;
      streams.out.write(
        json ? `${JSON.stringify(result)}\n` : `${[result.file, ...said, ...refusal(result)].join('\n')}\n`,
      );
    });
}

const refusal = ({ refused }: ImpactResult): string[] =>
  refused.length === 0 ? [] : ['  PUBLISH WILL REFUSE IT, so that none of this happens:', ...remarkLines(refused)];
