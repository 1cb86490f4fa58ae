import type { BusEntry } from '#shared/ports.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { MailEntry } from './mails.ts';

export const CONFIGURATION_SET = 'tropa';

const DETAIL_TYPES = {
  Send: 'Email Sent',
  Delivery: 'Email Delivered',
  Open: 'Email Opened',
  Click: 'Email Clicked',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
} as const;
export const SES_KINDS = ['Send', 'Delivery', 'Open', 'Click', 'Bounce', 'Complaint'] as const;
export type SesKind = (typeof SES_KINDS)[number];

/** A link of a mail, as `linksOf` finds it. */
export type Link = { readonly href: string; readonly name?: string };
/** Of a mail without links, or whose text is not kept. */
const SOMEWHERE: Link = { href: 'https://shop.example/' };

/**
 * What SES puts on the default bus about a mail, as far as it can be known here. Of whoever opens and clicks it says no agent
 * and no address: what is done in the inbox is a person's, and is believed at once.
 */
export function sesEntry(mail: MailEntry, kind: SesKind, now: Instant, link?: Link): BusEntry {
  const named = { ...mail.tags, 'ses:configuration-set': CONFIGURATION_SET };
  const tags = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, [value]]));
  return {
    source: 'aws.ses',
    detailType: DETAIL_TYPES[kind],
    detail: {
      eventType: kind,
      mail: { timestamp: mail.at, messageId: mail.id, destination: [mail.to], tags },
      ...PARTICULARS[kind](mail, now, link),
    },
  };
}

const PARTICULARS: Readonly<Record<SesKind, (mail: MailEntry, timestamp: Instant, link?: Link) => object>> = {
  Send: () => ({ send: {} }),
  Delivery: ({ to }, timestamp) => ({
    delivery: { timestamp, recipients: [to], processingTimeMillis: 2000, smtpResponse: '250 2.0.0 OK' },
  }),
  Open: (_, timestamp) => ({ open: { timestamp } }),
  Click: (_, timestamp, { href, name } = SOMEWHERE) => ({
    click: { timestamp, link: href, linkTags: name === undefined ? null : { link: [name] } },
  }),
  Bounce: ({ id, to }, timestamp) => ({
    bounce: {
      timestamp,
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: to }],
      feedbackId: id,
    },
  }),
  Complaint: ({ id, to }, timestamp) => ({
    complaint: {
      timestamp,
      complainedRecipients: [{ emailAddress: to }],
      complaintFeedbackType: 'abuse',
      feedbackId: id,
    },
  }),
};
