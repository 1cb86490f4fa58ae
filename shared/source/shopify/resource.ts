import { type Look, strangeness } from '#shared/source/look.ts';

/**
 * What the body of a topic is. Shopify signs bodies only: whoever has seen one could send it again under the name of another
 * topic, so that an order would be a customer, or a checkout an order.
 */
export type Resource = 'order' | 'customer' | 'fulfillment' | 'checkout' | 'cart' | 'consent' | 'request';

/** `named`: what its global id calls it; undefined: it has none. */
const LOOKS: Readonly<Record<Resource, Look & { readonly named?: string }>> = {
  order: { named: 'Order', has: ['line_items'], hasNot: ['order_id', 'abandoned_checkout_url', 'attributes'] },
  customer: { named: 'Customer', has: [], hasNot: ['line_items', 'order_id', 'customer', 'customer_id', 'token'] },
  fulfillment: { named: 'Fulfillment', has: ['order_id'], hasNot: ['customer', 'transactions'] },
  checkout: {
    has: ['line_items', 'abandoned_checkout_url'],
    hasNot: ['financial_status', 'order_number'],
  },
  cart: { has: ['line_items'], hasNot: ['abandoned_checkout_url', 'financial_status', 'order_number', 'order_id'] },
  consent: { named: 'Customer', has: [], hasNot: ['line_items', 'created_at', 'order_id', 'customer'] },
  request: { has: ['shop_id', 'shop_domain'], hasNot: ['id', 'token', 'line_items', 'created_at', 'updated_at'] },
};

const NAME = /^gid:\/\/shopify\/(\w+)\//;

/** Why a body cannot be what its topic tells of; undefined when it looks like it. */
export function strangenessOf(resource: Resource, body: unknown): string | undefined {
  const look = LOOKS[resource];
  const id = typeof body === 'object' && body !== null && 'admin_graphql_api_id' in body && body.admin_graphql_api_id;
  const name = typeof id === 'string' ? (NAME.exec(id)?.[1] ?? id) : undefined;
  return name !== undefined && name !== look.named ? `the body is of "${name.slice(0, 40)}"` : strangeness(look, body);
}
