import { describe, expect, it } from 'vitest';
import { segment } from '#shared/source/segment.ts';
import { readFacts } from '#shared/source/source.ts';
import { ORDER, posted, track } from '#test/build/segment.ts';

const AT = '2026-03-01T08:00:00.000Z';

/** What a message tells, as it lies on the bus. */
function told(content: object) {
  const read = segment.tell(posted(content));
  if (!('facts' in read)) throw new Error(JSON.stringify(read));
  const { events, rejected } = readFacts(read.facts, 'segment');
  expect(rejected).toEqual([]);
  return events;
}
const one = (content: object) => told(content)[0];

describe('an order that was completed', () => {
  it('is a purchase, known by its number', () => {
    expect(one(track('Order Completed', ORDER))).toEqual({
      id: 'segment:order:1042:purchase',
      type: 'purchase',
      at: AT,
      source: 'segment',
      identities: { externalId: '4711', anonymousId: 'browser-1' },
      data: {
        orderId: '1042',
        checkoutId: 'c-7',
        total: 31.95,
        subtotal: 27.2,
        discount: 1.75,
        tax: 2.5,
        shipping: 4,
        currency: 'EUR',
        money: { currency: 'EUR', total: '31.95', subtotal: '27.2', discount: '1.75', tax: '2.50', shipping: '4' },
        items: [
          { productId: 'T1', sku: 'T1-100', title: 'Assam', vendor: 'Hills', category: 'tea', price: 9.6, quantity: 2 },
          { productId: 'T2', title: 'Mint', image: 'https://shop.example/mint.jpg', price: 8 },
        ],
        coupons: ['TEA-10', 'MINT'],
      },
    });
  });

  it.each<[string, object, object]>([
    ['revenue, where there is no total', { revenue: 20 }, { total: 20, money: { total: '20' } }],
    ['value, where there is neither', { value: '20.5' }, { total: 20.5, money: { total: '20.5' } }],
    ['no amount, where it is no number', { order_id: 1, total: 'free' }, { orderId: '1' }],
    ['nothing that has another shape', { order_id: '1', products: 'tea', coupon: null }, { orderId: '1' }],
  ])('has %s', (_, properties, data) => {
    expect(one(track('Order Completed', properties))?.data).toEqual(data);
  });

  it('without a number is known by its message', () => {
    expect(one(track('Order Completed', { total: 5 }, { messageId: 'm-1' }))?.id).toBe('segment:message:m-1');
  });

  it('reaches a guest by the address of the order', () => {
    const order = { ...ORDER, email: ' Ann@Shop.Example ', phone: '+48 123 456 789' };
    const guest = one(track('Order Completed', order, { userId: null }));
    expect(guest?.identities).toEqual({ anonymousId: 'browser-1', email: 'ann@shop.example', phone: '+48123456789' });
  });

  it.each(['9007199254740993', '9223372036854775807', '18446744073709551615'])('keeps the long number %s', (id) => {
    const text = JSON.stringify(track('Order Completed', { order_id: 'ID' }, { userId: 'ID' })).replaceAll('"ID"', id);
    const read = segment.tell({ headers: {}, text });
    const facts = 'facts' in read ? readFacts(read.facts, 'segment').events : [];
    expect(facts).toMatchObject([
      { id: `segment:order:${id}:purchase`, identities: { externalId: id }, data: { orderId: id } },
    ]);
  });
});

const PRODUCT = {
  product_id: 'T1',
  sku: 7,
  name: 'Assam',
  price: 9.6,
  currency: 'EUR',
  url: 'https://shop.example/t1',
};
const LINES = [
  { product_id: 'T1', price: '9.60', quantity: 3 },
  { product_id: 'T2', price: 0.1 },
];
const lines = [
  { productId: 'T1', price: 9.6, quantity: 3 },
  { productId: 'T2', price: 0.1 },
];

