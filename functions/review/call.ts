import { hintCallAgain, readCall } from '#shared/store/calls.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** How long after a hint review gives the next, if nobody took the call. */
const HINT_AGAIN = 5 * 60_000;

/** A call that is to be tried again, that nobody took, or whose attempt broke off: it is hinted. */
export async function reviewCall(key: Key, now: Instant, { table, calls }: ReviewDeps): Promise<void> {
  const row = await table.get(key);
  const call = readCall(row);
  const due = row?.['due'];
  if (call?.state !== 'queued' || typeof due !== 'string' || due > now) return;
  await table.write(hintCallAgain(call, due, plusMillis(now, HINT_AGAIN)));
  await calls.send([{ contact: call.contact, call: call.id }]);
}
