import * as z from 'zod';
import type { MessageFact } from '#shared/message/message.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';

export const tag = z.array(z.string()).min(1);
const happening = z.object({ timestamp: instantSchema.optional() }).optional();
const visitor = { userAgent: z.string().optional(), ipAddress: z.string().optional() };

/** SES events as EventBridge delivers them; what Tropa does not look at is left out. */
export const sesEventSchema = z.object({
  detail: z.object({
    eventType: z.string(),
    mail: z.object({
      timestamp: instantSchema,
      messageId: z.string(),
      destination: z.array(z.string()),
      tags: z.object({ contact: tag, message: tag }).loose(),
    }),
    delivery: happening,
    open: z.object({ timestamp: instantSchema.optional(), ...visitor }).optional(),
    click: z
      .object({
        timestamp: instantSchema.optional(),
        ...visitor,
        link: z.string().optional(),
        linkTags: z.record(z.string(), z.array(z.string())).nullish(),
      })
      .optional(),
    bounce: z
      .object({
        timestamp: instantSchema.optional(),
        bounceType: z.string().optional(),
        bounceSubType: z.string().optional(),
      })
      .optional(),
    complaint: happening,
    reject: z.object({ reason: z.string().optional() }).optional(),
    failure: z.object({ errorMessage: z.string().optional() }).optional(),
  }),
});
export type SesDetail = z.infer<typeof sesEventSchema>['detail'];

/** What SES says of a mail. */
export type Word = {
  readonly fact: MessageFact;
  readonly at: Instant;
  readonly reason?: string;
  /** Of a bounce: SES's finer word. */
  readonly subtype?: string;
  readonly link?: string;
};

const LONGEST_LINK = 200;

/** The name that the template gives the link (see link-names.ts), else its address, without what tells of the reader. */
function linkOf(click: SesDetail['click']): { link?: string } {
  const name = click?.linkTags?.['link']?.[0] ?? click?.link?.replace(/[?#].*$/s, '');
  return name ? { link: name.slice(0, LONGEST_LINK) } : {};
}

/** What SES says, as a fact of the message. Undefined: a delay, of which more will be heard. */
export const WORDS: Readonly<Record<string, (detail: SesDetail) => Word | undefined>> = {
  Send: ({ mail }) => ({ fact: 'sent', at: mail.timestamp }),
  Delivery: ({ mail, delivery }) => ({ fact: 'delivered', at: delivery?.timestamp ?? mail.timestamp }),
  Open: ({ mail, open }) => ({ fact: 'opened', at: open?.timestamp ?? mail.timestamp }),
  Click: ({ mail, click }) => ({ fact: 'clicked', at: click?.timestamp ?? mail.timestamp, ...linkOf(click) }),
  Bounce: ({ mail, bounce }) => ({
    fact: 'bounced',
    at: bounce?.timestamp ?? mail.timestamp,
    reason: bounce?.bounceType ?? 'Undetermined',
    ...(bounce?.bounceSubType !== undefined && { subtype: bounce.bounceSubType }),
  }),
  Complaint: ({ mail, complaint }) => ({ fact: 'complained', at: complaint?.timestamp ?? mail.timestamp }),
  Reject: ({ mail, reject }) => ({ fact: 'failed', at: mail.timestamp, reason: reject?.reason ?? 'rejected' }),
  'Rendering Failure': ({ mail }) => ({ fact: 'failed', at: mail.timestamp, reason: 'rendering' }),
  DeliveryDelay: () => undefined,
};
