import { describe, expect, it } from 'vitest';
import {
  checkout,
  customer,
  fulfillment,
  lines,
  order,
  read,
  redact,
  refund,
  SHOP,
  told,
} from '#test/build/shopify.ts';

type Given = Readonly<Record<string, unknown>>;

const ORDERS = ['create', 'paid', 'updated', 'fulfilled', 'cancelled'].map((what) => `orders/${what}`);
const typesOf = (topic: string, body: unknown) => read(topic, body).events.map(({ type }) => type);
const only = (topic: string, body: unknown, type: string) => {
  const { events, rejected } = read(topic, body);
  expect(rejected).toEqual([]);
  return events.find((event) => event.type === type);
};

describe('an order', () => {
  it.each(ORDERS)('is one purchase, whichever delivery tells of it: %s', (topic) => {
    expect(only(topic, order(), 'purchase')).toEqual({
      id: `shopify:${SHOP}:order:9001:purchase`,
      type: 'purchase',
      at: '2026-03-02T08:00:00.000Z',
      source: 'shopify',
      identities: { externalId: '501', email: 'ann@shop.example', anonymousId: 'browser-1' },
      data: {
        orderId: '9001',
        number: '#1042',
        total: 37.1,
        subtotal: 28,
        discount: 2.9,
        tax: 5.24,
        shipping: 9.1,
        currency: 'PLN',
        money: { currency: 'PLN', total: '37.10', subtotal: '28.00', discount: '2.90', tax: '5.24', shipping: '9.10' },
        coupons: ['TEN'],
        cartId: 'cart-1',
        checkoutId: 'checkout-1',
        country: 'PL',
        city: 'Kraków',
        items: [
          { productId: '71', variantId: '711', sku: 'T-1', title: 'Tea', quantity: 2, price: 12.5, vendor: 'Birch' },
          { title: 'Gift wrap', quantity: 1, price: 3 },
        ],
      },
    });
  });

  it('tells the customer as of their last change, as the customer themselves would', () => {
    const [byOrder, byCustomer] = [['orders/paid', order()] as const, ['customers/update', customer()] as const].map(
      ([topic, body]) => only(topic, body, 'customer.updated'),
    );
    expect(byOrder).toEqual(byCustomer);
    expect(byOrder?.id).toMatch(
      /^shopify:birch\.myshopify\.com:customer:501:updated:\w{10}:2026-03-02T08:30:00\.000Z$/,
    );
  });

  it.each<[what: string, given: Given, expected: object]>([
    ['of a shop that tries things out', { test: true }, { test: true, data: { test: true } }],
    ['with no total', { total_price: null, subtotal_price: undefined }, { data: { orderId: '9001', tax: 5.24 } }],
    ['with amounts as numbers', { total_price: 37.1 }, { data: { total: 37.1, money: { total: '37.1' } } }],
    [
      'by a guest with a phone only',
      { email: '', customer: null, phone: '+48600700800', note_attributes: [] },
      { identities: { phone: '+48600700800' } },
    ],
    [
      'whose address is that of the contact',
      { email: null, contact_email: 'bob@shop.example' },
      { identities: { externalId: '501', email: 'bob@shop.example' } },
    ],
    [
      'with an address of the order and of the contact',
      { contact_email: 'bob@shop.example' },
      { identities: { email: 'ann@shop.example' } },
    ],
    ['with an address that is none', { email: 'ann@', note_attributes: null }, { identities: { externalId: '501' } }],
    ['placed at the till and sent later', { processed_at: '2026-03-01T09:00:00Z' }, { at: '2026-03-01T09:00:00.000Z' }],
    [
      'brought in from another system',
      { processed_at: '2020-03-01T09:00:00Z' },
      { historic: true, at: '2020-03-01T09:00:00.000Z' },
    ],
    [
      'without a shipping address',
      { shipping_address: null, billing_address: { country_code: 'DE' } },
      { data: { country: 'DE' } },
    ],
    [
      'with shipping in the customer currency, too',
      { total_shipping_price_set: { shop_money: { amount: '8.00' } } },
      { data: { shipping: 8 } },
    ],
    [
      'whose number the body rounds',
      { id: 820982911946154500, admin_graphql_api_id: 'gid://shopify/Order/820982911946154508' },
      { id: `shopify:${SHOP}:order:820982911946154508:purchase`, data: { orderId: '820982911946154508' } },
    ],
  ])('%s is told', (_, given, expected) => {
    expect(only('orders/create', order(given), 'purchase')).toMatchObject(expected);
  });

  it.each(['9007199254740993', '9223372036854775807', '9223372036854775808'])(
    'keeps every digit of its number %s',
    (id) => {
      const text = JSON.stringify(order({ admin_graphql_api_id: undefined })).replace('"id":9001', `"id":${id}`);
      expect(only('orders/create', text, 'purchase')).toMatchObject({
        id: `shopify:${SHOP}:order:${id}:purchase`,
        data: { orderId: id },
      });
    },
  );

  it('says nothing of what changes later, such as a payment', () => {
    const later = order({
      financial_status: 'refunded',
      updated_at: '2026-03-09T08:00:00Z',
      tags: 'late',
      closed_at: '2026-03-09T08:00:00Z',
    });
    expect(only('orders/updated', later, 'purchase')).toEqual(only('orders/create', order(), 'purchase'));
  });

  it('was told, once a month has gone', () => {
    const at = (updated_at: string) =>
      typesOf('orders/updated', order({ updated_at, customer: customer({ updated_at }) }));
    expect(at('2026-04-01T08:00:00Z')).toEqual(['purchase', 'customer.updated']);
    expect(at('2026-04-01T08:00:01Z')).toEqual(['customer.updated']);
  });

  it('that is cancelled says why', () => {
    const body = order({ cancelled_at: '2026-03-04T08:00:00+01:00', cancel_reason: 'inventory' });
    expect(only('orders/cancelled', body, 'order.cancelled')).toMatchObject({
      id: `shopify:${SHOP}:order:9001:cancelled`,
      at: '2026-03-04T07:00:00.000Z',
      data: { orderId: '9001', number: '#1042', total: 37.1, reason: 'inventory' },
    });
  });

  it('tells of each refund what was paid back', () => {
    const body = order({ refunds: [refund(), refund({ id: 402, transactions: [] })], test: true });
    const { events } = read('orders/updated', body);
    expect(events.filter(({ type }) => type === 'order.refunded')).toMatchObject([
      {
        id: `shopify:${SHOP}:refund:401:refunded`,
        at: '2026-03-05T07:00:00.000Z',
        test: true,
        data: { orderId: '9001', refundId: '401', amount: 11, currency: 'PLN', money: { amount: '11.00' }, test: true },
      },
    ]);
  });
});

