import * as z from 'zod';
import { instantSchema } from '#shared/time/instant.ts';
import { eventIdSchema, IDENTITY_KINDS } from './event.ts';

/** A customer wants a copy of what is known of them, or to be forgotten; or a whole shop has left. */
export const PRIVACY_REQUESTED = 'privacy.requested';

/**
 * What a storefront passes on of the rights that its customers have. Identities stand as they were sent, and one that is no
 * valid address is no reason not to keep the request.
 */
const privacyRequestSchema = z.strictObject({
  id: eventIdSchema,
  kind: z.enum(['export', 'erase', 'erase-shop']),
  at: instantSchema,
  identities: z.partialRecord(z.enum(IDENTITY_KINDS), z.string()),
  /** The storefront's own number of the request. */
  requestId: z.string(),
  shop: z.string(),
  /** Numbers of the orders that are meant. */
  orders: z.array(z.string()).optional(),
});
export type PrivacyRequest = z.infer<typeof privacyRequestSchema>;

/** The same as it lies on the bus: no event of a contact, since to ask does not make anybody known. */
export const privacyRequestedSchema = privacyRequestSchema.extend({
  type: z.literal(PRIVACY_REQUESTED),
  source: z.string().min(1).max(60),
});
export type PrivacyRequested = z.infer<typeof privacyRequestedSchema>;

export const privacyRequested = (request: PrivacyRequest, source: string): PrivacyRequested => ({
  ...request,
  type: PRIVACY_REQUESTED,
  source,
});

export const isPrivacyRequested = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'type' in event && event.type === PRIVACY_REQUESTED;
