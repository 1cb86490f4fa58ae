import { ConditionFailed, Conflict, Throttled } from '#shared/errors.ts';
import type { Clock, Executions, Log, Metrics } from '#shared/ports.ts';
import { auditSoon, loadEnrolment } from '#shared/store/enrolments.ts';
import type { EnrolmentRef } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { type Enrolment, wakesAt } from './enrolment.ts';
import { isOwed } from './hear.ts';
import { executionName } from './ids.ts';

/**
 * Hints to the state machine. What has to happen stands in the rows; a hint only makes it happen soon. Each may be
 * given any number of times, and is recomputed from the row as it is now.
 */
export type HintDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly executions: Executions;
  readonly log: Log;
  readonly metrics: Metrics;
};

export const refOf = ({ contact, journey, key, n }: EnrolmentRef): EnrolmentRef => ({ contact, journey, key, n });

/**
 * Starts the passage's present leg, or does nothing when it runs already. A token that still stands is of the leg before,
 * which learns first that it is over: who is cut off after the start would leave it asleep.
 */
export async function startLeg(executions: Executions, enrolment: Enrolment): Promise<void> {
  const { journey, id, leg, turn, token } = enrolment;
  if (token !== undefined) await executions.succeed(token, {});
  await executions.start(executionName(journey, id, leg), { ...refOf(enrolment), leg, turn });
}

/**
 * Gives one passage what it needs now: its start, or the wake that it is owed. Where Step Functions takes no more starts
 * for now that is counted (`HintThrottled`) and left to review: the row of who has not begun is due within minutes, so that
 * the event need not come again for it. Throws Throttled where a wake is not taken: of that nobody else would know.
 */
export async function hint(ref: EnrolmentRef, deps: HintDeps): Promise<void> {
  const enrolment = await loadEnrolment(deps.table, ref);
  // One that was ended by others than its own turn still has an execution, which ends when its pause does.
  if (enrolment?.state === 'exited' && enrolment.token !== undefined)
    await deps.executions.succeed(enrolment.token, {});
  if (enrolment?.state !== 'inside') return;
  if (enrolment.next === 'start') await startSoon(enrolment, deps);
  else if (isOwed(enrolment) && enrolment.token !== undefined) await wake(enrolment, enrolment.token, deps);
}

async function startSoon(enrolment: Enrolment, { executions, metrics }: HintDeps): Promise<void> {
  try {
    await startLeg(executions, enrolment);
  } catch (error) {
    if (!(error instanceof Throttled)) throw error;
    metrics.count('HintThrottled', 1);
  }
}

/**
 * Answers the token of a pause. That it has ended at its moment is as good: the turn that follows sees what was heard.
 * Whoever ended it before, or does not know it, may leave the passage asleep, unless the row has moved: the audit looks
 * soon.
 */
async function wake(enrolment: Enrolment, token: string, deps: HintDeps): Promise<void> {
  const answer = await deps.executions.succeed(token, {});
  const now = deps.clock.now();
  if (answer === 'done' || (answer === 'timed-out' && (wakesAt(enrolment) ?? now) <= now)) return;
  const row = await loadEnrolment(deps.table, refOf(enrolment));
  if (!row || row.token !== token || row.seq !== enrolment.seq || row.turn !== enrolment.turn) return;
  await askForAudit(enrolment, now, deps.table);
  // A pause that is being tried again will see by itself what it is owed.
  if (answer === 'timed-out') return;
  deps.metrics.count('WakeLost', 1);
  deps.log.error('a pause is owed a wake and its token is unknown', {
    enrolment: enrolment.id,
    leg: enrolment.leg,
    turn: enrolment.turn,
  });
}

async function askForAudit(enrolment: Enrolment, now: Instant, table: Table): Promise<void> {
  try {
    await table.write(auditSoon(enrolment, now));
  } catch (error) {
    // It moves on just now.
    if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
  }
}