describe('a parcel', () => {
  it.each([
    ['on its way', null, ['order.fulfilled']],
    ['at the door', 'out_for_delivery', ['order.fulfilled']],
    ['that has arrived', 'delivered', ['order.fulfilled', 'order.delivered']],
  ])('%s is told alike by the order and by itself', (_, shipment_status, types) => {
    const one = fulfillment({ shipment_status });
    const { events } = read('fulfillments/update', one);
    expect(events.map(({ type }) => type)).toEqual(types);
    const byOrder = read('orders/fulfilled', order({ fulfillments: [one] })).events;
    expect(byOrder.filter(({ type }) => type.startsWith('order.'))).toEqual(events);
    expect(events[0]).toMatchObject({
      id: `shopify:${SHOP}:fulfillment:301:fulfilled`,
      at: '2026-03-03T07:00:00.000Z',
      identities: { email: 'ann@shop.example' },
      data: {
        orderId: '9001',
        number: '#1042',
        trackingNumber: 'TR1',
        trackingUrl: 'https://carrier.example/TR1',
        carrier: 'Post',
      },
    });
  });

  it.each(['cancelled', 'failure', 'error', 'pending'])('that is %s has not left', (status) => {
    expect(told('fulfillments/update', fulfillment({ status }))).toEqual({ ignored: 'it says nothing new' });
  });
});

