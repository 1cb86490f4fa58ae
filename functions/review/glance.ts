import { isScan, WAITS_FOR } from '#shared/engagement/clicks.ts';
import { recordFact } from '#shared/message/record-fact.ts';
import { readGlance, settleGlance } from '#shared/store/glances.ts';
import { loadMessage, noteMachine } from '#shared/store/messages.ts';
import type { Key } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** Those that would give a click away have been told by then. */
const SETTLES_AFTER = WAITS_FOR / 2;

/**
 * Clicks on a mail in its first minutes, which have waited: those that are a person's become facts now, with their own
 * times. May be interrupted and repeated: a fact stands once, and the row stays due until all is written.
 */
export async function reviewGlance(key: Key, now: Instant, deps: ReviewDeps): Promise<void> {
  const glance = readGlance(await deps.table.get(key));
  if (glance?.due === undefined || glance.due > now) return;
  const message = await loadMessage(deps.table, glance.contact, glance.message);
  // Erased, or long gone.
  if (!message) return void (await deps.table.write({ kind: 'delete', key }));
  const arrival = { delivered: message.facts.delivered, mailed: glance.mailed };
  const until = plusMillis(now, -SETTLES_AFTER);
  for (const click of glance.clicks.filter(({ at }) => at <= until)) {
    const { link, at, providerId } = click;
    if (isScan(click, glance.clicks, arrival)) await deps.table.write(noteMachine(message, 'clicked', at));
    else await recordFact(message, { fact: 'clicked', at, providerId, ...(link !== '' && { link }) }, deps);
  }
  const waiting = glance.clicks.some(({ at }) => at > until);
  await deps.table.write(settleGlance(glance, waiting ? plusMillis(now, WAITS_FOR) : undefined));
}
