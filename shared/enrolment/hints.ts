import type { Executions, Log, Metrics } from '#shared/ports.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import type { Enrolment } from './enrolment.ts';
import { isOwed } from './hear.ts';
import { executionName } from './ids.ts';

/**
 * Hints to the state machine. What has to happen stands in the rows; a hint only makes it happen soon. Each may be
 * given any number of times, and is recomputed from the row as it is now.
 */
export type HintDeps = {
  readonly table: Table;
  readonly executions: Executions;
  readonly log: Log;
  readonly metrics: Metrics;
};

export const refOf = ({ contact, journey, key, n }: EnrolmentRef): EnrolmentRef => ({ contact, journey, key, n });

/** Starts the passage's present leg, or does nothing when it runs already. */
export async function startLeg(executions: Executions, enrolment: Enrolment): Promise<void> {
  const { journey, id, leg, turn } = enrolment;
  await executions.start(executionName(journey, id, leg), { ...refOf(enrolment), leg, turn });
}

/** Gives one passage what it needs now: its start, or the wake that it is owed. */
export async function hint(ref: EnrolmentRef, deps: HintDeps): Promise<void> {
  const enrolment = await loadEnrolment(deps.table, ref);
  // One that was ended by others than its own turn still has an execution, which ends when its pause does.
  if (enrolment?.state === 'exited' && enrolment.token !== undefined)
    await deps.executions.succeed(enrolment.token, {});
  if (enrolment?.state !== 'inside') return;
  if (enrolment.next === 'start') await startLeg(deps.executions, enrolment);
  else if (isOwed(enrolment) && enrolment.token !== undefined) await wake(enrolment, enrolment.token, deps);
}

/** Answers the token of a pause. That it has ended already is as good; that nobody knows it is not, unless the row has moved. */
async function wake(enrolment: Enrolment, token: string, deps: HintDeps): Promise<void> {
  const answer = await deps.executions.succeed(token, {});
  if (answer !== 'unknown') return;
  const now = await loadEnrolment(deps.table, refOf(enrolment));
  if (!now || now.token !== token || now.seq !== enrolment.seq || now.turn !== enrolment.turn) return;
  // The audit will find the pause when it is due; until then this passage sleeps through what it was owed.
  deps.metrics.count('WakeLost', 1);
  deps.log.error('a pause is owed a wake and its token is unknown', {
    enrolment: enrolment.id,
    leg: enrolment.leg,
    turn: enrolment.turn,
  });
}
