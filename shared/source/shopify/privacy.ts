import * as z from 'zod';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { PrivacyRequest } from '#shared/event/privacy.ts';
import { factId } from '#shared/source/fact-id.ts';
import { idText, listOf, maybeId, text } from '#shared/source/lenient.ts';
import type { Instant } from '#shared/time/instant.ts';

type Kind = PrivacyRequest['kind'];

const shop = { shop_id: idText, shop_domain: z.string().trim().toLowerCase() };
const customer = z.object({ id: maybeId, email: text, phone: text });
const orders = z.custom<unknown>(Array.isArray, 'a list').pipe(listOf(idText));

/**
 * The three bodies that the law wants, each with the fields by which it is known: the topic is not signed, and a request for a
 * copy must not be read as one to be forgotten.
 */
const SCHEMAS = {
  export: z.object({
    ...shop,
    customer,
    orders_requested: orders.optional().default([]),
    data_request: z.object({ id: idText }),
    orders_to_redact: z.undefined().optional(),
  }),
  erase: z.object({
    ...shop,
    customer,
    orders_to_redact: orders,
    data_request: z.undefined().optional(),
    orders_requested: z.undefined().optional(),
  }),
  'erase-shop': z.object({ ...shop, customer: z.undefined().optional() }),
} as const satisfies Record<Kind, z.ZodType>;

type Asked = z.output<(typeof SCHEMAS)[Kind]>;

const spelled = ({ id, email, phone }: z.infer<typeof customer>): PrivacyRequest['identities'] => ({
  ...(id !== undefined && { externalId: id }),
  ...(email !== undefined && { email: email.toLowerCase() }),
  ...(phone !== undefined && { phone }),
});

const ordersOf = (asked: Asked): readonly string[] =>
  'orders_to_redact' in asked && asked.orders_to_redact
    ? asked.orders_to_redact
    : 'orders_requested' in asked && asked.orders_requested
      ? asked.orders_requested
      : [];

/**
 * A request as the law gives it to customers, by its body alone: no header is signed, and whoever sends it again must not make
 * another of it. Addresses stand as they were sent: whoever looks for them decides what they are.
 */
export function privacyRequest(
  kind: Kind,
  body: unknown,
  { shop: header, at }: { readonly shop: string; readonly at: Instant },
): PrivacyRequest | { readonly error: z.ZodError | string } {
  const read = SCHEMAS[kind].safeParse(body);
  if (!read.success) return { error: read.error };
  const asked: Asked = read.data;
  const domain = asked.shop_domain;
  if (domain !== header)
    return { error: `the request is of the shop "${domain.slice(0, 100)}", and its header says another` };
  const orderIds = ordersOf(asked);
  const requestId =
    'data_request' in asked && asked.data_request
      ? asked.data_request.id
      : derivedId('privacy-body', JSON.stringify(body));
  return {
    id: factId('shopify', domain, 'privacy', kind, requestId),
    kind,
    at,
    identities: asked.customer ? spelled(asked.customer) : {},
    requestId,
    shop: domain,
    ...(orderIds.length > 0 && { orders: [...orderIds] }),
  };
}
