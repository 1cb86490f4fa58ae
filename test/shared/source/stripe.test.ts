import { describe, expect, it } from 'vitest';
import { readFacts } from '#shared/source/source.ts';
import { stripe } from '#shared/source/stripe.ts';
import { charge, customer, delivered, PAID_AT, refund, secondsOf, session, stripeEvent } from '#test/build/stripe.ts';

const read = (event: object) => {
  const told = stripe.tell(delivered(event));
  return 'facts' in told ? readFacts(told.facts, 'stripe') : told;
};
function all(event: object) {
  const told = read(event);
  if (!('events' in told)) throw new Error(JSON.stringify(told));
  expect(told.rejected).toEqual([]);
  return told.events;
}
const one = (event: object) => all(event)[0];
const completed = (given: object = {}, more: object = {}) =>
  stripeEvent('checkout.session.completed', session(given), more);

describe('a paid checkout', () => {
  it('is a purchase, known by its session, at the moment when it was paid', () => {
    expect(one(completed())).toEqual({
      id: 'stripe:checkout:cs_live_a1:purchase',
      type: 'purchase',
      at: PAID_AT,
      source: 'stripe',
      identities: { email: 'ann@shop.example', phone: '+48123456789' },
      traits: { 'stripe.customer': 'cus_9' },
      data: {
        ...{ orderId: 'pi_5', paymentId: 'pi_5', checkoutId: 'cs_live_a1', country: 'PL', city: 'Gdynia' },
        ...{ total: 31.95, subtotal: 27.2, discount: 1.75, tax: 2.5, shipping: 4, currency: 'EUR' },
        money: { currency: 'EUR', total: '31.95', subtotal: '27.20', discount: '1.75', tax: '2.50', shipping: '4.00' },
      },
    });
  });

  it('has items where they were asked for', () => {
    const data = [
      { description: 'Assam', quantity: 2, price: { unit_amount: 960, product: 'prod_1' } },
      { description: 'Mint', price: { unit_amount: null, product: { id: 'prod_2' } } },
    ];
    expect(one(completed({ line_items: { data } }))?.data['items']).toEqual([
      { productId: 'prod_1', title: 'Assam', quantity: 2, price: 9.6 },
      { productId: 'prod_2', title: 'Mint' },
    ]);
  });

  it.each<[string, object, object]>([
    ['checkout.session.completed', { payment_status: 'no_payment_required', amount_total: 0 }, { total: 0 }],
    ['checkout.session.async_payment_succeeded', {}, { total: 31.95 }],
  ])('may be told of by %s', (type, given, data) => {
    expect(one(stripeEvent(type, session(given)))).toMatchObject({ type: 'purchase', data });
  });

  it.each<[string, object]>([
    ['it is not paid yet', { payment_status: 'unpaid' }],
    ['a session that sells nothing', { mode: 'setup', payment_status: 'no_payment_required' }],
    ["it names nobody: neither the shop's own number, nor an address", { customer_details: null }],
  ])('is none: %s', (ignored, given) => {
    expect(read(completed(given))).toEqual({ ignored });
  });

  it('carries the answer to the one question that Stripe asks', () => {
    const said = (promotions: string | null) => one(completed({ consent: { promotions } }))?.consents;
    const word = { channel: 'email', topic: 'marketing', at: '2026-03-01T07:50:00.000Z', source: 'stripe' };
    expect(said('opt_in')).toMatchObject([{ ...word, state: 'granted' }]);
    expect(said('opt_out')).toMatchObject([{ ...word, state: 'denied' }]);
    expect(said(null)).toBeUndefined();
  });

  it('says the number of the order and of the cart, where the shop has written them down', () => {
    const metadata = { order_id: '1042', cart_id: 'k1', _tropa_id: 'browser-1' };
    expect(one(completed({ metadata }))).toMatchObject({
      identities: { anonymousId: 'browser-1' },
      data: { orderId: '1042', paymentId: 'pi_5', cartId: 'k1' },
    });
  });
});

it.each<[string, object, string | undefined]>([
  ["the metadata's externalId", { externalId: '1', customer_id: '2', user_id: '3' }, '1'],
  ['its customer_id', { customer_id: '2', user_id: '3' }, '2'],
  ['its user_id', { user_id: '3' }, '3'],
  ["the session's client_reference_id", {}, '4'],
])('a customer is known by %s', (_, metadata, externalId) => {
  expect(one(completed({ metadata, client_reference_id: '4' }))?.identities).toMatchObject({ externalId });
});

it.each([
  ['of a Payment Link', 'plink_1'],
  ['that does not say of what it is', undefined],
])('nobody is known by the client_reference_id of a session %s, which a buyer can write', (_, payment_link) => {
  const session = completed({ client_reference_id: '4711', payment_link });
  expect(one(session)?.identities).not.toHaveProperty('externalId');
});

it("a customer is never known by Stripe's number", () => {
  const events = [completed(), stripeEvent('customer.created', customer()), stripeEvent('charge.refunded', charge())];
  expect(events.map((event) => one(event)?.identities.externalId)).toEqual([undefined, undefined, undefined]);
});

