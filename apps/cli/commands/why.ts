import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { printWhy } from '#apps/cli/print-why.ts';
import { type LookTarget, lookFields, lookTargetOf, withLookOptions } from '#apps/cli/target/options.ts';
import type { Why } from '#shared/report/why.ts';

/** `contact`: its id, e-mail address, phone number or external id. */
export type WhyRequest = {
  readonly contact: string;
  readonly journey?: string | undefined;
  readonly target: LookTarget;
};
export type RunWhy = (request: WhyRequest) => Promise<Why | undefined>;

const optionsSchema = z.object({ ...lookFields, json: z.boolean().default(false) });

/** `tropa why`: each decision about one contact. */
export function whyCommand(run: RunWhy, streams: Streams = { out: process.stdout, err: process.stderr }): Command {
  return withLookOptions(new Command('why'))
    .description('Say where a contact is in each journey, what was decided about them, and what is waited for.')
    .argument('<contact>', 'an e-mail address, phone number, external id, or contact id')
    .argument('[journey]', 'only this journey')
    .option('--json', 'print the result as one line of JSON')
    .action(async (contact: unknown, journey: unknown, options: unknown) => {
      const { json, ...given } = optionsSchema.parse(options);
      const only = z.string().optional().parse(journey);
      const request = { contact: z.string().parse(contact), journey: only, target: lookTargetOf(given) };
      const found = await run(request);
      if (!found) throw new BadInput(`Nobody is known as ${request.contact}.`);
      if (request.journey !== undefined && found.journeys.length === 0)
        throw new BadInput(`There is no journey "${request.journey}".`);
      streams.out.write(json ? `${JSON.stringify(found)}\n` : printWhy(found));
    });
}
