import { userInfo } from 'node:os';
import { Command } from 'commander';
import { runAudit } from '#apps/cli/audit/run.ts';
import { runBacktest } from '#apps/cli/backtest/run.ts';
import { orSayWhatIsWrong } from '#apps/cli/bad-input.ts';
import { auditCommand } from '#apps/cli/commands/audit.ts';
import { backtestCommand } from '#apps/cli/commands/backtest.ts';
import { connectCommand } from '#apps/cli/commands/connect.ts';
import { contactCommand } from '#apps/cli/commands/contact.ts';
import { diffCommand } from '#apps/cli/commands/diff.ts';
import { impactCommand } from '#apps/cli/commands/impact.ts';
import { importCommand } from '#apps/cli/commands/import.ts';
import { mailCommand } from '#apps/cli/commands/mail.ts';
import { doctorCommand } from '#apps/cli/commands/mail-doctor.ts';
import { mailPreviewCommand, mailTestCommand } from '#apps/cli/commands/mail-preview.ts';
import { newCommand } from '#apps/cli/commands/new.ts';
import { previewCommand } from '#apps/cli/commands/preview.ts';
import { pullCommand } from '#apps/cli/commands/pull.ts';
import { pushCommand } from '#apps/cli/commands/push.ts';
import { redriveCommand } from '#apps/cli/commands/redrive.ts';
import { replayCommand } from '#apps/cli/commands/replay.ts';
import { rollbackCommand } from '#apps/cli/commands/rollback.ts';
import { simulateCommand } from '#apps/cli/commands/simulate.ts';
import { statusCommand } from '#apps/cli/commands/status.ts';
import { suppressCommand } from '#apps/cli/commands/suppress.ts';
import { testCommand } from '#apps/cli/commands/test.ts';
import { validateCommand } from '#apps/cli/commands/validate.ts';
import { webhookCommand } from '#apps/cli/commands/webhook.ts';
import { whyCommand } from '#apps/cli/commands/why.ts';
import { reach } from '#apps/cli/connect/address.ts';
import { sleep } from '#apps/cli/connect/ask.ts';
import { runConnect } from '#apps/cli/connect/run.ts';
import { runContact } from '#apps/cli/contact.ts';
import { runImpact } from '#apps/cli/impact/run.ts';
import { runList } from '#apps/cli/lists/run.ts';
import { systemDns } from '#apps/cli/mail/dns.ts';
import { runDoctor } from '#apps/cli/mail/doctor.ts';
import { mailRuns } from '#apps/cli/mail/run.ts';
import { showMails } from '#apps/cli/mail/show.ts';
import { runTest } from '#apps/cli/mail/test.ts';
import { runPull } from '#apps/cli/push/pull.ts';
import { runPush } from '#apps/cli/push/push.ts';
import { redriveRuns } from '#apps/cli/redrive/run.ts';
import { runStatus, runWhy } from '#apps/cli/report.ts';
import { suppressRuns } from '#apps/cli/suppress.ts';
import { runDiff } from '#apps/cli/versions/diff.ts';
import { runRollback } from '#apps/cli/versions/rollback.ts';
import { runSend } from '#apps/cli/webhook/send.ts';
import { runTail } from '#apps/cli/webhook/tail.ts';
import { runReplay } from '#apps/local/replay.ts';
import { fromMillis } from '#shared/time/instant.ts';

const now = () => fromMillis(Date.now());

/** Every command of `npx tropa`. */
export const program = new Command('tropa')
  // What stands behind a command is that command's, though the one above it has an option of the same name.
  .enablePositionalOptions()
  .description("Customer journeys: what a shop's customers do, answered with the right message at the right time.")
  .addCommand(replayCommand(runReplay))
  .addCommand(backtestCommand((request, progress) => runBacktest(request, progress, now())))
  .addCommand(redriveCommand(redriveRuns))
  .addCommand(previewCommand())
  .addCommand(importCommand(runList))
  .addCommand(pushCommand(runPush))
  .addCommand(pullCommand(runPull))
  .addCommand(diffCommand(runDiff))
  .addCommand(rollbackCommand(runRollback))
  .addCommand(impactCommand(runImpact))
  .addCommand(statusCommand(runStatus))
  .addCommand(whyCommand(runWhy))
  .addCommand(contactCommand(runContact))
  .addCommand(auditCommand(runAudit))
  .addCommand(
    mailCommand(mailRuns(() => userInfo().username))
      .addCommand(doctorCommand(runDoctor(systemDns())))
      .addCommand(mailPreviewCommand(showMails(now)))
      .addCommand(mailTestCommand(runTest())),
  )
  .addCommand(suppressCommand(suppressRuns(() => userInfo().username)))
  .addCommand(validateCommand({ now }))
  .addCommand(testCommand(now))
  .addCommand(simulateCommand(now))
  .addCommand(newCommand())
  .addCommand(connectCommand(runConnect({ reach, sleep })))
  .addCommand(webhookCommand({ send: runSend(now), tail: runTail }));

/** A command that cannot be read could not be done: 2, as docs/cli.md has it. */
function endWithTwo(command: Command): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  for (const below of command.commands) endWithTwo(below);
}

endWithTwo(program);

/** Runs the words of the command line. */
export const run = (): Promise<void> => orSayWhatIsWrong(() => program.parseAsync());
