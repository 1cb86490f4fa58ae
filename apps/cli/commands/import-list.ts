import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type ListKind, mapOf } from '#apps/cli/lists/columns.ts';
import type { RunList } from '#apps/cli/lists/list.ts';
import { printList } from '#apps/cli/lists/print.ts';
import { openProgress } from '#apps/cli/progress.ts';
import { TIME_FORMATS, timeReader } from '#apps/cli/replay/moment.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { instantSchema } from '#shared/time/instant.ts';

const optionsSchema = z.object({
  ...targetFields,
  map: z.array(z.string()).default([]),
  dates: z.enum(TIME_FORMATS),
  asOf: z.string().optional(),
  fromRow: z.number(),
  rate: z.number(),
  errors: z.string().optional(),
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
  channel: z.string().optional(),
  topic: z.string().optional(),
  state: z.string().optional(),
  at: z.string().optional(),
  source: z.string().optional(),
  wording: z.string().optional(),
  reason: z.string().optional(),
});

const KINDS: Readonly<Record<ListKind, string>> = {
  contacts: 'Bring contacts in from a CSV file: who they are, their traits and tags. No journey starts by it.',
  consents: 'Bring consents in, given or denied, each with its time and source.',
  suppressions: 'Bring in addresses that nothing may be sent to: bounces and complaints of another system.',
};
const USUAL: Readonly<Record<ListKind, Readonly<Record<string, string>>>> = {
  contacts: {},
  consents: {
    channel: 'the channel of rows that name none (email)',
    topic: 'the topic of rows that name none; several are parted by ";"',
    state: '"granted" or "denied", of rows that do not say',
    at: 'when consent was given, of rows that do not say',
    source: 'where consent was given, of rows that do not say: "form in the shop"',
    wording: 'the words that people agreed to',
  },
  suppressions: {
    reason: 'the reason of rows that name none: bounce, complaint',
    at: 'since when, of rows that do not say (now)',
  },
};

function positive(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('Write a number, as 100.');
}

const each = (written: string, before: string[] = []): string[] => [...before, written];

/** `tropa import contacts`, `consents` and `suppressions`. Exits with 1 when rows are left over. */
export function importListCommand(
  kind: ListKind,
  run: RunList,
  streams: Streams = { out: process.stdout, err: process.stderr },
  exit: (code: number) => void = (code) => {
    process.exitCode = code;
  },
): Command {
  const command = withTargetOptions(new Command(kind))
    .description(KINDS[kind])
    .argument('<file>', 'a CSV file with a header, in UTF-8')
    .addOption(
      new Option('--map <column=field>', 'what a column is; "-" leaves it out. As often as needed').argParser(each),
    )
    .addOption(new Option('--dates <form>', 'how dates are written').choices(TIME_FORMATS).default('iso'))
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--from-row <n>', 'begin with this row, where an import broke off', positive, 1)
    .option('--rate <n>', 'events a second at most, on a stage', positive, 100)
    .option(
      '--errors <file>',
      'where rows go that cannot be used; what is there is replaced (default: a new file beside the list)',
    )
    .option('--json', 'print the result as one line of JSON');
  if (kind === 'contacts') command.option('--as-of <time>', 'when the list was written: newer facts are kept (now)');
  for (const [name, text] of Object.entries(USUAL[kind])) command.option(`--${name} <${name}>`, text);
  return command.action(async (given: unknown, options: unknown) => {
    const { data, stage, map, asOf, errors, json, dates, dryRun, fromRow, rate, ...usual } =
      optionsSchema.parse(options);
    const file = z.string().parse(given);
    const progress = openProgress(streams.err);
    const request = {
      ...{ kind, file, dates, dryRun, fromRow, rate },
      target: targetOf({ data, stage }),
      map: mapOf(map),
      usual: Object.fromEntries(
        Object.entries(usual).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      asOf: asOf === undefined ? undefined : timeOf(asOf),
      errors,
    };
    const report = await run(request, progress).finally(() => progress.stop());
    streams.out.write(json ? `${JSON.stringify(report)}\n` : printList(report));
    exit(Object.keys(report.rejected).length > 0 ? 1 : 0);
  });
}

function timeOf(written: string): string {
  const time = instantSchema.safeParse(written).data ?? timeReader('UTC', 'iso')(written);
  if (time === undefined) throw new BadInput(`--as-of "${written}" is no time. Write 2026-03-31 or 2026-03-31T10:00Z.`);
  return time;
}
