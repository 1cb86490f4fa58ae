import * as z from 'zod';
import {
  clockSchema,
  conditionSchema,
  idSchema,
  pathSchema,
  windowSchema,
  zoneSchema,
} from '#shared/condition/condition.ts';
import { type Channel, channelSchema, eventTypeSchema } from '#shared/event/event.ts';
import { ownOf } from '#shared/own-of.ts';
import { breakerSchema } from '#shared/sending/breaker.ts';
import { capSchema } from '#shared/sending/caps.ts';
import type { Pattern } from '#shared/sending/pattern.ts';

/** The grammar of settings.json: language page, section 7. What a file leaves out has a default here. */

const note = z.string().optional();
const perLocale = z.record(z.string(), z.string());

export const valueTypeSchema = z.enum(['number', 'text', 'flag', 'date', 'duration', 'texts', 'numbers']);
export type ValueType = z.infer<typeof valueTypeSchema>;

const foldedTraitSchema = z.strictObject({
  event: z.union([eventTypeSchema, z.array(eventTypeSchema).min(1)]),
  sum: pathSchema.optional(),
  min: pathSchema.optional(),
  max: pathSchema.optional(),
  first: pathSchema.optional(),
  last: pathSchema.optional(),
  note,
});
/** A trait folded from each event as it comes: an aggregate of a path, or without one the number of events. */
export type FoldedTrait = z.infer<typeof foldedTraitSchema>;

const optInWordSchema = z.enum(['single', 'double']);
/** For mails, or by channel: whether a yes counts at once, or once the link of a mail has confirmed it. */
const optInSchema = z.union([optInWordSchema, z.partialRecord(channelSchema, optInWordSchema)]);
export type OptIn = z.infer<typeof optInSchema>;

const topicSchema = z.strictObject({
  kind: z.enum(['marketing', 'transactional']),
  name: perLocale.optional(),
  optIn: optInSchema.optional(),
  note,
});
/** `consent`: the topics that a yes to marketing stands for at this source. */
const sourceSchema = z.strictObject({ consent: z.array(idSchema).default([]), note });
const senderSchema = z.strictObject({
  email: z.string().optional(),
  replyTo: z.string().optional(),
  sms: z.string().optional(),
  note,
});

const mailbox = z.email({ error: 'an address such as "team@shop.example"' }).max(320);
/** Who hears by mail what publish says of a file. */
const authorsSchema = z.strictObject({
  default: mailbox.optional(),
  journeys: z.record(idSchema, mailbox).default({}),
  when: z.enum(['remarks', 'always']).default('remarks'),
  note,
});

/** Nothing that tells who calls: the secret does. */
const callUrlSchema = z
  .url({ protocol: /^https$/, abort: true, error: 'an address that begins with "https://"' })
  .regex(/^https:\/\/[^/?#@]+([/?#]|$)/, 'a web address without a user');

const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'the name of a secret: letters, digits, "-" and "_"');

export const settingsSchema = z.strictObject({
  $schema: z.string().optional(),
  note,
  shop: z.strictObject({
    name: z.string().min(1),
    timeZone: zoneSchema,
    locale: z.string().min(2),
    currency: z.string().length(3),
    bestHour: clockSchema.default('10:00'),
    /** Contacts with the same in this trait have their habits in common. */
    alike: pathSchema.default('timeZone'),
    address: z.string().optional(),
    url: z.url().optional(),
    note,
  }),
  channels: z.strictObject({ default: channelSchema.default('email'), note }).default({ default: 'email' }),
  /** What one unit of another currency is worth in the shop's. */
  rates: z.record(z.string(), z.number()).default({}),
  topics: z.record(idSchema, topicSchema).default({}),
  /** Of marketing topics that say nothing of their own, and of `marketing`. */
  optIn: optInSchema.default('single'),
  /** What holds for events of one source: `shopify`, for example. */
  sources: z.record(idSchema, sourceSchema).default({}),
  senders: z.record(idSchema, senderSchema).default({}),
  authors: authorsSchema.optional(),
  quiet: z.array(windowSchema).default([]),
  caps: z.array(capSchema).default([]),
  suppress: conditionSchema.optional(),
  /** From which rates of bounces and complaints on marketing stands still. */
  breaker: breakerSchema.default(breakerSchema.parse({})),
  holdout: z.number().min(0).max(100).default(0),
  traits: z.record(pathSchema, z.union([valueTypeSchema, foldedTraitSchema])).default({}),
  events: z.record(eventTypeSchema, z.record(pathSchema, valueTypeSchema)).default({}),
  pools: z
    .record(
      idSchema,
      z.strictObject({
        codes: z.string().optional(),
        low: z.int().min(0).optional(),
        overlap: z.boolean().optional(),
        note,
      }),
    )
    .default({}),
  /** Which events say that a code was used, and where in their data it stands. */
  coupons: z
    .strictObject({
      event: z.union([eventTypeSchema, z.array(eventTypeSchema).min(1)]).default('purchase'),
      code: z.union([pathSchema, z.array(pathSchema).min(1).max(10)]).default(['coupon', 'coupons']),
      note,
    })
    .default({ event: 'purchase', code: ['coupon', 'coupons'] }),
  endpoints: z
    .record(
      idSchema,
      z.union([
        z.strictObject({ email: mailbox, note }),
        z.strictObject({ https: callUrlSchema, secret: secretNameSchema, note }),
      ]),
    )
    .default({}),
});
/** What a shop says of itself, and, where it was read from its table, what was learned of its people (see pattern.ts). */
export type Settings = z.infer<typeof settingsSchema> & { readonly learned?: Pattern | undefined };

/** `marketing` is always a topic, and the one a send has when nothing else is said. */
export const kindOfTopic = (settings: Settings, topic: string): 'marketing' | 'transactional' =>
  ownOf(settings.topics, topic)?.kind ?? 'marketing';

/** How a yes to a topic on a channel comes to count. What is said for no channel is said of mails: they can be answered. */
export function optInOf(settings: Settings, channel: Channel, topic: string): 'single' | 'double' {
  if (kindOfTopic(settings, topic) !== 'marketing') return 'single';
  const said = ownOf(settings.topics, topic)?.optIn ?? settings.optIn;
  return (typeof said !== 'string' ? said[channel] : channel === 'email' ? said : undefined) ?? 'single';
}

/** Who hears of a journey's files, or of all others; undefined when nobody does. */
export const authorOf = ({ authors }: Settings, journey: string | undefined): string | undefined =>
  (journey === undefined ? undefined : ownOf(authors?.journeys, journey)) ?? authors?.default;
