import * as z from 'zod';
import { hasStatus } from '#shared/condition/messages.ts';
import { normalise } from '#shared/contact/identity.ts';
import { Unprocessable } from '#shared/errors.ts';
import { messageHappening } from '#shared/event/notice.ts';
import { putEvents } from '#shared/event/put.ts';
import type { Message, MessageFact } from '#shared/message/message.ts';
import { type FactDeps, recordFact } from '#shared/message/record-fact.ts';
import { ownOf } from '#shared/own-of.ts';
import { loadMessage } from '#shared/store/messages.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { suppress } from '#shared/store/suppressions.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';

export type TrackDeps = FactDeps;

const tag = z.array(z.string()).min(1);
const happening = z.object({ timestamp: instantSchema.optional() }).optional();

/** SES events as EventBridge delivers them; what Tropa does not look at is left out. */
const sesEventSchema = z.object({
  detail: z.object({
    eventType: z.string(),
    mail: z.object({
      timestamp: instantSchema,
      messageId: z.string(),
      destination: z.array(z.string()),
      tags: z.object({ contact: tag, message: tag }).loose(),
    }),
    delivery: happening,
    open: happening,
    click: z
      .object({
        timestamp: instantSchema.optional(),
        link: z.string().optional(),
        linkTags: z.record(z.string(), z.array(z.string())).nullish(),
      })
      .optional(),
    bounce: z.object({ timestamp: instantSchema.optional(), bounceType: z.string().optional() }).optional(),
    complaint: happening,
    reject: z.object({ reason: z.string().optional() }).optional(),
    failure: z.object({ errorMessage: z.string().optional() }).optional(),
  }),
});
type SesDetail = z.infer<typeof sesEventSchema>['detail'];

/** A mail to the shop's own people, which is about no contact: of `tell` to an author, of `call` to a colleague. */
const ownEventSchema = z.object({
  detail: z.object({
    eventType: z.string(),
    mail: z.object({ tags: z.union([z.object({ report: tag }).loose(), z.object({ call: tag }).loose()]) }),
  }),
});

type Word = { readonly fact: MessageFact; readonly at: Instant; readonly reason?: string; readonly link?: string };

const LONGEST_LINK = 200;

/** The name that the template gives the link (see link-names.ts), else its address, without what tells of the reader. */
function linkOf(click: SesDetail['click']): { link?: string } {
  const name = click?.linkTags?.['link']?.[0] ?? click?.link?.replace(/[?#].*$/s, '');
  return name ? { link: name.slice(0, LONGEST_LINK) } : {};
}

/** What SES says, as a fact of the message. Undefined: a delay, of which more will be heard. */
const WORDS: Readonly<Record<string, (detail: SesDetail) => Word | undefined>> = {
  Send: ({ mail }) => ({ fact: 'sent', at: mail.timestamp }),
  Delivery: ({ mail, delivery }) => ({ fact: 'delivered', at: delivery?.timestamp ?? mail.timestamp }),
  Open: ({ mail, open }) => ({ fact: 'opened', at: open?.timestamp ?? mail.timestamp }),
  Click: ({ mail, click }) => ({ fact: 'clicked', at: click?.timestamp ?? mail.timestamp, ...linkOf(click) }),
  Bounce: ({ mail, bounce }) => ({
    fact: 'bounced',
    at: bounce?.timestamp ?? mail.timestamp,
    reason: bounce?.bounceType ?? 'Undetermined',
  }),
  Complaint: ({ mail, complaint }) => ({ fact: 'complained', at: complaint?.timestamp ?? mail.timestamp }),
  Reject: ({ mail, reject }) => ({ fact: 'failed', at: mail.timestamp, reason: reject?.reason ?? 'rejected' }),
  'Rendering Failure': ({ mail }) => ({ fact: 'failed', at: mail.timestamp, reason: 'rendering' }),
  DeliveryDelay: () => undefined,
};

/**
 * Folds one SES event into what is known of its message, and of its contact. Facts only grow, so that events may come
 * twice and in any order. Throws Unprocessable for what is not an SES event about a message of ours.
 */
export async function track(input: unknown, deps: TrackDeps): Promise<void> {
  const own = ownEventSchema.safeParse(input);
  if (own.success) return countOwn(own.data.detail, deps);
  const parsed = sesEventSchema.safeParse(input);
  if (!parsed.success) throw new Unprocessable('bad-ses-event', z.prettifyError(parsed.error));
  const { detail } = parsed.data;
  const read = ownOf(WORDS, detail.eventType);
  if (!read) throw new Unprocessable('unknown-ses-event', `SES says "${detail.eventType}"`);
  const word = read(detail);
  deps.metrics.count('MailEvent', 1, { kind: detail.eventType });
  if (!word) return;
  const [contact = ''] = detail.mail.tags.contact;
  const [id = ''] = detail.mail.tags.message;
  const message = await loadMessage(deps.table, contact, id);
  if (!message) throw new Unprocessable('unknown-message', `no message ${id} is known`);
  if (isAutomaticReply(message, word)) return;
  if (isForGood(word)) await stopWriting(message, word, detail, deps);
  await recordFact(message, { ...word, providerId: detail.mail.messageId }, deps);
}

/** Their addresses are nobody's whom journeys write to: there is nothing to fold, and SES itself keeps what bounces. */
const countOwn = ({ eventType: kind, mail }: z.infer<typeof ownEventSchema>['detail'], { metrics }: TrackDeps): void =>
  metrics.count('report' in mail.tags ? 'AuthorMailEvent' : 'CallMailEvent', 1, { kind });

/**
 * SES tells of a soft bounce when it has given up, so it is an end like any other: but for an absence note, which comes
 * back from a mailbox that has the mail.
 */
const isAutomaticReply = (message: Message, { fact, reason }: Word): boolean =>
  fact === 'bounced' && reason === 'Transient' && hasStatus(message, 'delivered');

/** Of a mailbox that is full today, or of which SES cannot say what is wrong, the next mail may arrive. */
const isForGood = ({ fact, reason }: Word): boolean =>
  fact === 'complained' || (fact === 'bounced' && reason === 'Permanent');

/**
 * An address that bounces for good or complains gets no more mail; a complaint also withdraws consent. The address is
 * the one that SES was given: the contact may have another by now.
 */
async function stopWriting(message: Message, { fact, at }: Word, { mail }: SesDetail, deps: TrackDeps): Promise<void> {
  const hashes = mail.destination.map((address) => emailHash(normalise('email', address)));
  await Promise.all(hashes.map((hash) => deps.table.write(suppress('email', hash, fact, at))));
  const profile = fact === 'complained' ? await loadProfile(deps.table, message.contact) : undefined;
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
