import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { printTable } from '#apps/cli/simulate/print.ts';
import { simulate } from '#apps/cli/simulate/simulate.ts';
import { sayFolder } from '#apps/cli/which-folder.ts';
import type { Instant } from '#shared/time/instant.ts';

const optionsSchema = z.object({
  folder: z.string().optional(),
  story: z.string().optional(),
  test: z.string().optional(),
  event: z.array(z.string()),
  message: z.array(z.string()),
  enrol: z.array(z.string()),
  contact: z.string().optional(),
  start: z.string().optional(),
  until: z.string().optional(),
  arm: z.array(z.string()),
  json: z.boolean().default(false),
});

/** What a simulation is asked to do. */
export type SimulateRequest = Omit<z.infer<typeof optionsSchema>, 'json'> & { readonly journey: string };

const several = (one: string, before: readonly string[]): string[] => [...before, one];

/** `tropa simulate`: what one journey does with one contact, as a table. Exit code 1 when something cannot happen as told. */
export function simulateCommand(
  now: () => Instant,
  streams: Streams & { readonly columns?: number } = {
    out: process.stdout,
    err: process.stderr,
    columns: process.stdout.columns,
  },
): Command {
  return new Command('simulate')
    .description('Tell what a journey does with one contact: what happens when, and why.')
    .argument('<journey>', 'its file, or its id')
    .option('--folder <dir>', "the shop's folder (default: that of the journey's file, or this one, or the examples)")
    .option('--story <file>', 'a file of tests; nothing need be expected in it')
    .option('--test <name>', 'which test of the file')
    .option(
      '--event <what>',
      'what the contact does, as \'cart.updated@PT20M {"total":60}\'; as often as you like',
      several,
      [],
    )
    .option('--message <what>', "what becomes of a message, as 'reminder@PT3H clicked'", several, [])
    .option('--enrol <what>', 'enters a manual journey, as \'my-journey@PT0S {"ticket":"7"}\'', several, [])
    .option('--contact <file>', 'a file with traits, tags and consents of the contact, or the JSON itself')
    .option('--start <time>', "when it begins, as 2026-03-02T10:00 on the contact's clock")
    .option(
      '--until <when>',
      'when it ends: a duration from the start, or a time (default: 90 days after all that is told)',
    )
    .option('--arm <split=arm>', 'the arm that a split takes', several, [])
    .option('--json', 'print the table as one line of JSON')
    .action(async (journey: unknown, options: unknown) => {
      const { json, ...given } = optionsSchema.parse(options);
      const named = z.string().parse(journey);
      streams.err.write(sayFolder(named, given.folder) ?? '');
      const told = await simulate({ journey: named, ...given }, now());
      process.exitCode = told.impossible.length > 0 ? 1 : 0;
      streams.out.write(json ? `${JSON.stringify(told)}\n` : printTable(told, streams.columns));
    });
}
