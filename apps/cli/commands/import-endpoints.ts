import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { runEndpoints } from '#apps/cli/import/endpoints.ts';
import { printEndpoints } from '#apps/cli/import/print-endpoints.ts';
import { openProgress } from '#apps/cli/progress.ts';

const optionsSchema = z.object({ to: z.string(), force: z.boolean().default(false), json: z.boolean().default(false) });
const filesSchema = z.array(z.string()).min(1);
const UNREADABLE = 2;

/** `tropa import endpoints`: contacts and their words out of Amazon Pinpoint, as lists. Exits with 1 when endpoints are left out. */
export function importEndpointsCommand(streams: Streams, exit: (code: number) => void): Command {
  return new Command('endpoints')
    .description('Make lists of contacts, and of who wanted no more, of the endpoints that Amazon Pinpoint exported.')
    .argument('<file...>', 'what an export job wrote: a line of JSON for each endpoint, packed by gzip or not')
    .option('--to <dir>', 'folder for the lists', 'from-pinpoint')
    .option('--force', 'replace lists that are there already')
    .option('--json', 'print the result as one line of JSON')
    .action(async (given: unknown, options: unknown) => {
      const { json, ...how } = optionsSchema.parse(options);
      const progress = openProgress(streams.err);
      try {
        const report = await runEndpoints({ files: filesSchema.parse(given), ...how }, progress);
        progress.stop();
        streams.out.write(json ? `${JSON.stringify(report)}\n` : printEndpoints(report));
        exit(Object.keys(report.leftOut).length > 0 ? 1 : 0);
      } catch (error) {
        progress.stop();
        if (!(error instanceof BadInput)) throw error;
        streams.err.write(`${error.message}\n`);
        exit(UNREADABLE);
      }
    });
}
