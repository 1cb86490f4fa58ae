import type * as z from 'zod';
import { ownOf } from '#shared/own-of.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { stripeSignature } from '#shared/webhook/stripe-signature.ts';
import type { Fact } from './fact.ts';
import { unreadable } from './lenient.ts';
import type { Delivery, Source, Told } from './source.ts';
import { purchase } from './stripe/checkout.ts';
import { customerDeleted, customerUpdated, registration } from './stripe/customer.ts';
import { refundOf, refundsOf } from './stripe/refund.ts';
import {
  chargeSchema,
  customerSchema,
  refundSchema,
  type StripeEvent,
  sessionSchema,
  stripeEventSchema,
} from './stripe/schema.ts';
import type { StripeFact } from './stripe/told.ts';

/** Stripe's webhooks: what is paid at its checkout, refunds, and customers (docs/stripe.md). */

type Teller = (event: StripeEvent) => Told;

/** In the test mode of Stripe nothing is real. */
const asTest = (fact: Fact, { livemode }: StripeEvent): Fact =>
  livemode === false ? { ...fact, test: true, data: { ...fact.data, test: true } } : fact;

const of =
  <T>(schema: z.ZodType<T>, tell: (object: T, event: StripeEvent) => StripeFact): Teller =>
  (event) => {
    const read = schema.safeParse(event.data.object);
    if (!read.success) return unreadable(`Stripe, ${event.type}`, read.error);
    const told = tell(read.data, event);
    if (told === 'nobody') return { ignored: "it names nobody: neither the shop's own number, nor an address" };
    if ('ignored' in told) return told;
    const facts = [told].flat().map((fact) => asTest(fact, event));
    return facts.length === 0 ? { ignored: 'it says nothing new' } : { facts };
  };

const session = of(sessionSchema, purchase);
const refund = of(refundSchema, refundOf);

const TYPES: Readonly<Record<string, Teller>> = {
  'checkout.session.completed': session,
  'checkout.session.async_payment_succeeded': session,
  'charge.refunded': of(chargeSchema, refundsOf),
  'refund.created': refund,
  'refund.updated': refund,
  'charge.refund.updated': refund,
  'customer.created': of(customerSchema, registration),
  'customer.updated': of(customerSchema, customerUpdated),
  'customer.deleted': of(customerSchema, customerDeleted),
};

/** The types of Stripe's events that tell anything. */
export const STRIPE_TYPES: readonly string[] = Object.keys(TYPES);

function tell({ text }: Delivery): Told {
  const json = postedJson(text);
  if ('error' in json) return json;
  const event = stripeEventSchema.safeParse(json.posted);
  if (!event.success) return unreadable('Stripe', event.error);
  const teller = ownOf(TYPES, event.data.type);
  return teller ? teller(event.data) : { ignored: `no journey can use "${event.data.type}"` };
}

export const stripe: Source = { scheme: stripeSignature, reads: [], tell, mends: 'operator' };
