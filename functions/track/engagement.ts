import { isEarly, WAITS_FOR } from '#shared/engagement/clicks.ts';
import { isMachine, type Visitor } from '#shared/engagement/machines.ts';
import type { Message } from '#shared/message/message.ts';
import { type FactDeps, recordFact } from '#shared/message/record-fact.ts';
import { isNewTo, noteClick, readGlance } from '#shared/store/glances.ts';
import { glanceKey } from '#shared/store/keys.ts';
import { noteMachine } from '#shared/store/messages.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { SesDetail, Word } from './words.ts';

/** An image is not loaded by a reader so soon after SES has taken the mail. */
const UNREAD_FOR = 2000;

/**
 * An opening or a click: of a person, of a program, or of nobody knows yet whom. `believed` is what its message, and
 * whoever waits for it, gets to know now; the others are noted aside, or wait for review.
 */
export async function weigh(
  message: Message,
  word: Word,
  detail: SesDetail,
  deps: FactDeps,
): Promise<'believed' | 'aside'> {
  const { fact, at } = word;
  if (fact !== 'opened' && fact !== 'clicked') return 'believed';
  const visitor: Visitor = (fact === 'opened' ? detail.open : detail.click) ?? {};
  const isTold = visitor.userAgent !== undefined || visitor.ipAddress !== undefined;
  if (!isTold) return 'believed';
  const isPreload = fact === 'opened' && at < plusMillis(detail.mail.timestamp, UNREAD_FOR);
  if (isMachine(visitor) || isPreload) {
    await sentAtLeast(message, detail, deps);
    await deps.table.write(noteMachine(message, fact, at));
    deps.metrics.count('MachineEngagement', 1, { fact });
    return 'aside';
  }
  if (fact === 'opened' || !isEarly(at, message.facts.delivered)) return 'believed';
  await sentAtLeast(message, detail, deps);
  await hold(message, { at, link: word.link ?? '', providerId: detail.mail.messageId }, detail.mail.timestamp, deps);
  return 'aside';
}

/** Whoever opens or clicks, the mail has gone: nobody may think that it has not. */
async function sentAtLeast(message: Message, { mail }: SesDetail, deps: FactDeps): Promise<void> {
  if (message.state === 'done') return;
  await recordFact(message, { fact: 'sent', at: mail.timestamp, providerId: mail.messageId }, deps);
}

async function hold(
  message: Message,
  click: { readonly at: Instant; readonly link: string; readonly providerId: string },
  mailed: Instant,
  { table, clock }: FactDeps,
): Promise<void> {
  const known = readGlance(await table.get(glanceKey(message.contact, message.id)));
  if (!isNewTo(known, click)) return;
  await table.write(noteClick(message, click, { mailed, due: plusMillis(clock.now(), WAITS_FOR) }));
}
