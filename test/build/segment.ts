import { createHmac } from 'node:crypto';
import type { Delivery } from '#shared/source/source.ts';

export const SECRET = 'a secret that nobody guesses';

/** As Segment signs. */
export const headersOf = (body: string): Record<string, string> => ({
  'x-signature': createHmac('sha1', SECRET).update(body).digest('hex'),
});

const AT = '2026-03-01T08:00:00.000Z';

let made = 0;

/** A message as Segment sends it, of a customer with a number and a browser. Its id is its own unless the test gives one. */
export function message(type: string, given: object = {}): object {
  made += 1;
  return {
    type,
    messageId: `msg-${made}`,
    userId: '4711',
    anonymousId: 'browser-1',
    context: { library: { name: 'test' }, locale: null },
    integrations: { All: true },
    timestamp: AT,
    sentAt: AT,
    receivedAt: AT,
    ...given,
  };
}

export const track = (event: string, properties: object = {}, given: object = {}): object =>
  message('track', { event, properties, ...given });

/** An order with two teas, as a shop of the e-commerce specification tracks it. */
export const ORDER = {
  order_id: '1042',
  checkout_id: 'c-7',
  total: 31.95,
  subtotal: 27.2,
  revenue: 27.2,
  shipping: 4,
  tax: '2.50',
  discount: 1.75,
  coupon: 'TEA-10',
  currency: 'eur',
  products: [
    { product_id: 'T1', sku: 'T1-100', name: 'Assam', brand: 'Hills', price: 9.6, quantity: 2, category: 'tea' },
    { product_id: 'T2', name: 'Mint', price: '8.00', image_url: 'https://shop.example/mint.jpg', coupon: 'MINT' },
  ],
};

/** As it is posted: one message, or a list of them as a batch. */
export const posted = (content: object): Delivery => ({
  headers: {},
  text: JSON.stringify(Array.isArray(content) ? { batch: content } : content),
});
