import { recordFact } from '#shared/message/record-fact.ts';
import { CLAIM_LEASE, readMessage, releaseMessage } from '#shared/store/messages.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** How long after a hint review gives the next, if nobody took the message. */
const HINT_AGAIN = 15 * 60_000;

/**
 * A message that should be out by now. One that is queued is hinted again. One that was claimed, with no word from the
 * provider since, may or may not have gone: marketing becomes `unknown` and is never sent again, a transactional one is
 * sent once more.
 */
export async function reviewMessage(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const row = await deps.table.get(key);
  const message = readMessage(row);
  const due = row?.['due'];
  if (!message || message.state === 'done' || typeof due !== 'string' || due > now) return;
  if (message.state === 'claimed') {
    if ((message.claim?.at ?? '') > plusMillis(now, -CLAIM_LEASE)) return;
    if (message.lane === 'marketing' || (message.claim?.attempt ?? 1) > 1) {
      await recordFact(message, { fact: 'unknown', at: now, reason: 'no word from the provider' }, deps);
      return;
    }
    await deps.table.write(releaseMessage(message, plusMillis(now, HINT_AGAIN)));
  } else {
    await deps.table.write({
      kind: 'update',
      key,
      change: { set: [[['due'], plusMillis(now, HINT_AGAIN)]] },
      if: { equals: { state: 'queued' } },
    });
  }
  await deps.outbox[message.lane].send([{ contact: message.contact, message: message.id }]);
}
