import * as z from 'zod';
import type { PrivacyRequest } from '#shared/event/privacy.ts';
import { factId } from '#shared/source/fact-id.ts';
import { listOf, maybe, maybeId, text } from '#shared/source/lenient.ts';
import type { Instant } from '#shared/time/instant.ts';

/** What the three bodies that the law wants have in common. */
export const privacySchema = z.object({
  customer: maybe(z.object({ id: maybeId, email: text, phone: text })),
  orders_requested: listOf(maybeId),
  orders_to_redact: listOf(maybeId),
  data_request: maybe(z.object({ id: maybeId })),
});
export type Asked = z.infer<typeof privacySchema>;

/** `request`: what the delivery is known by, for requests that have no number of their own. */
export type Receipt = { readonly shop: string; readonly at: Instant; readonly request: string };

const spelled = ({ id, email, phone }: NonNullable<Asked['customer']>): PrivacyRequest['identities'] => ({
  ...(id !== undefined && { externalId: id }),
  ...(email !== undefined && { email: email.toLowerCase() }),
  ...(phone !== undefined && { phone }),
});

/** A request as the law gives it to customers. Addresses stand as they were sent: whoever looks for them decides what they are. */
export function privacyRequest(
  kind: PrivacyRequest['kind'],
  asked: Asked,
  { shop, at, request }: Receipt,
): PrivacyRequest {
  const orders = [...asked.orders_requested, ...asked.orders_to_redact].filter((id) => id !== undefined);
  const requestId = asked.data_request?.id ?? request;
  return {
    id: factId('shopify', shop, 'privacy', kind, requestId),
    kind,
    at,
    identities: asked.customer ? spelled(asked.customer) : {},
    requestId,
    shop,
    ...(orders.length > 0 && { orders }),
  };
}
