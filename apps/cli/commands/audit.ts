import { Command } from 'commander';
import * as z from 'zod';
import { printAudit } from '#apps/cli/audit/print.ts';
import type { RunAudit } from '#apps/cli/audit/run.ts';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { openProgress } from '#apps/cli/progress.ts';
import { targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';

const optionsSchema = z.object({
  ...targetFields,
  contact: z.string().optional(),
  since: z.string().optional(),
  mend: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `tropa audit`: what should have happened and has not. Exit code 1 if something stands that is not mended. */
export function auditCommand(run: RunAudit, streams: Streams = { out: process.stdout, err: process.stderr }): Command {
  return withTargetOptions(new Command('audit'))
    .description(
      'Say who should have woken, which mails should have ended and which counters are wrong; with --mend, mend it.',
    )
    .option('--contact <who>', 'only this person: an e-mail address, phone number, external id, or contact id')
    .option('--since <moment>', 'only what should have happened since then, such as 2026-12-01T00:00:00Z')
    .option('--mend', 'write what the rows lack; without it nothing is written')
    .option('--json', 'print the result as one line of JSON')
    .action(async (options: unknown) => {
      const { json, mend, contact, since, ...given } = optionsSchema.parse(options);
      const request = {
        target: targetOf(given),
        contact,
        since: since === undefined ? undefined : momentOf(since),
        mend,
      };
      const progress = openProgress(streams.err);
      try {
        const report = await run(request, progress);
        process.exitCode = report.left > 0 ? 1 : 0;
        streams.out.write(json ? `${JSON.stringify(report)}\n` : printAudit(report, request));
      } finally {
        progress.stop();
      }
    });
}

function momentOf(text: string): Instant {
  const moment = instantSchema.safeParse(text);
  if (!moment.success) throw new BadInput(`--since ${text}: say a moment with its zone, such as 2026-12-01T00:00:00Z.`);
  return moment.data;
}
