import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { openProgress, type Progress } from '#apps/cli/progress.ts';
import { SOURCE_NAMES, type SourceName } from '#apps/cli/replay/open.ts';
import { sayFolder } from '#apps/cli/which-folder.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';

/** What a back-test is asked to do. */
export type BacktestRequest = {
  /** The journey's id, or its file. */
  readonly journey: string;
  /** Files of one kind, or one prepared file. */
  readonly from: readonly string[];
  readonly source: SourceName;
  /** The shop's folder; without it that of the journey's file, or this one, or the examples. */
  readonly folder?: string | undefined;
  readonly mapping?: string | undefined;
  readonly zone?: string | undefined;
  readonly until?: Instant | undefined;
  /** Where the prepared event file goes; without it, it is not kept. */
  readonly prepare?: string | undefined;
  readonly chart?: string | undefined;
  readonly rejected?: string | undefined;
};

export type BacktestResult = { readonly json: object; readonly text: string };
export type RunBacktest = (request: BacktestRequest, progress: Progress) => Promise<BacktestResult>;

const optionsSchema = z.object({
  from: z.array(z.string()).min(1),
  source: z.enum(SOURCE_NAMES),
  folder: z.string().optional(),
  mapping: z.string().optional(),
  zone: z.string().optional(),
  until: z.string().optional(),
  prepare: z.string().optional(),
  chart: z.string().optional(),
  rejected: z.string().optional(),
  json: z.boolean().default(false),
});

/** `tropa backtest`: what one journey would have done with a shop's past, in seconds. */
export function backtestCommand(
  run: RunBacktest,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return new Command('backtest')
    .description("Say what one journey would have done with a shop's past, one contact after the other.")
    .argument('<journey>', 'its id, or its file')
    .requiredOption('--from <file...>', 'files of events, or one that --prepare has written')
    .addOption(
      new Option('--source <kind>', 'kind of file, as "replay" takes it').choices(SOURCE_NAMES).default('events'),
    )
    .option('--folder <dir>', "the shop's folder (default: that of the journey's file, or this one, or the examples)")
    .option('--mapping <file>', 'which column means what; needed by the source "mapping"')
    .option('--zone <zone>', "zone of times without an offset, as Europe/London (default: the source's own)")
    .option('--until <iso>', 'end of virtual time, as 2011-12-31T00:00:00Z (default: the last event)', instant)
    .option('--prepare <file>', 'keep the events, sorted by contact; the next time --from reads them at once')
    .option('--chart <file>', 'draw what came of it, as an SVG')
    .option('--rejected <file>', 'where rows go that cannot be used (default: in the temporary folder)')
    .option('--json', 'print the figures as one line of JSON, last on standard output')
    .action(async (journey: unknown, options: unknown) => {
      const { json, ...given } = optionsSchema.parse(options);
      const progress = openProgress(streams.err);
      const named = z.string().parse(journey);
      streams.err.write(sayFolder(named, given.folder) ?? '');
      try {
        const result = await run({ journey: named, ...given }, progress);
        progress.stop();
        (json ? streams.err : streams.out).write(`${result.text}\n`);
        if (json) streams.out.write(`${JSON.stringify(result.json)}\n`);
      } finally {
        progress.stop();
      }
    });
}

function instant(written: string): Instant {
  const read = instantSchema.safeParse(written);
  if (read.success) return read.data;
  throw new InvalidArgumentError('Write a time with its offset, as 2011-12-31T00:00:00Z.');
}
