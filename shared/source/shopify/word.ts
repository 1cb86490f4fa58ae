import * as z from 'zod';
import type { Fact } from '#shared/source/fact.ts';
import { maybe, maybeId, text } from '#shared/source/lenient.ts';
import type { Instant } from '#shared/time/instant.ts';
import { consentOf, consentUpdated } from './customer.ts';
import { numberOf, wordSchema } from './schema.ts';

/** A word on marketing by mail or by text message, as it comes by itself: the two topics name their fields differently. */
const schema = z.object({
  id: maybeId,
  customer_id: maybeId,
  admin_graphql_api_id: text,
  email: text,
  email_address: text,
  phone: text,
  email_marketing_consent: maybe(wordSchema),
  sms_marketing_consent: maybe(wordSchema),
});

/** Where the word has no time, the change that tells of it has. Undefined when it names nobody. */
function tell(body: z.infer<typeof schema>, shop: string, at: Instant | undefined): Fact[] | undefined {
  const id = body.customer_id ?? body.id;
  const customer = id === undefined ? undefined : numberOf({ id, admin_graphql_api_id: body.admin_graphql_api_id });
  const email = body.email_address ?? body.email;
  if (customer === undefined && email === undefined && body.phone === undefined) return undefined;
  const times = { since: at, until: at };
  return [
    ...consentUpdated(consentOf('email', body.email_marketing_consent, times), { customer, email }, shop),
    ...consentUpdated(consentOf('sms', body.sms_marketing_consent, times), { customer, phone: body.phone }, shop),
  ];
}

export const consentUpdates = { schema, tell };
