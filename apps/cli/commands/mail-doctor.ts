import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import type { RunDoctor } from '#apps/cli/mail/doctor.ts';
import { printDoctor } from '#apps/cli/mail/print-doctor.ts';
import type { Level } from '#shared/domain/finding.ts';

const optionsSchema = z.object({
  stage: z.string().optional(),
  selector: z.string().optional(),
  mailFrom: z.string().optional(),
  json: z.boolean().default(false),
});

/** What the command ends with. */
const CODES: Readonly<Record<Level, number>> = { good: 0, advice: 0, bad: 1, unknown: 2 };

/** `tropa mail doctor`: whether providers will take the mail of a domain. */
export function doctorCommand(
  run: RunDoctor,
  { out }: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return new Command('doctor')
    .description('Say line by line what of a domain is right for sending mail, and which DNS records to set.')
    .argument('[domain]', 'the domain that mails come from (default: that of the stage)')
    .option('--stage <name>', 'AWS: also what SES says, with the credentials of the AWS CLI')
    .option('--selector <name>', 'of DKIM, if another than SES signs')
    .option('--mail-from <domain>', 'where bounces go (default: what SES says, else mail.DOMAIN)')
    .option('--json', 'print the findings as one line of JSON')
    .action(async (given: unknown, options: unknown) => {
      const { json, ...request } = optionsSchema.parse(options);
      const result = await run({ ...request, domain: z.string().optional().parse(given) });
      process.exitCode = CODES[result.worst];
      out.write(json ? `${JSON.stringify(result)}\n` : printDoctor(result));
    });
}
