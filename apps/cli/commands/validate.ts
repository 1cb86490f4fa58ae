import { watch } from 'node:fs';
import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type Astray, astrayIn, isMisplaced, printAstray, unlessOnlyAstray } from '#apps/cli/validate/astray.ts';
import { checkFolder } from '#apps/cli/validate/check-folder.ts';
import { type Place, placeOf, readFolder } from '#apps/cli/validate/read-folder.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import type { Instant } from '#shared/time/instant.ts';

const optionsSchema = z.object({ watch: z.boolean().default(false), json: z.boolean().default(false) });

/** Milliseconds in which an editor has written all that it writes at one saving. */
const SAVING = 200;

export type Surroundings = { readonly now: () => Instant; readonly signal?: AbortSignal };

/** `tropa validate`: what publish would say of a folder or a file, without a deployment. Exit code 1 if there are errors, or nothing but what is misplaced. */
export function validateCommand(
  { now, signal }: Surroundings,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return new Command('validate')
    .description('Say what publish would say of a folder laid out like the bucket, or of one file in it.')
    .argument('<path>', 'folder or file')
    .option('--watch', 'check again whenever something is saved')
    .option('--json', 'print the reports as JSON, one line a check')
    .action(async (path: string, given: unknown) => {
      const options = optionsSchema.parse(given);
      const place = placeOf(path);
      const check = async (): Promise<void> => {
        const { reports, astray } = await lookInto(place, now());
        const nothing = reports.length === 0 && astray.some(isMisplaced);
        process.exitCode = nothing || reports.some(({ remarks }) => hasErrors(remarks)) ? 1 : 0;
        streams.out.write(options.json ? `${JSON.stringify([...reports, ...astray])}\n` : printed(reports, astray));
      };
      await check();
      if (options.watch) await watched(place.folder, check, streams, signal);
    });
}

type Found = { readonly reports: readonly Report[]; readonly astray: readonly Astray[] };

async function lookInto(place: Place, now: Instant): Promise<Found> {
  const astray = astrayIn(place);
  const reports = await checkFolder(
    unlessOnlyAstray(astray, () => readFolder(place)),
    now,
  );
  return { astray, reports: place.file === undefined ? reports : reports.filter(({ file }) => file === place.file) };
}

function printed(reports: readonly Report[], astray: readonly Astray[]): string {
  const wrong = reports.filter(({ remarks }) => hasErrors(remarks)).length;
  const end = wrong === 0 ? 'No errors' : `Errors in ${wrong}`;
  const count = astray.filter(isMisplaced).length;
  const left = count === 0 ? '' : `, ${count} not read`;
  const files = `${reports.length} ${reports.length === 1 ? 'file' : 'files'} checked${left}`;
  return `${[...reports.map(print), ...astray.map(printAstray)].join('')}${reports.length === 0 ? '' : `${end}; `}${files}.\n`;
}

/** One check after the other, the last of them after the last saving. Ends when the signal says so. */
async function watched(
  folder: string,
  check: () => Promise<void>,
  { err }: Streams,
  signal: AbortSignal | undefined,
): Promise<void> {
  let saved: NodeJS.Timeout | undefined;
  let checking = Promise.resolve();
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(saved);
    saved = setTimeout(() => {
      // A file that vanishes while it is read is there again, or gone, at the next look.
      checking = checking.then(check).catch((error) => void err.write(`${String(error)}\n`));
    }, SAVING);
  });
  await new Promise<void>((resolve) => {
    signal?.addEventListener('abort', () => resolve(), { once: true });
    watcher.once('error', () => resolve());
  });
  watcher.close();
  clearTimeout(saved);
  await checking;
}