describe('a checkout', () => {
  const state = {
    identities: { email: 'ann@shop.example' },
    data: {
      ...{ cartId: 'cart-1', checkoutId: 'checkout-1', total: 37.1, subtotal: 28, currency: 'PLN', itemCount: 3 },
      ...{ url: 'https://birch.example/recover/1', money: { currency: 'PLN', total: '37.10', subtotal: '28.00' } },
    },
  };

  it('that begins is told with the cart', () => {
    const { events } = read('checkouts/create', checkout());
    expect(events).toMatchObject([
      {
        type: 'checkout.started',
        id: `shopify:${SHOP}:checkout:checkout-1:started`,
        at: '2026-03-02T07:40:00.000Z',
        ...state,
      },
      { type: 'cart.updated', at: '2026-03-02T07:41:00.000Z', ...state },
    ]);
    expect(read('checkouts/update', checkout()).events).toEqual([events[1]]);
  });

  it.each([
    ['is completed', { completed_at: '2026-03-02T09:00:00Z' }, /completed/],
    ['names nobody', { email: null }, /nobody/],
  ])('that %s is left alone', (_, given, ignored) => {
    expect(told('checkouts/update', checkout(given))).toEqual({ ignored: expect.stringMatching(ignored) });
  });

  it('that is emptied has a total of nothing', () => {
    const body = checkout({ line_items: [], total_price: '0.00', subtotal_price: '0.00' });
    expect(read('checkouts/update', body).events[0]?.data).toMatchObject({ total: 0, items: [], itemCount: 0 });
  });
});

describe('a cart', () => {
  const cart = (given: object = {}) => ({
    id: 'cart-2',
    token: 'cart-2',
    updated_at: '2026-03-02T07:41:00Z',
    line_items: lines,
    ...given,
  });

  it.each([
    ['a list', { note_attributes: [{ name: '_tropa_id', value: 'browser-1' }] }],
    ['an object', { attributes: { _tropa_id: 'browser-1', other: 7 } }],
  ])('is told where its attributes say whose it is, as %s', (_, given) => {
    expect(read('carts/update', cart(given)).events).toMatchObject([
      {
        type: 'cart.updated',
        identities: { anonymousId: 'browser-1' },
        data: { cartId: 'cart-2', total: 28, money: { total: '28.00' }, itemCount: 3 },
      },
    ]);
  });

  it('of nobody is left alone', () => {
    expect(told('carts/create', cart())).toEqual({ ignored: expect.stringContaining('nobody') });
  });

  it('that is emptied has a total of nothing', () => {
    const body = cart({ line_items: [], attributes: { _tropa_id: 'b' } });
    expect(read('carts/update', body).events[0]?.data).toMatchObject({ total: 0, items: [], itemCount: 0 });
  });
});

it.each([
  ['orders/edited', {}],
  ['refunds/create', refund()],
  ['customers/delete', { id: 501 }],
  ['products/update', {}],
  ['constructor', {}],
])('%s is left alone, with a word', (topic, body) => {
  expect(told(topic, body)).toEqual({ ignored: expect.any(String) });
});

it.each<[what: string, topic: string, body: unknown, headers: object]>([
  ['what is no JSON', 'orders/create', '{', {}],
  ['an order without a number', 'orders/create', order({ id: null }), {}],
  ['an order without a moment', 'orders/create', order({ created_at: 'yesterday' }), {}],
  ['a list', 'customers/update', [], {}],
  ['null', 'carts/update', 'null', {}],
  ['a delivery without a topic', '', order(), {}],
  ['a delivery of no shop', 'orders/create', order(), { 'x-shopify-shop-domain': 'a b' }],
  ['a request without a moment', 'customers/redact', redact(), { 'x-shopify-triggered-at': '' }],
  ['a request of another shop', 'customers/redact', redact({ shop_domain: 'elm.myshopify.com' }), {}],
])('%s is an error, and kept as it came', (_, topic, body, headers) => {
  expect(told(topic, body, { ...headers })).toEqual({ error: expect.any(String) });
});

it('reads the newer family of headers, too', () => {
  const newer = {
    'x-shopify-topic': '',
    'x-shopify-shop-domain': '',
    'shopify-topic': 'orders/paid',
    'shopify-shop-domain': SHOP,
  };
  expect(told('', order(), newer)).toEqual(told('orders/paid', order()));
});
