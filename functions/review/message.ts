import { ConditionFailed } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import { recordFact, repeatFacts } from '#shared/message/record-fact.ts';
import type { Scope } from '#shared/sending/breaker.ts';
import { type Halt, haltOf, trippedPart } from '#shared/sending/flow.ts';
import { engagedHour, warmUpDay } from '#shared/sending/warm-up.ts';
import { parkMessage } from '#shared/store/flow.ts';
import { CLAIM_LEASE, readMessage, releaseMessage, settleMessage } from '#shared/store/messages.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps, Run } from './review.ts';

/** How long after a hint review gives the next, if nobody took the message. */
export const HINT_AGAIN = 15 * 60_000;

/**
 * A message that should be out by now. One that is queued is hinted again. One that was claimed, with no word from the
 * provider since, may or may not have gone: marketing becomes `unknown` and is never sent again, a transactional one is
 * sent once more.
 */
export async function reviewMessage(key: Key, now: Instant, deps: Run): Promise<void> {
  const row = await deps.table.get(key);
  const message = readMessage(row);
  const due = row?.['due'];
  if (!message || typeof due !== 'string' || due > now) return;
  if (message.state === 'done') return tellPassage(message, deps);
  if (message.state === 'claimed') {
    const { at = '', attempt = 1 } = message.claim ?? {};
    if (at > plusMillis(now, -CLAIM_LEASE)) return;
    if (message.lane === 'marketing' || attempt > 1) return giveUp(message, now, deps);
    await deps.table.write(releaseMessage(message, at, plusMillis(now, HINT_AGAIN)));
  } else {
    const halt = haltOf(deps.flow, message.lane, now);
    const part = trippedPart(deps.flow, message);
    if (halt) return park(message, halt, deps);
    if (part) return park(message, 'breaker', deps, part);
    if (message.lane === 'marketing' && deps.hints.left <= 0) return park(message, undefined, deps);
    if (message.lane === 'marketing') deps.hints.left -= 1;
    await deps.table.write({
      kind: 'update',
      key,
      change: { set: [[['due'], plusMillis(now, HINT_AGAIN)]] },
      if: { equals: { state: 'queued' } },
    });
  }
  await deps.outbox[message.lane].send([{ contact: message.contact, message: message.id }]);
}

/** Nobody needs to look at it until mail may go, or until those that are before it have gone. */
async function park(message: Message, halt: Halt | undefined, deps: ReviewDeps, part?: Scope): Promise<void> {
  const { table, clock, warmUp } = deps;
  const profile = warmUpDay(warmUp, clock.now()) && (await loadProfile(table, message.contact));
  try {
    await table.write(parkMessage(message, halt, { part, engaged: profile && engagedHour(profile) }));
  } catch (error) {
    // A sender has it.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Nobody will know, unless the provider speaks just now: then what it says stands. */
async function giveUp(message: Message, now: Instant, deps: ReviewDeps): Promise<void> {
  try {
    await recordFact(message, { fact: 'unknown', at: now, reason: 'no word from the provider' }, deps);
  } catch (error) {
    if (error instanceof ConditionFailed) return;
    throw error;
  }
  await tellPassage(message, deps);
}

/** A message of which nobody else will speak stays due until its passage has been told. */
async function tellPassage(message: Message, deps: ReviewDeps): Promise<void> {
  await repeatFacts(message, deps);
  await deps.table.write(settleMessage(message));
}
