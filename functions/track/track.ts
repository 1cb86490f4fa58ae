import * as z from 'zod';
import { hasStatus } from '#shared/condition/messages.ts';
import { identitiesOf } from '#shared/contact/identity.ts';
import { Unprocessable } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import { type FactDeps, recordFact } from '#shared/message/record-fact.ts';
import { ownOf } from '#shared/own-of.ts';
import { loadMessage } from '#shared/store/messages.ts';
import { identityKeyOf, loadProfile } from '#shared/store/profiles.ts';
import { weigh } from './engagement.ts';
import { heedAddress, suppressFor } from './stop-writing.ts';
import { sesEventSchema, tag, WORDS, type Word } from './words.ts';

export type TrackDeps = FactDeps;

/** A mail to the shop's own people, which is about no contact: of `tell` to an author, of `call` to a colleague, of `tropa mail test`. */
const ownEventSchema = z.object({
  detail: z.object({
    eventType: z.string(),
    mail: z.object({
      tags: z.union([
        z.object({ report: tag }).loose(),
        z.object({ call: tag }).loose(),
        z.object({ test: tag }).loose(),
      ]),
    }),
  }),
});

/**
 * Folds one SES event into what is known of its message, and of its contact. Facts only grow, so that events may come
 * twice and in any order. Throws Unprocessable for what is not an SES event about a message of ours.
 */
export async function track(input: unknown, deps: TrackDeps): Promise<void> {
  const parsed = sesEventSchema.safeParse(input);
  if (!parsed.success) {
    const own = ownEventSchema.safeParse(input);
    if (own.success) return countOwn(own.data.detail, deps);
    throw new Unprocessable('bad-ses-event', z.prettifyError(parsed.error));
  }
  const { detail } = parsed.data;
  const read = ownOf(WORDS, detail.eventType);
  if (!read) throw new Unprocessable('unknown-ses-event', `SES says "${detail.eventType}"`);
  const word = read(detail);
  deps.metrics.count('MailEvent', 1, { kind: detail.eventType });
  if (!word) return;
  const [contact = ''] = detail.mail.tags.contact;
  const [id = ''] = detail.mail.tags.message;
  const message = await loadMessage(deps.table, contact, id);
  if (!message) {
    // Who asks to be erased often complains, too.
    await suppressFor(word, detail.mail.destination, deps);
    // Late words of who was erased recreate nobody, and must not lie with their address among the dead letters.
    if (await isErased(contact, deps)) return deps.metrics.count('MailEventOfNobody', 1);
    throw new Unprocessable('unknown-message', `no message ${id} is known`);
  }
  if (isAutomaticReply(message, word)) return;
  await heedAddress(message, word, detail.mail.destination, deps);
  if ((await weigh(message, word, detail, deps)) === 'aside') return;
  const { subtype: _, ...fact } = word;
  const hard = countsWithSes(word) ? { hardBounced: word.at } : {};
  await recordFact(message, { ...fact, ...hard, providerId: detail.mail.messageId }, deps);
}

/** Their profile goes last: until then their identities say it. */
async function isErased(contact: string, { table }: TrackDeps): Promise<boolean> {
  const profile = await loadProfile(table, contact);
  if (!profile) return true;
  const rows = await table.batchGet(identitiesOf(profile.identities).map(identityKeyOf));
  return rows.some((row) => row?.['erased'] !== undefined);
}

/** SES reckons its rate of bounces from those for good, without those to addresses on the account's own list. */
const countsWithSes = ({ fact, reason, subtype }: Word): boolean =>
  fact === 'bounced' && reason === 'Permanent' && subtype !== 'OnAccountSuppressionList';

/** Their addresses are nobody's whom journeys write to: there is nothing to fold, and SES itself keeps what bounces. */
const countOwn = ({ eventType: kind, mail }: z.infer<typeof ownEventSchema>['detail'], { metrics }: TrackDeps): void =>
  metrics.count(
    'report' in mail.tags ? 'AuthorMailEvent' : 'call' in mail.tags ? 'CallMailEvent' : 'TestMailEvent',
    1,
    { kind },
  );

/**
 * SES tells of a soft bounce when it has given up, so it is an end like any other: but for an absence note, which comes
 * back from a mailbox that has the mail.
 */
const isAutomaticReply = (message: Message, { fact, reason }: Word): boolean =>
  fact === 'bounced' && reason === 'Transient' && hasStatus(message, 'delivered');
