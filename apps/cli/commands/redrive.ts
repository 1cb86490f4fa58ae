import { Argument, Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { readOptions } from '#apps/cli/commands/read-options.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { oneOf } from '#apps/cli/one-of.ts';
import { printOverview, printRedriven } from '#apps/cli/redrive/print.ts';
import { PARKED, PASSAGES, type RedriveResult, type RedriveRuns } from '#apps/cli/redrive/request.ts';
import { watched } from '#apps/cli/redrive/watched.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { deadLetterWirings } from '#functions/wiring.ts';
import { countOf } from '#shared/redrive/pile.ts';

const count = (text: string): number => {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('A whole number from 1 on.');
  return n;
};
/** As of a variable that is not set. */
const EMPTY = 'says nothing; leave it out for all';
const optionsSchema = z.object({
  ...targetFields,
  reason: z.string().min(1, EMPTY).optional(),
  journey: z.string().min(1, EMPTY).optional(),
  limit: z.int().optional(),
  dryRun: z.boolean().default(false),
  discard: z.boolean().default(false),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});
type Options = z.infer<typeof optionsSchema>;

/**
 * `tropa redrive`: says what lies aside and why, and brings it back. Exit code 1 where some of it did not come back, 2 where
 * something lies there and nothing of it was meant.
 */
export function redriveCommand(
  { overview, redrive }: RedriveRuns,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  const say = (json: boolean, result: object, text: () => string): void =>
    void streams.out.write(`${json ? JSON.stringify(result) : text()}\n`);
  return withTargetOptions(new Command('redrive'))
    .description(
      'Say what could not be worked on, and why; bring it back once the cause is mended. Without WHAT: what lies where.',
    )
    .addArgument(
      oneOf(
        new Argument(
          '[what]',
          'dead letters of a queue, a rule or the stream; parked events; passages that stand still',
        ),
        [...deadLetterWirings().keys(), PARKED, PASSAGES],
      ),
    )
    .option('--reason <text>', 'only what lies there for a reason that contains this')
    .option('--journey <id>', 'only passages through this journey')
    .option('--limit <n>', 'at most so many', count)
    .option('--dry-run', 'say what would come back, change nothing')
    .option('--discard', 'take it away for good instead; with --yes')
    .option('--yes', 'discard it; without it nothing is done')
    .option('--json', 'print the result as one line of JSON')
    .action(async (given: unknown, options: unknown) => {
      const what = z.string().optional().parse(given);
      const parsed = readOptions(optionsSchema, options);
      const { json, yes: _, data, stage, ...asked } = parsed;
      const target = targetOf({ data, stage });
      refuseWhatCannotBe(what, parsed);
      if (what === undefined) {
        const lying = await overview(target);
        return say(json, { lying }, () => printOverview(lying, target));
      }
      const request = { ...asked, what, target };
      const result = await watched(what, streams.err, (watch) => redrive(request, watch));
      if (isAmiss(result)) process.exitCode = 2;
      else if (!isWell(result)) process.exitCode = 1;
      say(json, result, () => printRedriven(result, request));
    });
}

const isWell = ({ became, stopped }: RedriveResult): boolean =>
  stopped !== 'interrupted' && !became.refused && !became.diedAgain && !became.pending && !became.undecided;

/** A reason is misspelt, or what lay there for it is gone. */
const isAmiss = ({ lies, meant, stopped }: RedriveResult): boolean =>
  stopped === undefined && countOf(lies) > 0 && countOf(meant) === 0;

/** Throws BadInput where options do not go together, before anything is looked at. */
function refuseWhatCannotBe(what: string | undefined, { reason, journey, limit, dryRun, discard, yes }: Options): void {
  if (what === undefined && (reason ?? journey ?? limit ?? (discard || undefined)) !== undefined)
    throw new BadInput(
      'Say what is meant: "tropa redrive enrol", for example. Without options it says what lies where.',
    );
  if (journey !== undefined && what !== PASSAGES)
    throw new BadInput(`--journey goes with "tropa redrive ${PASSAGES}" alone: nothing else is of one journey.`);
  if (discard && what === PASSAGES)
    throw new BadInput(
      'Passages cannot be discarded: customers are inside. End the journey, or leave them as they are.',
    );
  if (yes && !discard) throw new BadInput('--yes goes with --discard alone.');
  if (discard && !dryRun && !yes)
    throw new BadInput('What is discarded cannot be had again. Look at it with --dry-run, then say --yes.');
}
