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

/** What programs do by themselves: Apple's proxy loads the images, a scanner follows all links when the mail arrives. */
export const PROGRAMS = ['ProxyOpen', 'Scan'] as const;
export type Program = (typeof PROGRAMS)[number];

/** A link of a mail, as `linksOf` finds it. */
export type Link = { readonly href: string; readonly name?: string };
/** Of a mail without links, or whose text is not kept. */
const SOMEWHERE: Link = { href: 'https://shop.example/' };

/** Of a program that opens or clicks: what it calls itself. */
type Visit = { readonly link?: Link | undefined; readonly userAgent?: string };

/** All that Apple's proxy says of itself, which loads the images of every mail. */
export const APPLES_PROXY = 'Mozilla/5.0';
/** A gateway that gives itself out as a browser: only that it follows all links tells. */
export const SOME_BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/**
 * What SES puts on the default bus about a mail, as far as it can be known here. Of a person who opens and clicks in the inbox
 * it says no agent and no address, and is believed at once.
 */
export function sesEntry(mail: MailEntry, kind: SesKind, now: Instant, visit: Visit = {}): BusEntry {
  const named = { ...mail.tags, 'ses:configuration-set': CONFIGURATION_SET };
  const tags = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, [value]]));
  return {
    source: 'aws.ses',
    detailType: DETAIL_TYPES[kind],
    detail: {
      eventType: kind,
      mail: { timestamp: mail.at, messageId: mail.id, destination: [mail.to], tags },
      ...PARTICULARS[kind](mail, now, visit),
    },
  };
}

const PARTICULARS: Readonly<Record<SesKind, (mail: MailEntry, timestamp: Instant, visit: Visit) => object>> = {
  Send: () => ({ send: {} }),
  Delivery: ({ to }, timestamp) => ({
    delivery: { timestamp, recipients: [to], processingTimeMillis: 2000, smtpResponse: '250 2.0.0 OK' },
  }),
  Open: (_, timestamp, { userAgent }) => ({ open: { timestamp, ...(userAgent && { userAgent }) } }),
  Click: (_, timestamp, { link: { href, name } = SOMEWHERE, userAgent }) => ({
    click: {
      timestamp,
      link: href,
      linkTags: name === undefined ? null : { link: [name] },
      ...(userAgent && { userAgent }),
    },
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