it.each<[name: string, properties: object, type: string, data: object]>([
  [
    'Product Viewed',
    PRODUCT,
    'product.viewed',
    {
      ...{ productId: 'T1', sku: '7', title: 'Assam', price: 9.6, currency: 'EUR', url: 'https://shop.example/t1' },
      money: { currency: 'EUR', price: '9.6' },
    },
  ],
  [
    'Product Added',
    { cart_id: 'k1', product_id: 'T1', price: 9.6, quantity: 2, currency: 'EUR' },
    'cart.updated',
    { cartId: 'k1', added: { productId: 'T1', price: 9.6, quantity: 2 }, currency: 'EUR' },
  ],
  [
    'Product Removed',
    { cart_id: 'k1', product_id: 'T1' },
    'cart.updated',
    { cartId: 'k1', removed: { productId: 'T1' } },
  ],
  [
    'Product Added',
    { cart_id: 'k1', product_id: 'T1', products: LINES },
    'cart.updated',
    { cartId: 'k1', total: 28.9, money: { total: '28.90' }, items: lines, itemCount: 4 },
  ],
  ['Product Added', { product_id: 'T1' }, 'product-added', { product_id: 'T1' }],
  [
    'Cart Viewed',
    { cart_id: 'k1', products: LINES, currency: 'USD' },
    'cart.updated',
    {
      cartId: 'k1',
      total: 28.9,
      currency: 'USD',
      money: { currency: 'USD', total: '28.90' },
      items: lines,
      itemCount: 4,
    },
  ],
  [
    'Cart Viewed',
    { cart_id: 'k1', products: [] },
    'cart.updated',
    { cartId: 'k1', total: 0, money: { total: '0' }, items: [], itemCount: 0 },
  ],
  [
    'Checkout Started',
    { order_id: '1042', value: 28.9, products: LINES },
    'checkout.started',
    { orderId: '1042', total: 28.9, money: { total: '28.9' }, items: lines, itemCount: 4 },
  ],
  [
    'Order Refunded',
    { order_id: '1042', total: 9.6, currency: 'EUR' },
    'order.refunded',
    { orderId: '1042', amount: 9.6, currency: 'EUR', money: { currency: 'EUR', amount: '9.6' } },
  ],
  ['Order Cancelled', { order_id: '1042', reason: 'late' }, 'order.cancelled', { orderId: '1042', reason: 'late' }],
  ['Signed Up', { type: 'organic' }, 'registration', {}],
  ['Account Created', { account_name: 'Tea' }, 'registration', {}],
  ['Song Played', { title: 'Tea', seconds: [1] }, 'song-played', { title: 'Tea', seconds: [1] }],
  ['Order Updated', ORDER, 'order-updated', ORDER],
  ['Subscribed', {}, 'segment.subscribed', {}],
])('the call "%s" becomes what it says', (name, properties, type, data) => {
  expect(one(track(name, properties))).toMatchObject({ type, at: AT });
  expect(one(track(name, properties))?.data).toEqual(data);
});

it.each<[what: string, content: object, id: string]>([
  ['an ordinary call by its message', track('Song Played', {}, { messageId: 'm-1' }), 'segment:message:m-1'],
  ['a refund by its number', track('Order Refunded', { order_id: '1', refund_id: 'r1' }), 'segment:refund:r1:refunded'],
  [
    'a refund without one by its message',
    track('Order Refunded', { order_id: '1' }, { messageId: 'm-2' }),
    'segment:message:m-2',
  ],
  ['a cancelled order by its number', track('Order Cancelled', { order_id: '1' }), 'segment:order:1:cancelled'],
  ['a registration by who it was', track('Signed Up'), 'segment:user:4711:registration'],
  [
    'a registration of nobody by its message',
    track('Signed Up', {}, { userId: null, messageId: 'm-3' }),
    'segment:message:m-3',
  ],
])('%s is known', (_, content, id) => {
  expect(one(content)?.id).toBe(id);
});

it('a call without an id of its own is known by what it says and when, whenever it is sent', () => {
  const nameless = (given: object = {}) => one(track('Song Played', { n: 1 }, { messageId: undefined, ...given }))?.id;
  expect(nameless()).toBe(nameless({ sentAt: '2026-03-01T09:00:00Z', receivedAt: null }));
  expect(nameless()).not.toBe(nameless({ timestamp: '2026-03-01T08:00:01Z' }));
  expect(nameless()).not.toBe(nameless({ userId: '4712' }));
  expect(nameless()).not.toBe(nameless({ event: 'Song Ended' }));
});
