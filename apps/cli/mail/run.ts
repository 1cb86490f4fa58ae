import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { MailRuns, MailStatus } from '#apps/cli/commands/mail.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import { flagsOf, type Target } from '#apps/cli/target/options.ts';
import { ownOf } from '#shared/own-of.ts';
import { nameOf } from '#shared/sending/announce-halt.ts';
import type { Scope, Trip } from '#shared/sending/breaker.ts';
import type { Flow } from '#shared/sending/flow.ts';
import { changeFlow, loadFlow, lookAtFlow, noteOnFlow, resumeFlow } from '#shared/store/flow.ts';
import { flowLog, flowLogAt } from '#shared/store/keys.ts';
import type { Change } from '#shared/store/table.ts';
import { receptionsOf, whatStands } from './receptions.ts';

/** Of what was said, so much is shown. */
const LAST = 10;

const NOTHING =
  'Nothing was paused, and nothing is halted by bounces or complaints: there is nothing to let go. What may leave says npx tropa mail status';

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
  resume: (target, { scopes, reason }) =>
    withTarget(target, async (opened) => {
      const now = opened.clock.now();
      const flow = await loadFlow(opened.table);
      const trips = scopes.length === 0 ? (flow.trips ?? {}) : tripsOf(scopes, flow, target);
      // What was said of it before stays the last word.
      if (!flow.pause && Object.keys(trips).length === 0) throw new BadInput(`${NOTHING} ${flagsOf(target)}`);
      const { set = [], remove = [] } = resumeFlow(trips, now);
      const change = {
        set: [...set, ...(lookAtFlow(now).set ?? [])],
        remove: [...remove, ...(scopes.length === 0 ? ([['pause']] as const) : [])],
      };
      await say(opened, change, ['resume', ...Object.keys(trips)].join(' '), by(), reason);
      return statusOf(opened);
    }),
  status: (target) => withTarget(target, statusOf),
});

/** Those of these scopes. Throws BadInput where one does not stand still. */
function tripsOf(scopes: readonly Scope[], flow: Flow, target: Target): Record<Scope, Trip> {
  return Object.fromEntries(
    scopes.map((scope) => {
      const trip = ownOf(flow.trips, scope);
      if (!trip)
        throw new BadInput(`${nameOf(scope)} is not halted by bounces or complaints. ${whatStands(flow, target)}`);
      return [scope, trip];
    }),
  );
}

async function say({ table, clock }: OpenTarget, change: Change, what: string, by: string, reason: string) {
  const at = clock.now();
  // A laptop's time stands still between two commands.
  const before = await table.query(flowLogAt(at));
  await table.transact([changeFlow(change), noteOnFlow(at, what, by, reason, before.length)]);
}

async function statusOf(opened: OpenTarget): Promise<MailStatus> {
  const { table, clock } = opened;
  const [flow, said] = await Promise.all([loadFlow(table), table.query({ ...flowLog, reverse: true, limit: LAST })]);
  const received = await receptionsOf(opened, flow);
  return { now: clock.now(), flow, received, log: said.map((row) => saidSchema.parse(row)) };
}
