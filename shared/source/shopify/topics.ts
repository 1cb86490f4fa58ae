import type * as z from 'zod';
import { type Fact, isToldAlready } from '#shared/source/fact.ts';
import { unreadable } from '#shared/source/lenient.ts';
import type { Told } from '#shared/source/source.ts';
import { whoIs } from '#shared/source/who.ts';
import type { Instant } from '#shared/time/instant.ts';
import { cartUpdated, checkoutStarted, checkoutUpdated } from './cart.ts';
import { customerUpdated, registration } from './customer.ts';
import { fulfillmentFacts } from './fulfillment.ts';
import { orderFacts } from './order.ts';
import { privacyRequest } from './privacy.ts';
import { type Resource, strangenessOf } from './resource.ts';
import { type Customer, cartSchema, checkoutSchema, customerSchema, fulfillmentSchema, orderSchema } from './schema.ts';
import { consentUpdates } from './word.ts';

/** What a delivery says beside its body. */
export type Context = {
  readonly shop: string;
  /** When the change happened that the delivery tells of; undefined where no header says. */
  readonly at: Instant | undefined;
};
type Teller = (body: unknown, context: Context) => Told;

const NOBODY = 'it names nobody: neither a customer, nor an address, nor a browser';
const COMPLETED = 'the checkout is completed, and its order tells of it';
const ORDER_TELLS = 'the order tells of it: see that "orders/updated" is sent, too';

const notOf = (resource: Resource, why: string): Told => ({
  error: `Shopify: the topic is of a ${resource}, and ${why}`,
});

/**
 * Reads a body that looks like what its topic tells of, by its schema, and tells its facts; a text: why there are none;
 * undefined: it names nobody.
 */
const facts =
  <T>(
    resource: Resource,
    schema: z.ZodType<T>,
    tell: (body: T, context: Context) => readonly Fact[] | string | undefined,
  ): Teller =>
  (body, context) => {
    const read = schema.safeParse(body);
    if (!read.success) return unreadable('Shopify', read.error);
    const strange = strangenessOf(resource, body);
    if (strange !== undefined) return notOf(resource, strange);
    const told = tell(read.data, context);
    if (told === undefined) return { ignored: NOBODY };
    if (typeof told === 'string') return { ignored: told };
    return told.length === 0 ? { ignored: 'it says nothing new' } : { facts: told };
  };

const ignored =
  (word: string): Teller =>
  () => ({ ignored: word });

const privacy =
  (kind: 'export' | 'erase' | 'erase-shop'): Teller =>
  (body, { shop, at }) => {
    const strange = strangenessOf('request', body);
    if (strange !== undefined) return notOf('request', strange);
    if (at === undefined)
      return { error: 'Shopify: a request of a customer without the header x-shopify-triggered-at' };
    const asked = privacyRequest(kind, body, { shop, at });
    if (!('error' in asked)) return { privacy: asked };
    return typeof asked.error === 'string' ? { error: `Shopify: ${asked.error}` } : unreadable('Shopify', asked.error);
  };

const isLate = ({ created_at, updated_at }: Customer): boolean =>
  created_at !== undefined && isToldAlready(created_at, updated_at);

const order = facts('order', orderSchema, (body, { shop }) => orderFacts(body, shop));
const customer = facts('customer', customerSchema, (body, { shop }) => customerUpdated(body, shop));
const parcel = facts('fulfillment', fulfillmentSchema, (body, { shop }) => {
  const identities = whoIs({ email: body.email });
  if (identities === undefined || body.order_id === undefined) return undefined;
  return fulfillmentFacts(body, { identities, orderId: body.order_id }, shop);
});
const cart = facts('cart', cartSchema, (body, { shop }) => cartUpdated(body, shop));
const words = facts('consent', consentUpdates.schema, (body, { shop, at }) => consentUpdates.tell(body, shop, at));

const checkout = (isNew: boolean): Teller =>
  facts('checkout', checkoutSchema, (body, { shop }) => {
    if (body.completed_at !== undefined) return COMPLETED;
    const updated = checkoutUpdated(body, shop);
    return updated && [...(isNew ? checkoutStarted(body, shop) : []), ...updated];
  });

/** How each topic is told. */
export const TOPICS: Readonly<Record<string, Teller>> = {
  'orders/create': order,
  'orders/paid': order,
  'orders/updated': order,
  'orders/fulfilled': order,
  'orders/partially_fulfilled': order,
  'orders/cancelled': order,
  'orders/edited': ignored(ORDER_TELLS),
  'refunds/create': ignored(ORDER_TELLS),
  'fulfillments/create': parcel,
  'fulfillments/update': parcel,
  'checkouts/create': checkout(true),
  'checkouts/update': checkout(false),
  'carts/create': cart,
  'carts/update': cart,
  'customers/create': facts('customer', customerSchema, (body, { shop }) => [
    ...registration(body, shop),
    // What nobody has told for a month, enrol puts aside as too old; what is known of them is not.
    ...(isLate(body) ? customerUpdated(body, shop) : []),
  ]),
  'customers/update': customer,
  'customers/enable': customer,
  'customers/delete': ignored('a customer account was deleted; who is to be forgotten comes as "customers/redact"'),
  'customers_marketing_consent/update': words,
  'customers_email_marketing_consent/update': words,
  'customers/data_request': privacy('export'),
  'customers/redact': privacy('erase'),
  'shop/redact': privacy('erase-shop'),
};

/**
 * What a shop subscribes to, so that every event comes as soon as it can; those that are left out tell nothing of their own.
 * What the law wants cannot be subscribed to.
 */
export const SUBSCRIBED: readonly string[] = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'orders/cancelled',
  'orders/fulfilled',
  'fulfillments/create',
  'fulfillments/update',
  'checkouts/create',
  'checkouts/update',
  'carts/create',
  'carts/update',
  'customers/create',
  'customers/update',
  'customers/enable',
  'customers_email_marketing_consent/update',
  'customers_marketing_consent/update',
];
