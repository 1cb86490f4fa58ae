import * as z from 'zod';
import type { MailRuns, MailStatus } from '#apps/cli/commands/mail.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import { changeFlow, loadFlow, lookAtFlow, noteOnFlow } from '#shared/store/flow.ts';
import { flowLog } from '#shared/store/keys.ts';
import type { Change } from '#shared/store/table.ts';

/** Of what was said, so much is shown. */
const LAST = 10;

const saidSchema = z.object({ at: z.string(), what: z.string(), by: z.string(), reason: z.string() });

/** `by` names who runs the command. */
export const mailRuns = (by: () => string): MailRuns => ({
  pause: (target, { all, reason }) =>
    withTarget(target, async (opened) => {
      const at = opened.clock.now();
      const pause = { lanes: all ? 'all' : 'marketing', at, by: by(), reason };
      await say(opened, { set: [[['pause'], pause]] }, all ? 'pause --all' : 'pause', by(), reason);
      return statusOf(opened);
    }),
  resume: (target, { reason }) =>
    withTarget(target, async (opened) => {
      const look = lookAtFlow(opened.clock.now());
      await say(opened, { ...look, remove: [['pause']] }, 'resume', by(), reason);
      return statusOf(opened);
    }),
  status: (target) => withTarget(target, statusOf),
});

async function say({ table, clock }: OpenTarget, change: Change, what: string, by: string, reason: string) {
  await table.transact([changeFlow(change), noteOnFlow(clock.now(), what, by, reason)]);
}

async function statusOf({ table, clock }: OpenTarget): Promise<MailStatus> {
  const [flow, said] = await Promise.all([loadFlow(table), table.query({ ...flowLog, reverse: true, limit: LAST })]);
  return { now: clock.now(), flow, log: said.map((row) => saidSchema.parse(row)) };
}