it.each<[currency: string, units: number, total: number, text: string]>([
  ['jpy', 500, 500, '500'],
  ['krw', 12000, 12000, '12000'],
  ['mga', 500, 500, '500'],
  ['kwd', 5120, 5.12, '5.120'],
  ['isk', 50000, 500, '500.00'],
  ['ugx', 50000, 500, '500.00'],
  ['huf', 1045, 10.45, '10.45'],
  ['eur', 5, 0.05, '0.05'],
])('in %s %i units are %f', (currency, amount_total, total, text) => {
  const data = one(completed({ currency, amount_total }))?.data;
  expect(data).toMatchObject({ total, money: { total: text } });
});

describe('a refund', () => {
  const told = {
    type: 'order.refunded',
    at: PAID_AT,
    data: {
      orderId: 'pi_5',
      paymentId: 'pi_5',
      amount: 5,
      currency: 'EUR',
      money: { currency: 'EUR', amount: '5.00' },
    },
  };

  it('of a charge that lists it is known by its number', () => {
    const old = refund({ id: 're_0', created: secondsOf('2026-01-01T00:00:00.000Z') });
    const pending = refund({ id: 're_2', status: 'pending' });
    const listed = charge({ refunds: { data: [pending, refund(), old] } });
    expect(all(stripeEvent('charge.refunded', listed))).toMatchObject([
      { ...told, id: 'stripe:refund:re_1:refunded', identities: { email: 'ann@shop.example' } },
    ]);
  });

  it('of a charge that does not is known by the sum of its refunds', () => {
    const first = stripeEvent('charge.refunded', charge(), {
      data: { previous_attributes: { amount_refunded: 0, refunded: false } },
    });
    const second = stripeEvent('charge.refunded', charge({ amount_refunded: 700 }), {
      data: { previous_attributes: { amount_refunded: 500 } },
    });
    expect(one(first)).toMatchObject({ ...told, id: 'stripe:charge:ch_3:refunded:500' });
    expect(one(second)).toMatchObject({ id: 'stripe:charge:ch_3:refunded:700', data: { amount: 2 } });
  });

  it.each(['refund.created', 'refund.updated', 'charge.refund.updated'])('is told by %s, if it says whose', (type) => {
    const mine = refund({ metadata: { customer_id: '4711', order_id: '1042' } });
    expect(one(stripeEvent(type, mine))).toMatchObject({
      id: 'stripe:refund:re_1:refunded',
      identities: { externalId: '4711' },
      data: { orderId: '1042', refundId: 're_1', amount: 5, reason: 'requested_by_customer' },
    });
    expect(read(stripeEvent(type, refund()))).toMatchObject({ ignored: expect.stringContaining('names nobody') });
  });

  it.each([
    ['the money is not back yet', refund({ status: 'pending' }), {}],
    ['it was told when it happened', refund(), { created: secondsOf('2026-05-01T00:00:00.000Z') }],
  ])('is not told: %s', (ignored, object, given) => {
    expect(read(stripeEvent('refund.updated', object, given))).toEqual({ ignored });
  });
});

describe('a customer', () => {
  const traits = { 'stripe.customer': 'cus_9', 'name.full': 'Ann Kowalska', locale: 'pl' };

  it('who is new is a registration', () => {
    expect(one(stripeEvent('customer.created', customer({ metadata: { user_id: '4711' } })))).toMatchObject({
      id: 'stripe:customer:cus_9:registration',
      type: 'registration',
      at: '2026-02-01T08:00:00.000Z',
      identities: { externalId: '4711', email: 'ann@shop.example' },
      traits: { ...traits, 'location.country': 'PL', 'location.city': 'Gdynia' },
    });
  });

  it('who has changed is what they are then; two changes in one second are two', () => {
    const changed = one(stripeEvent('customer.updated', customer(), { id: 'evt_a' }));
    expect(changed).toMatchObject({ id: 'stripe:event:evt_a', type: 'customer.updated', at: PAID_AT, traits });
  });

  it('who was deleted there is not deleted here', () => {
    expect(one(stripeEvent('customer.deleted', customer()))).toMatchObject({
      type: 'customer.deleted',
      traits: { 'stripe.customer': null },
    });
  });
});

it('what happens in test mode is a test', () => {
  expect(one(completed({}, { livemode: false }))).toMatchObject({ test: true, data: { test: true, total: 31.95 } });
  expect(one(completed())).not.toHaveProperty('test');
});

it.each<[string, object]>([
  ['an event of another type', stripeEvent('invoice.paid', {})],
  ['a type that every object has', stripeEvent('constructor', {})],
])('%s is ignored, with a word', (_, event) => {
  expect(read(event)).toMatchObject({ ignored: expect.stringContaining('no journey can use') });
});

it.each<[string, string, RegExp]>([
  ['what is no JSON', '{', /^the body is not JSON/],
  ['no event', '{"object":"event"}', /^Stripe: id: /],
  ['a session without an id', JSON.stringify(completed({ id: null })), /^Stripe, checkout.session.completed: id: /],
  ['a time beyond all', JSON.stringify(completed({}, { created: 1e15 })), /^Stripe: created: /],
])('%s cannot be read, and why is said', (_, text, error) => {
  expect(stripe.tell({ headers: {}, text })).toEqual({ error: expect.stringMatching(error) });
});

it.each(['9007199254740993', '9223372036854775807'])('keeps the long number %s', (id) => {
  const text = JSON.stringify(completed({ metadata: { order_id: 'ID' } })).replaceAll('"ID"', id);
  const told = stripe.tell({ headers: {}, text });
  expect(told).toMatchObject({ facts: [{ data: { orderId: id } }] });
});
