import { normalise } from '#shared/contact/identity.ts';
import { messageHappening } from '#shared/event/notice.ts';
import { putEvents } from '#shared/event/put.ts';
import type { Message } from '#shared/message/message.ts';
import type { FactDeps } from '#shared/message/record-fact.ts';
import { tooOftenAt, withBounce, withDelivery } from '#shared/sending/soft-bounces.ts';
import { loadMessages } from '#shared/store/messages.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { changeSoftBounces } from '#shared/store/soft-bounces.ts';
import {
  loadSuppression,
  type SuppressionReason,
  suppressUnlessLifted,
  unsuppress,
} from '#shared/store/suppressions.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Word } from './words.ts';

/** Where the mail went: the address that SES was given, as the contact may have another by now. */
const hashesOf = (destination: readonly string[]): string[] =>
  destination.map((address) => emailHash(normalise('email', address)));

/** What one word of SES means for the address, beside what it means for the message. */
export async function heedAddress(
  message: Message,
  word: Word,
  destination: readonly string[],
  deps: FactDeps,
): Promise<void> {
  const hashes = hashesOf(destination);
  if (await suppressFor(word, destination, deps)) {
    if (word.fact === 'complained') await withdraw(message, word.at, deps);
  } else if (word.fact === 'bounced') {
    for (const hash of hashes) await countSoft(hash, message, word.at, deps);
  } else if (word.fact === 'delivered') {
    for (const hash of hashes) await arrived(hash, message, word.at, deps);
  }
}

/** Whether a word of SES means that the address gets no more mail, whoever had it: then it gets none from now on. */
export async function suppressFor(word: Word, destination: readonly string[], deps: FactDeps): Promise<boolean> {
  const reason = reasonFor(word);
  if (!reason) return false;
  for (const hash of hashesOf(destination)) await put(hash, reason, word.at, deps);
  return true;
}

/**
 * Why an address gets no more mail. SES takes a mail to an address on its own list (the account's or its own global one)
 * and answers with a bounce of a subtype that says so, without having tried.
 */
function reasonFor({ fact, reason, subtype }: Word): SuppressionReason | undefined {
  if (fact === 'complained') return 'complained';
  if (fact !== 'bounced') return undefined;
  // A mail to an address on the list of the account is told as Permanent; should that ever change, the subtype says enough.
  if (subtype === 'OnAccountSuppressionList' || subtype === 'Suppressed') return 'provider-list';
  return reason === 'Permanent' ? 'bounced' : undefined;
}

async function put(hash: string, reason: SuppressionReason, at: Instant, { table, metrics }: FactDeps): Promise<void> {
  if (await suppressUnlessLifted(table, 'email', hash, reason, at)) metrics.count('Suppressed', 1, { reason });
}

/** A mailbox that is full today may take the next mail; one that takes none for weeks is given up. */
async function countSoft(hash: string, message: Message, at: Instant, deps: FactDeps): Promise<void> {
  const known = await changeSoftBounces(deps.table, 'email', hash, (before) => withBounce(before, message.id, at));
  if (!known || tooOftenAt(known) === undefined) return;
  // Deliveries that were told before the first bounce was stand with their messages.
  const others = await loadMessages(deps.table, [message.contact]);
  const after = await changeSoftBounces(deps.table, 'email', hash, (before) =>
    others.reduce(
      (now, { id, facts }) => now && (facts.delivered === undefined ? now : withDelivery(now, id, facts.delivered)),
      before,
    ),
  );
  const since = after && tooOftenAt(after);
  if (since) await put(hash, 'soft-bounces', since, deps);
}

/** A mail has arrived: what bounced before it counts no more, and a verdict that stood on it falls. */
async function arrived(hash: string, message: Message, at: Instant, { table }: FactDeps): Promise<void> {
  const known = await changeSoftBounces(
    table,
    'email',
    hash,
    (before) => before && withDelivery(before, message.id, at),
  );
  if (!known || tooOftenAt(known) !== undefined) return;
  const suppression = await loadSuppression(table, 'email', hash);
  if (suppression?.reason !== 'soft-bounces' || suppression.complained !== undefined) return;
  await table.write(unsuppress('email', hash, suppression));
}

/** Who reports a mail as spam wants no more of that kind: the event withdraws the consent, and marketing journeys end. */
async function withdraw(message: Message, at: Instant, deps: FactDeps): Promise<void> {
  const profile = await loadProfile(deps.table, message.contact);
  if (!profile) return;
  await putEvents(deps.bus, [
    {
      ...messageHappening(message, { fact: 'complained', at }),
      contact: profile.contact,
      consents: [
        {
          channel: message.channel,
          topic: 'marketing',
          state: 'denied',
          at,
          source: 'complaint',
          wording: 'reported as spam',
        },
      ],
    },
  ]);
}
