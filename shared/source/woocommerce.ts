import type * as z from 'zod';
import { type HttpResponse, jsonAnswer } from '#shared/http.ts';
import { ownOf } from '#shared/own-of.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { signedBody } from '#shared/webhook/signed-body.ts';
import type { Fact } from './fact.ts';
import { unreadable } from './lenient.ts';
import { type Look, strangeness } from './look.ts';
import type { Delivery, Source, Told } from './source.ts';
import { customerUpdated, registration } from './woocommerce/customer.ts';
import { orderFacts } from './woocommerce/order.ts';
import { customerSchema, orderSchema } from './woocommerce/schema.ts';

type Teller = (body: unknown, shop: string) => Told;

/** Of a plugin's subscription, which is an order that is made again and again, only its orders tell. */
const ORDER: Look = { has: ['status', 'line_items'], hasNot: ['billing_period'] };
const CUSTOMER: Look = { has: [], hasNot: ['status', 'line_items', 'customer_id'] };

/** Reads a body that looks so by its schema, and tells its facts; undefined: it names nobody. */
const facts =
  <T>(look: Look, schema: z.ZodType<T>, tell: (body: T, shop: string) => readonly Fact[] | undefined): Teller =>
  (body, shop) => {
    const read = schema.safeParse(body);
    if (!read.success) return unreadable('WooCommerce', read.error);
    const strange = strangeness(look, body);
    if (strange !== undefined) return { error: `WooCommerce: ${strange}, which is not of this topic` };
    const told = tell(read.data, shop);
    if (told === undefined) return { ignored: 'it names nobody: neither a customer, nor an address, nor a browser' };
    return told.length === 0 ? { ignored: 'it says nothing that is new, or sure yet' } : { facts: told };
  };

const order = facts(ORDER, orderSchema, orderFacts);
const customer = facts(CUSTOMER, customerSchema, (body, shop) => [customerUpdated(body, shop)]);
/** All that comes is a number. */
const deleted: Teller = () => ({ ignored: 'what was deleted does not say whose it was' });

const TOPICS: Readonly<Record<string, Teller>> = {
  'order.created': order,
  'order.updated': order,
  'order.restored': order,
  'order.deleted': deleted,
  'customer.created': facts(CUSTOMER, customerSchema, (body, shop) => [registration(body, shop)]),
  'customer.updated': customer,
  'customer.deleted': deleted,
};

/** What a shop subscribes to: the others tell nothing. */
export const WOOCOMMERCE_TOPICS: readonly string[] = Object.keys(TOPICS).filter((topic) => TOPICS[topic] !== deleted);

/** One server may have several shops, each in a folder. */
function shopOf(source: string | undefined): string | undefined {
  if (source === undefined || !URL.canParse(source)) return undefined;
  const { host, pathname } = new URL(source);
  return host === '' ? undefined : `${host}${pathname.replace(/\/+$/, '')}`;
}

function tell({ headers, text }: Delivery): Told {
  const topic = headers['x-wc-webhook-topic'];
  const shop = shopOf(headers['x-wc-webhook-source']);
  if (!topic) return { error: 'WooCommerce: there is no header x-wc-webhook-topic' };
  if (shop === undefined)
    return { error: 'WooCommerce: there is no address of a shop in the header x-wc-webhook-source' };
  const teller = ownOf(TOPICS, topic);
  if (teller === undefined) return { ignored: `no journey can use "${topic}"` };
  const json = postedJson(text);
  return 'error' in json ? json : teller(json.posted, shop);
}

const SIGNATURE = 'x-wc-webhook-signature';

/** A webhook can be saved only when this, which nobody has signed, is answered with 200. */
const greet = ({ headers, text }: Delivery): HttpResponse | undefined =>
  headers[SIGNATURE] === undefined && /^webhook_id=\d{1,20}$/.test(text) ? jsonAnswer(200, { accepted: 0 }) : undefined;

/** WooCommerce's webhooks, of its REST version 3 (docs/woocommerce.md). They are sent once, and never again. */
export const woocommerce: Source = {
  scheme: signedBody([SIGNATURE]),
  reads: ['x-wc-webhook-topic', 'x-wc-webhook-source'],
  tell,
  mends: 'operator',
  greet,
};
