import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { printDoctor } from '#apps/cli/mail/print-doctor.ts';
import type { PushResult, RunPush } from '#apps/cli/push/push.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { print } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';

const optionsSchema = z.object({
  ...targetFields,
  dryRun: z.boolean().default(false),
  force: z.boolean().default(false),
  yes: z.boolean().default(false),
  despiteDoctor: z.string().trim().min(1, 'say why').max(500).optional(),
  json: z.boolean().default(false),
});

/** `tropa push`: a folder goes live. Exit code 1 unless all of it did. */
export function pushCommand(
  run: RunPush,
  streams: Streams = { out: process.stdout, err: process.stderr },
  ask: typeof mayAct = mayAct,
): Command {
  return withTargetOptions(new Command('push'))
    .description('Check a folder, upload what differs from the bucket, and say what publish made of it.')
    .argument('[folder]', 'laid out like the bucket', '.')
    .option('--dry-run', 'say what would be uploaded, upload nothing')
    .option('--force', 'also over what others have changed there meanwhile')
    .option('--yes', 'do not ask before journeys go live')
    .option('--despite-doctor <reason>', 'send from a domain that "tropa mail doctor" finds at fault, and why')
    .option('--json', 'print the result as one line of JSON')
    .action(async (folder: string, options: unknown) => {
      const { dryRun, force, yes, despiteDoctor, json, ...given } = optionsSchema.parse(options);
      const mayGo = async (journeys: readonly string[]) => yes || (await ask(journeys));
      const result = await run({ folder, target: targetOf(given), dryRun, force, despite: despiteDoctor, mayGo });
      process.exitCode = isWell(result) ? 0 : 1;
      streams.out.write(json ? `${JSON.stringify(result)}\n` : printed(result));
    });
}

const isWell = ({ outcome, reports = [], overtaken = [], silent = [] }: PushResult): boolean =>
  outcome === 'same' ||
  outcome === 'dry' ||
  (outcome === 'pushed' &&
    overtaken.length + silent.length === 0 &&
    !reports.some(({ remarks }) => hasErrors(remarks)));

const MARKS = { new: 'new', changed: 'changed', again: 'refused before', theirs: 'CHANGED THERE', same: '' } as const;

const ENDS: Readonly<Record<PushResult['outcome'], string>> = {
  same: 'Nothing to do: the bucket has all of it.',
  faulty: 'Nothing was uploaded. Mend the errors first.',
  theirs:
    'Nothing was uploaded: others have changed files there that you have not seen. Pull first, or say --force to put yours in their place.',
  domain:
    'Nothing was uploaded: no mail of this stage has gone yet, and SPF, DKIM or what SES says of it is at fault. Mend it, or say --despite-doctor "why" to let mails go.',
  declined: 'Nothing was uploaded.',
  dry: 'Nothing was uploaded: a dry run.',
  pushed: '',
};

function printed(result: PushResult): string {
  const { changes, checked, domain, outcome, reports, overtaken = [], silent = [] } = result;
  const going = changes.filter(({ change }) => change !== 'same');
  const same = changes.length - going.length;
  const width = Math.max(0, ...going.map(({ file }) => file.length));
  return [
    ...going.map(({ file, change }) => `${file.padEnd(width)}   ${MARKS[change]}\n`),
    same > 0 && going.length > 0 ? `${same} ${same === 1 ? 'file is' : 'files are'} as they are there.\n` : '',
    domain ? printDoctor(domain) : '',
    ...(reports ?? checked).map(print),
    ...overtaken.map(
      (file) => `${file}   NOT UPLOADED: somebody has changed it there at this moment. Pull, then push again.\n`,
    ),
    ...silent.map(
      (file) => `${file}   NO ANSWER YET: its report will lie in reports/; look at the alarms if it does not come.\n`,
    ),
    ENDS[outcome] && `${ENDS[outcome]}\n`,
  ].join('');
}

/** Asks whether these journeys may act on customers. Throws BadInput where nobody can be asked. */
export async function mayAct(journeys: readonly string[]): Promise<boolean> {
  const these = journeys.join(', ');
  if (!process.stdin.isTTY)
    throw new BadInput(`These journeys would act on customers: ${these}. Say --yes to let them.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await lines.question(`These journeys act on customers: ${these}. Go on? [y/N] `));
  } finally {
    lines.close();
  }
}
