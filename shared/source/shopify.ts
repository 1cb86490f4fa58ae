import type * as z from 'zod';
import { derivedId } from '#shared/enrolment/ids.ts';
import { ownOf } from '#shared/own-of.ts';
import { type Instant, instantSchema } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { signedBody } from '#shared/webhook/signed-body.ts';
import { type Fact, isToldAlready } from './fact.ts';
import { unreadable } from './lenient.ts';
import { cartUpdated, checkoutStarted, checkoutUpdated } from './shopify/cart.ts';
import { customerUpdated, registration } from './shopify/customer.ts';
import { fulfillmentFacts } from './shopify/fulfillment.ts';
import { orderFacts } from './shopify/order.ts';
import { privacyRequest, privacySchema } from './shopify/privacy.ts';
import {
  type Customer,
  cartSchema,
  checkoutSchema,
  customerSchema,
  fulfillmentSchema,
  orderSchema,
} from './shopify/schema.ts';
import { consentUpdates } from './shopify/word.ts';
import type { Delivery, Source, Told } from './source.ts';
import { whoIs } from './who.ts';

/** Shopify's webhooks, as of the version 2026-07 and some years before it (docs/shopify.md). */

type Context = {
  readonly shop: string;
  /** When the change happened that the delivery tells of; undefined of a resource that was asked for. */
  readonly at: Instant | undefined;
  /** What the change is known by, however often it is delivered. */
  readonly change: string;
};
type Teller = (body: unknown, context: Context) => Told;

const NOBODY = 'it names nobody: neither a customer, nor an address, nor a browser';
const COMPLETED = 'the checkout is completed, and its order tells of it';
const ORDER_TELLS = 'the order tells of it: see that "orders/updated" is sent, too';

/** Reads a body by its schema, and tells its facts; a text: why there are none; undefined: it names nobody. */
const facts =
  <T>(schema: z.ZodType<T>, tell: (body: T, context: Context) => readonly Fact[] | string | undefined): Teller =>
  (body, context) => {
    const read = schema.safeParse(body);
    if (!read.success) return unreadable('Shopify', read.error);
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
  (body, { shop, at, change }) => {
    const asked = privacySchema.safeParse(body);
    if (!asked.success) return unreadable('Shopify', asked.error);
    if (at === undefined)
      return { error: 'Shopify: a request of a customer without the header x-shopify-triggered-at' };
    return { privacy: privacyRequest(kind, asked.data, { shop, at, request: change }) };
  };

const isLate = ({ created_at, updated_at }: Customer): boolean =>
  created_at !== undefined && isToldAlready(created_at, updated_at);

const order = facts(orderSchema, (body, { shop }) => orderFacts(body, shop));
const customer = facts(customerSchema, (body, { shop }) => customerUpdated(body, shop));
const parcel = facts(fulfillmentSchema, (body, { shop }) => {
  const identities = whoIs({ email: body.email });
  if (identities === undefined || body.order_id === undefined) return undefined;
  return fulfillmentFacts(body, { identities, orderId: body.order_id }, shop);
});
const cart = facts(cartSchema, (body, { shop }) => cartUpdated(body, shop));
const words = facts(consentUpdates.schema, (body, { shop, at }) => consentUpdates.tell(body, shop, at));

const checkout = (isNew: boolean): Teller =>
  facts(checkoutSchema, (body, { shop }) => {
    if (body.completed_at !== undefined) return COMPLETED;
    const updated = checkoutUpdated(body, shop);
    return updated && [...(isNew ? checkoutStarted(body, shop) : []), ...updated];
  });

const TOPICS: Readonly<Record<string, Teller>> = {
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
  'customers/create': facts(customerSchema, (body, { shop }) => [
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

/** Both families of headers: those of webhooks, and the newer one without `x-`. */
const both = (name: string): string[] => [`x-shopify-${name}`, `shopify-${name}`];
const headerOf = ({ headers }: Delivery, name: string): string | undefined =>
  both(name)
    .map((one) => headers[one])
    .find((value) => value !== undefined && value !== '');

const SHOP = /^[a-z0-9][a-z0-9.-]{0,99}$/;

function contextOf(delivery: Delivery, shop: string): Context {
  const at = instantSchema.safeParse(headerOf(delivery, 'triggered-at'));
  const change = headerOf(delivery, 'event-id') ?? headerOf(delivery, 'webhook-id') ?? derivedId(delivery.text);
  return { shop, at: at.success ? at.data : undefined, change };
}

function tell(delivery: Delivery): Told {
  const topic = headerOf(delivery, 'topic');
  const shop = headerOf(delivery, 'shop-domain')?.toLowerCase() ?? '';
  if (topic === undefined) return { error: 'Shopify: there is no header x-shopify-topic' };
  if (!SHOP.test(shop)) return { error: 'Shopify: there is no shop in the header x-shopify-shop-domain' };
  const teller = ownOf(TOPICS, topic);
  if (teller === undefined) return { ignored: `no journey can use "${topic}"` };
  const json = postedJson(delivery.text);
  return 'error' in json ? json : teller(json.posted, contextOf(delivery, shop));
}

const RESOURCES = { order, customer, checkout: checkout(false), cart } as const;

/** What a resource of Shopify's REST interface tells, as it was asked for: an order says the same wherever it is read. */
export const shopifyResource = (kind: keyof typeof RESOURCES, resource: unknown, shop: string): Told =>
  RESOURCES[kind](resource, { shop, at: undefined, change: '' });

export const shopify: Source = {
  scheme: signedBody(both('hmac-sha256')),
  reads: ['topic', 'shop-domain', 'triggered-at', 'event-id', 'webhook-id'].flatMap(both),
  tell,
  mends: 'operator',
};
