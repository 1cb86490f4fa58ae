import { customerNumber, type Fresh, type Samples, secondsOf } from './sample.ts';

const event =
  (type: string, objectOf: (fresh: Fresh) => object) =>
  (fresh: Fresh): object => ({
    id: `evt_sample${fresh.number}`,
    object: 'event',
    created: secondsOf(fresh.now),
    livemode: true,
    type,
    data: { object: objectOf(fresh) },
  });

const session = ({ now, number, email }: Fresh): object => ({
  id: `cs_sample${number}`,
  object: 'checkout.session',
  created: secondsOf(now) - 60,
  mode: 'payment',
  payment_status: 'paid',
  currency: 'eur',
  amount_subtotal: 2500,
  amount_total: 2990,
  total_details: { amount_discount: 0, amount_shipping: 490, amount_tax: 0 },
  customer_details: { email, name: 'Ada Sample', address: { country: 'DE', city: 'Berlin' } },
  consent: { promotions: 'opt_in' },
  metadata: {},
  payment_intent: `pi_sample${number}`,
});

const refund = ({ now, number, email }: Fresh): object => ({
  id: `re_sample${number}`,
  object: 'refund',
  amount: 500,
  charge: `ch_sample${number}`,
  created: secondsOf(now),
  currency: 'eur',
  // A refund names nobody of itself.
  metadata: { customer_id: String(customerNumber(email)) },
  payment_intent: `pi_sample${number}`,
  reason: 'requested_by_customer',
  status: 'succeeded',
});

const charge = (fresh: Fresh): object => ({
  id: `ch_sample${fresh.number}`,
  object: 'charge',
  amount: 2990,
  amount_refunded: 500,
  billing_details: { email: fresh.email },
  currency: 'eur',
  metadata: {},
  payment_intent: `pi_sample${fresh.number}`,
  refunds: { data: [refund(fresh)] },
});

const customer = ({ now, number, email }: Fresh): object => ({
  id: `cus_sample${number}`,
  object: 'customer',
  created: secondsOf(now),
  email,
  name: 'Ada Sample',
  address: { country: 'DE', city: 'Berlin' },
  metadata: {},
  preferred_locales: ['en'],
});

/** What Stripe posts, by the types of its events. */
export const stripe: Samples = {
  headers: () => ({}),
  bodies: {
    'checkout.session.completed': event('checkout.session.completed', session),
    'checkout.session.async_payment_succeeded': event('checkout.session.async_payment_succeeded', session),
    'charge.refunded': event('charge.refunded', charge),
    'refund.created': event('refund.created', refund),
    'refund.updated': event('refund.updated', refund),
    'charge.refund.updated': event('charge.refund.updated', refund),
    'customer.created': event('customer.created', customer),
    'customer.updated': event('customer.updated', customer),
    'customer.deleted': event('customer.deleted', customer),
  },
};
