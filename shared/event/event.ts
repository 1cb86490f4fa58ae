import * as z from 'zod';
import { jsonSchema } from '#shared/store/json.ts';
import { canonicalInstantSchema, instantSchema } from '#shared/time/instant.ts';
import { isNoId } from './no-id.ts';
import { faultOf } from './storable.ts';

/** An event's type: words of small letters, digits and dashes, parted by dots or underscores, as in `cart.updated`. */
export const eventTypeSchema = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/, 'an event type looks like "cart.updated"');

/** The order is the order of resolution: of two contacts found, the one named first here is meant. */
export const IDENTITY_KINDS = ['externalId', 'email', 'phone', 'anonymousId', 'device'] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

/** Half a character stands for any: what is left of one would join strangers. */
const isWhole = (text: string): boolean => text.isWellFormed() && !text.includes('\ufffd');
const identity = z.string().trim().min(1).max(320).refine(isWhole, 'a character got lost on the way');

/** What is left of a phone number when it is compared must still tell people apart. */
const hasDigits = (phone: string): boolean => phone.replaceAll(/\D/g, '').length >= 5;

export const identitiesSchema = z.strictObject({
  externalId: identity.optional(),
  email: z.email().max(320).optional(),
  phone: identity
    .regex(/^\+?[0-9 ().-]{5,30}$/, 'a phone number, best as +48123456789')
    .refine(hasDigits, 'a phone number has at least 5 digits')
    .optional(),
  anonymousId: identity.optional(),
  device: identity.optional(),
});
export type Identities = z.infer<typeof identitiesSchema>;

/** Line breaks and the like: they would begin a line of their own wherever a person reads who it was. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const FREE_KINDS = ['externalId', 'anonymousId', 'device'] as const;
const NO_ID = 'is the id of nobody, but what a program writes where there is none; leave the field out then';
/** Identities as they come from outside. What has been recorded stays readable. */
export const postedIdentitiesSchema = identitiesSchema.superRefine((identities, found) => {
  for (const kind of IDENTITY_KINDS)
    if (UNSEEN.test(identities[kind] ?? ''))
      found.addIssue({
        code: 'custom',
        path: [kind],
        message: 'has a line break or another character that nobody sees',
      });
  for (const kind of FREE_KINDS)
    if (isNoId(identities[kind] ?? 'left out')) found.addIssue({ code: 'custom', path: [kind], message: NO_ID });
});

const id = z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/);

export const CHANNELS = ['email', 'sms', 'push', 'webpush', 'telegram', 'inapp'] as const;
export const channelSchema = z.enum(CHANNELS);
export type Channel = z.infer<typeof channelSchema>;

/** One statement of consent: given or withdrawn, when, by which form, in which words. */
export const consentSchema = z.strictObject({
  channel: channelSchema,
  topic: id,
  /** `unknown` takes back what was said before and puts nothing in its place. */
  state: z.enum(['granted', 'denied', 'unknown']),
  at: instantSchema,
  source: z.string().max(100),
  wording: z.string().max(1000),
  /** Of a yes to a topic with double opt-in: when its contact confirmed it, by a link in their own mail. */
  confirmed: instantSchema.optional(),
  /** Which address that mail went to, as a hash: the yes is not one of another's. */
  address: z.string().max(64).optional(),
});
export type Consent = z.infer<typeof consentSchema>;
/** Whoever speaks from outside says yes or no, and confirms nothing. */
const postedConsentSchema = consentSchema
  .omit({ confirmed: true, address: true })
  .extend({ state: z.enum(['granted', 'denied']) });

const MOST_CONSENTS = 50;

/** A tag: what conditions and update steps may name. */
export const tagSchema = z.string().min(1).max(60);

const eventShape = z.strictObject({
  /** Unique for ever; the same id twice is the same event. */
  id: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'an id has printable ASCII characters only'),
  type: eventTypeSchema,
  at: instantSchema,
  /** Who says so: `generic`, `shopify`, ... */
  source: z.string().min(1).max(60),
  identities: identitiesSchema,
  /** Names may be paths (`loyalty.tier`) or nested objects; null removes. */
  traits: z.record(z.string().max(100), jsonSchema).optional(),
  consents: z.array(consentSchema).max(MOST_CONSENTS).optional(),
  /** Tags that the contact gets; only Tropa itself says so, of a list that was imported. */
  tags: z.array(tagSchema).max(20).optional(),
  data: z.record(z.string(), jsonSchema).default({}),
  /** Folded into the profile; triggers and signals nothing. */
  historic: z.boolean().optional(),
  test: z.boolean().optional(),
  /** How many journeys stand between this event and the first cause. */
  hops: z.int().min(0).max(100).optional(),
  /** Whose it is, where Tropa itself says so: then no identity is needed. */
  contact: z.string().optional(),
  /** The `manual` journey that it asks entry to, where Tropa itself says so. */
  journey: z.string().optional(),
});

type Named = { readonly identities: Identities; readonly contact?: string | undefined };
const isNamed = ({ identities, contact }: Named): boolean =>
  contact !== undefined || IDENTITY_KINDS.some((kind) => identities[kind] !== undefined);
const NAMELESS = { error: 'at least one identity is needed', path: ['identities'] };

/** What happened to one contact, as every source brings it. Times are instants in UTC. */
export const eventSchema = eventShape.refine(isNamed, NAMELESS);
/** What a storefront posts: an event without what only Tropa may say of it. */
export const postedEventSchema = eventShape
  .omit({ source: true, hops: true, contact: true, journey: true, tags: true })
  .extend({
    identities: postedIdentitiesSchema,
    consents: z.array(postedConsentSchema).max(MOST_CONSENTS).optional(),
  })
  .refine(isNamed, NAMELESS)
  .superRefine((event, found) => {
    const fault = faultOf(event);
    if (fault) found.addIssue({ code: 'custom', ...fault });
  });
export type Event = z.infer<typeof eventSchema>;
/** Unique for ever in what it names. */
export const eventIdSchema = eventShape.shape.id;

/** An event as it lies in the table: what conditions can ask of it. */
export const storedEventSchema = z.object({
  id: z.string(),
  type: z.string(),
  at: canonicalInstantSchema,
  /** When it was recorded. */
  arrived: canonicalInstantSchema.optional(),
  data: z.record(z.string(), jsonSchema),
});
export type StoredEvent = z.infer<typeof storedEventSchema>;
