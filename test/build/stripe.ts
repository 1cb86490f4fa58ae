import { createHmac } from 'node:crypto';
import type { Delivery } from '#shared/source/source.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';

export const SECRET = 'whsec_of_the_endpoint';

/** As Stripe signs at that moment. */
export function headersOf(body: string, now: Instant): Record<string, string> {
  const seconds = Math.floor(toMillis(now) / 1000);
  const signature = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex');
  return { 'stripe-signature': `t=${seconds},v1=${signature}` };
}

export const PAID_AT = '2026-03-01T08:00:00.000Z';
export const secondsOf = (instant: string): number => toMillis(instant) / 1000;

let made = 0;

/** An event of Stripe's about this object. Its id is its own unless the test gives one. */
export function stripeEvent(type: string, object: object, given: object = {}): object {
  made += 1;
  return {
    id: `evt_${made}`,
    object: 'event',
    api_version: '2025-09-30.clover',
    created: secondsOf(PAID_AT),
    livemode: true,
    pending_webhooks: 1,
    type,
    ...given,
    data: { object, ...(Reflect.get(given, 'data') ?? {}) },
  };
}

/** A paid session of Stripe's checkout. */
export const session = (given: object = {}): object => ({
  id: 'cs_live_a1',
  object: 'checkout.session',
  created: secondsOf('2026-03-01T07:50:00.000Z'),
  mode: 'payment',
  payment_status: 'paid',
  currency: 'eur',
  amount_subtotal: 2720,
  amount_total: 3195,
  total_details: { amount_discount: 175, amount_shipping: 400, amount_tax: 250 },
  client_reference_id: null,
  payment_link: null,
  customer: 'cus_9',
  customer_details: {
    email: 'Ann@Shop.Example',
    phone: '+48 123 456 789',
    name: 'Ann Kowalska',
    address: { country: 'PL', city: 'Gdynia', line1: 'Long Lane 1' },
  },
  customer_email: null,
  consent: null,
  metadata: {},
  payment_intent: 'pi_5',
  ...given,
});

export const refund = (given: object = {}): object => ({
  id: 're_1',
  object: 'refund',
  amount: 500,
  charge: 'ch_3',
  created: secondsOf(PAID_AT),
  currency: 'eur',
  metadata: {},
  payment_intent: 'pi_5',
  reason: 'requested_by_customer',
  status: 'succeeded',
  ...given,
});

export const charge = (given: object = {}): object => ({
  id: 'ch_3',
  object: 'charge',
  amount: 3195,
  amount_refunded: 500,
  billing_details: { email: 'ann@shop.example', phone: null, name: 'Ann Kowalska', address: null },
  currency: 'eur',
  customer: 'cus_9',
  metadata: {},
  payment_intent: 'pi_5',
  receipt_email: null,
  ...given,
});

export const customer = (given: object = {}): object => ({
  id: 'cus_9',
  object: 'customer',
  created: secondsOf('2026-02-01T08:00:00.000Z'),
  email: 'ann@shop.example',
  phone: null,
  name: 'Ann Kowalska',
  address: { country: 'PL', city: 'Gdynia' },
  metadata: {},
  preferred_locales: ['pl'],
  ...given,
});

export const delivered = (event: object): Delivery => ({ headers: {}, text: JSON.stringify(event) });
