import * as z from 'zod';
import { answerListener, type Call, isTooLate, nextAttempt } from '#shared/call/call.ts';
import type { CallVerdict } from '#shared/call/verdict.ts';
import { type HintDeps, hint, refOf } from '#shared/enrolment/hints.ts';
import { keptOf, missingIn } from '#shared/enrolment/kept-data.ts';
import { ConditionFailed, Conflict, Unprocessable } from '#shared/errors.ts';
import { type CallEnd, claimCall, endCall, loadCall, retryCall } from '#shared/store/calls.ts';
import { noteHeard } from '#shared/store/heard.ts';
import type { Write } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type AttemptDeps, attempt } from './attempt.ts';

export type CallDeps = HintDeps & AttemptDeps;

/** Milliseconds by which the clock that found it due may be ahead of this one. */
const CLOCKS_DIFFER = 2000;

const hintSchema = z.object({ contact: z.string(), call: z.string() });

/**
 * One attempt to tell an endpoint, if it is time for one. What comes of it is noted together with the passage's hearing of
 * it, then the passage is woken; whoever finds the call done wakes it again. Throws Unprocessable for what is no hint.
 */
export async function call(body: unknown, deps: CallDeps): Promise<void> {
  const named = hintSchema.safeParse(body);
  if (!named.success) throw new Unprocessable('no-hint', 'this names no call', { cause: named.error });
  const known = await loadCall(deps.table, named.data.contact, named.data.call);
  if (!known) return;
  if (known.state === 'done') return wake(known, deps);
  const now = deps.clock.now();
  // Somebody else has it, or its pause is not over: what is due brings it back.
  if (known.next > plusMillis(now, CLOCKS_DIFFER)) return;
  try {
    if (isTooLate(known, now)) return await end(known, { at: now, reason: known.reason ?? 'too-late' }, deps);
    await deps.table.write(claimCall(known, now));
    const mine = { ...known, attempts: known.attempts + 1 };
    await conclude(mine, await attempt(mine, deps), deps);
  } catch (error) {
    // Somebody else has it by now, and goes on with it.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

async function conclude(given: Call, verdict: CallVerdict, deps: CallDeps): Promise<void> {
  const now = deps.clock.now();
  const { endpoint, journey, step } = given;
  if ('ok' in verdict) {
    const { status, said = {}, reply } = verdict;
    const kept = keptOf(reply, { left: {} });
    return end(given, { at: now, reply: kept, status, unread: missingIn(kept, said) }, deps);
  }
  const reason = 'again' in verdict ? verdict.again : verdict.refused;
  const next = 'again' in verdict ? nextAttempt(given, now, verdict.retryAfter) : undefined;
  deps.log.warn('an endpoint did not take a call', { endpoint, journey, step, reason, attempts: given.attempts });
  if (next === undefined) return end(given, { at: now, reason }, deps);
  deps.metrics.count('CallRetried', 1, { endpoint });
  await deps.table.write(retryCall(given, next, reason));
}

async function end(given: Call, what: CallEnd, deps: CallDeps): Promise<void> {
  if ('reason' in what) deps.metrics.count('CallFailed', 1, { endpoint: given.endpoint });
  const ended = endCall(given, what);
  if (!given.waits) return void (await deps.table.write(ended));
  const said = { event: given.id, type: 'call', at: what.at };
  try {
    await together([ended, noteHeard(refOf(given), [answerListener(given.step)], said, what.at)], deps);
  } catch (error) {
    // A passage's row leaves before its calls do: what nobody is left to hear is noted all the same.
    const isGone = error instanceof ConditionFailed && error.failed.length === 1 && error.failed[0] === 1;
    if (!isGone) throw error;
    return void (await deps.table.write(ended));
  }
  await wake(given, deps);
}

const TRIES = 5;

/** Others write to the passage, too. To begin anew would tell the endpoint once more. */
async function together(writes: readonly Write[], { table, clock }: CallDeps): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return void (await table.transact(writes));
    } catch (error) {
      if (!(error instanceof Conflict) || tried === TRIES) throw error;
      await clock.sleep(20 * 2 ** tried);
    }
  }
}

const wake = async (given: Call, deps: CallDeps): Promise<void> => {
  if (given.waits) await hint(refOf(given), deps);
};
