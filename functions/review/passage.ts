import * as z from 'zod';
import { type Enrolment, legInputSchema, wakesAt } from '#shared/enrolment/enrolment.ts';
import { hint, refOf, startLeg } from '#shared/enrolment/hints.ts';
import { executionName } from '#shared/enrolment/ids.ts';
import { isHopeless, nextLegOf, strandedOf } from '#shared/enrolment/leg.ts';
import { Unprocessable } from '#shared/errors.ts';
import { forgetToken, loadEnrolment, putTurn, readEnrolment } from '#shared/store/enrolments.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** A passage that review has looked at is left alone for so long, so that a slow execution is not overtaken. */
const PATIENCE = 15 * 60_000;

/**
 * The audit of a passage that should have moved by now. One that never started is started; one whose pause should have
 * ended is woken; one whose execution is gone goes on in a new leg; one that is over lets its execution go.
 */
export async function reviewPassage(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const row = await deps.table.get(key);
  const enrolment = readEnrolment(row);
  const due = row?.['due'];
  if (!enrolment || typeof due !== 'string' || due > now) return;
  if (enrolment.state !== 'inside') return letGo(enrolment, deps);
  if (enrolment.stranded || (await isLost(enrolment, now, deps))) return goOn(enrolment, now, deps);
  await postpone(key, enrolment, now, deps);
}

/** One that was ended from outside: its execution sleeps on if whoever ended it died before saying so. */
async function letGo(enrolment: Enrolment, { executions, table }: ReviewDeps): Promise<void> {
  if (enrolment.token !== undefined) await executions.succeed(enrolment.token, {});
  await table.write(forgetToken(enrolment));
}

async function isLost(enrolment: Enrolment, now: Instant, deps: ReviewDeps): Promise<boolean> {
  if (enrolment.next === 'start') {
    const { journey, id, leg, turn, token } = enrolment;
    if (token !== undefined) await deps.executions.succeed(token, {});
    // `exists`: it ran under this name and is over, without having taken its turn.
    const started = await deps.executions.start(executionName(journey, id, leg), { ...refOf(enrolment), leg, turn });
    return started === 'exists';
  }
  const wakeAt = wakesAt(enrolment) ?? now;
  if (enrolment.token === undefined) return wakeAt < plusMillis(now, -PATIENCE);
  const answer = await deps.executions.succeed(enrolment.token, {});
  // A pause that timed out before its moment was given up, and no later attempt has parked.
  return answer === 'unknown' || (answer === 'timed-out' && wakeAt > now);
}

/** Looks again later; whoever takes a turn in between sets the time anew. */
async function postpone(key: Key, { seq, turn, leg }: Enrolment, now: Instant, deps: ReviewDeps): Promise<void> {
  const current = await deps.table.get(key);
  if (current?.['seq'] !== seq || current['turn'] !== turn || current['leg'] !== leg) return;
  await deps.table.write({
    kind: 'update',
    key,
    change: { set: [[['due'], plusMillis(now, PATIENCE)]] },
    if: { equals: { seq, turn, leg, state: 'inside' } },
  });
}

/** Goes on in a new execution, unless one after the other has broken off: then the passage is put aside. */
async function goOn(enrolment: Enrolment, now: Instant, deps: ReviewDeps, by?: string): Promise<void> {
  if (isHopeless(enrolment)) {
    await deps.table.write(putTurn(strandedOf(enrolment, by), enrolment, now));
    deps.metrics.count('PassageStranded', 1);
    return;
  }
  deps.metrics.count('PassageRecovered', 1);
  const next = nextLegOf(enrolment, now, by);
  await deps.table.write(putTurn(next, enrolment, now));
  await startLeg(deps.executions, next);
}

const strandedSchema = z.object({
  detail: z.object({ status: z.string(), input: z.string().nullish(), error: z.string().nullish() }),
});
/** Characters of an error's name, which the row of the passage keeps. Its message may quote anybody, and stays in the log. */
const NAME = 100;

/** An execution that failed, timed out or was aborted: its passage goes on in a new leg, unless it has moved on or is put aside. */
export async function recover(input: unknown, deps: ReviewDeps): Promise<void> {
  const parsed = strandedSchema.safeParse(input);
  const leg = legInputSchema.safeParse(
    parsed.success && parsed.data.detail.input ? JSON.parse(parsed.data.detail.input) : undefined,
  );
  if (!leg.success)
    throw new Unprocessable('bad-execution-event', 'the execution was not started by Tropa, or its input is missing');
  const enrolment = await loadEnrolment(deps.table, leg.data);
  if (enrolment?.state !== 'inside' || enrolment.stranded) return;
  // Told twice of it, the first time may have been cut off before the new leg was started.
  if (enrolment.leg !== leg.data.leg) return hint(refOf(enrolment), deps);
  const { status, error } = parsed.success ? parsed.data.detail : {};
  await goOn(enrolment, deps.clock.now(), deps, (error || status)?.slice(0, NAME));
}
