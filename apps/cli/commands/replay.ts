import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { oneOf } from '#apps/cli/one-of.ts';
import { openProgress, type Progress, type Screen } from '#apps/cli/progress.ts';
import { SOURCE_NAMES, type SourceName } from '#apps/cli/replay/open.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';

/** What a replay is asked to do. */
export type ReplayRequest = {
  readonly source: SourceName;
  readonly files: readonly string[];
  /** A folder laid out like the bucket; without it, the example journeys. */
  readonly journeys?: string | undefined;
  /** Folder that keeps the state; without it, nothing is kept. */
  readonly data?: string | undefined;
  /** Where virtual time ends; without it, at the last row. */
  readonly until?: Instant | undefined;
  readonly zone?: string | undefined;
  readonly mapping?: string | undefined;
  readonly rejectedFile: string;
  /** Decide and count mails, render none. */
  readonly dry: boolean;
};

/** `json`: the summary that --json prints; its form is public. `text`: the same for people. */
export type ReplayResult = { readonly json: object; readonly text: string };
export type RunReplay = (request: ReplayRequest, progress: Progress) => Promise<ReplayResult>;

/** Results go out; progress, and with --json all other words too, go to err. */
export type Streams = { readonly out: Screen; readonly err: Screen };

const optionsSchema = z.object({
  journeys: z.string().optional(),
  data: z.string().optional(),
  until: z.string().optional(),
  zone: z.string().optional(),
  mapping: z.string().optional(),
  rejected: z.string().optional(),
  dry: z.boolean().default(false),
  json: z.boolean().default(false),
});
const sourceSchema = z.enum(SOURCE_NAMES);
const filesSchema = z.array(z.string()).min(1);

/** `tropa replay`: plays a file of a shop's past through the journeys, in virtual time. */
export function replayCommand(
  run: RunReplay,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return new Command('replay')
    .description('Play what happened in a shop, from a file, through the journeys in virtual time.')
    .addArgument(oneOf(new Argument('<source>', 'kind of file'), SOURCE_NAMES))
    .argument('<file...>', 'one file or several of the same kind, packed by gzip or not')
    .option('--journeys <dir>', 'folder with journeys/, templates/ and settings.json (default: the examples)')
    .option('--data <dir>', 'folder that keeps the state; a second run goes on from there')
    .option('--until <iso>', 'end of virtual time, as 2011-12-31T00:00:00Z (default: the last row)', instant)
    .option('--zone <zone>', "zone of times without an offset, as Europe/London (default: the source's own)")
    .option('--mapping <file>', 'which column means what; needed by the source "mapping"')
    .option('--rejected <file>', 'where rows go that cannot be used (default: in --data, else in the temporary folder)')
    .option('--dry', 'decide and count mails without rendering them')
    .option('--json', 'print the summary as one line of JSON, last on standard output')
    .action(async (source: unknown, files: unknown, options: unknown) => {
      const { json, rejected, ...given } = optionsSchema.parse(options);
      const kind = sourceSchema.parse(source);
      const rejectedFile = rejected ?? join(given.data ?? tmpdir(), rejectedName(kind, filesSchema.parse(files)));
      const progress = openProgress(streams.err);
      try {
        const result = await run({ source: kind, files: filesSchema.parse(files), rejectedFile, ...given }, progress);
        progress.stop();
        (json ? streams.err : streams.out).write(`${result.text}\n`);
        if (json) streams.out.write(`${JSON.stringify(result.json)}\n`);
      } finally {
        progress.stop();
      }
    });
}

/** By source and file, so that the rows of one file do not take the place of another's. */
function rejectedName(source: SourceName, [first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : `-and-${others.length}-more`;
  return `rejected-${source}-${basename(first)}${more}.jsonl`;
}

function instant(written: string): Instant {
  const read = instantSchema.safeParse(written);
  if (read.success) return read.data;
  throw new InvalidArgumentError('Write a time with its offset, as 2011-12-31T00:00:00Z.');
}
