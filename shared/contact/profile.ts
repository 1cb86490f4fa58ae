import * as z from 'zod';
import { canonicalInstantSchema } from '#shared/time/instant.ts';

/** A trait's value: flat, so that each has a path, a type and a time of its own. */
export const traitValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])),
]);
export type TraitValue = z.infer<typeof traitValueSchema>;

const consentStateSchema = z.object({
  state: z.enum(['granted', 'denied', 'unknown']),
  at: canonicalInstantSchema,
  source: z.string(),
  /** The event that brought it, whose row holds the wording and never expires. */
  event: z.string(),
  /** Of a refusal that a merge has upheld against a later yes: no yes that was said until then counts. */
  holdsTo: canonicalInstantSchema.optional(),
  /** Of a yes that was confirmed, when: `at` is when it was said. */
  confirmed: canonicalInstantSchema.optional(),
  /** And for which address, as the hash that suppressions know it by. Without it, whichever they have. */
  address: z.string().optional(),
});
export type ConsentState = z.infer<typeof consentStateSchema>;

const pendingStateSchema = consentStateSchema.pick({ at: true, source: true, event: true }).extend({
  /** When a mail was last to ask for the confirmation. */
  told: canonicalInstantSchema.optional(),
  /** Of a yes that was confirmed for another address: the hash of the one that was last to be asked for. */
  to: z.string().optional(),
});
export type PendingState = z.infer<typeof pendingStateSchema>;

export const profileSchema = z.object({
  v: z.literal(1),
  contact: z.string(),
  /** Grows by one with each change; every writer of the profile conditions on it. */
  rev: z.int(),
  createdAt: canonicalInstantSchema,
  /** Where to reach them: the newest of each kind. */
  identities: z.object({
    externalId: z.string().optional(),
    email: z.string().optional(),
    phone: z.string().optional(),
  }),
  /** By path: `loyalty.tier`. Also the folded ones of settings and `purchases.*`. */
  traits: z.record(z.string(), traitValueSchema),
  /** When each trait was said, so that a late event does not overwrite a newer word. */
  traitsAt: z.record(z.string(), canonicalInstantSchema),
  tags: z.array(z.string()),
  /** Channel, then topic. A topic holds only while `marketing` is not denied on that channel. */
  consents: z.record(z.string(), z.record(z.string(), consentStateSchema)),
  /** By channel and topic, the newest yes that its contact has still to confirm (see opt-in.ts). It allows nothing. */
  pending: z.record(z.string(), z.record(z.string(), pendingStateSchema)).optional(),
  /** Time of the newest event of each type, the 40 newest types. */
  last: z.record(z.string(), canonicalInstantSchema),
  /** Times of the newest purchases, at most 12, for the median gap. */
  purchaseTimes: z.array(canonicalInstantSchema),
  /** The newest hours in which they did something, as whole hours since 1970, in their order (see engaged.ts). */
  hours: z.array(z.int()).optional(),
  /** Passages that go on: short reference to version. */
  inside: z.record(z.string(), z.int()),
  /** Passages that have ended and whose goal still counts until then. */
  watching: z.record(z.string(), z.object({ version: z.int(), until: canonicalInstantSchema })),
  /**
   * By journey that a segment starts: whether the contact is in it. `of` tells by which definition, and since when the
   * journey is live; what was noted by another says nothing.
   */
  segments: z.record(z.string(), z.object({ in: z.boolean(), of: z.string() })).optional(),
  /** When time alone may change that, or make the goal of a passage that is over true. It may be told too early. */
  look: canonicalInstantSchema.optional(),
  /** The identities that rows tie to this contact, each as `kind#hash`: they go with it. */
  ids: z.array(z.string()).optional(),
  /** When they last said something on a page: until it is recorded, whoever writes to them reads it there (see said.ts). */
  spoken: canonicalInstantSchema.optional(),
  /** Contacts that were merged into this one: their rows stay under their own keys. */
  aka: z.array(z.string()),
  /** Of one that was merged: who they are now, and the event that said so. */
  mergedInto: z.string().optional(),
  mergedBy: z.string().optional(),
});
export type Profile = z.infer<typeof profileSchema>;

/** Passages that one contact may be inside at a time: keeps an event's transaction under DynamoDB's 100 writes. */
export const INSIDE_LIMIT = 40;
/** Of these, so many may be of marketing: whatever fills them, there is room for what an order starts. */
export const INSIDE_MARKETING = 30;
/** Ended passages whose goal is still watched; beyond it the oldest is let go. */
export const WATCHING_LIMIT = 20;
/** Types of events whose newest time is kept in `last`; beyond it the one that happened longest ago is let go. */
export const LAST_LIMIT = 40;
/** Identities that one contact may have: beyond it none is tied to it any more, and nobody merged into it. */
export const IDS_LIMIT = 200;
/** Contacts that one may be made of, beside itself: each is one more place to look for events and messages. */
export const AKA_LIMIT = 20;
