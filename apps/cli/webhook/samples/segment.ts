import { customerNumber, type Fresh, type Samples, TEA } from './sample.ts';

const message = (type: string, { now, number, email }: Fresh, given: object): object => ({
  type,
  messageId: `sample-${number}`,
  userId: String(customerNumber(email)),
  anonymousId: `browser-${number}`,
  context: { traits: { email } },
  timestamp: now,
  sentAt: now,
  receivedAt: now,
  ...given,
});

const track =
  (event: string, propertiesOf: (fresh: Fresh) => object) =>
  (fresh: Fresh): object =>
    message('track', fresh, { event, properties: propertiesOf(fresh) });

/** Segment has no word for consent: it is said in Tropa's own. */
const newsAt = (at: string): object => ({
  channel: 'email',
  topic: 'news',
  state: 'granted',
  at,
  source: 'sample',
  wording: 'Send me the news.',
});

const product = { product_id: String(TEA.id), sku: TEA.sku, name: TEA.title, price: 12.5, category: TEA.category };
const products = [{ ...product, quantity: 2 }];
const orderOf = ({ number }: Fresh): object => ({ order_id: String(number), total: 29.9, currency: 'EUR', products });

/** What Segment posts: calls of its specification, those of track by the names of their events. */
export const segment: Samples = {
  headers: () => ({}),
  bodies: {
    identify: (fresh) => message('identify', fresh, { traits: { email: fresh.email, firstName: 'Ada' } }),
    page: (fresh) => message('page', fresh, { name: 'Home', properties: { path: '/' } }),
    'Signed Up': track('Signed Up', ({ now }) => ({ first_name: 'Ada', consents: [newsAt(now)] })),
    'Product Viewed': track('Product Viewed', () => ({ ...product, currency: 'EUR' })),
    'Product Added': track('Product Added', ({ number }) => ({ ...product, cart_id: `cart-${number}`, quantity: 2 })),
    'Cart Viewed': track('Cart Viewed', ({ number }) => ({ cart_id: `cart-${number}`, products })),
    'Checkout Started': track('Checkout Started', orderOf),
    'Order Completed': track('Order Completed', orderOf),
    'Order Refunded': track('Order Refunded', orderOf),
    'Order Cancelled': track('Order Cancelled', orderOf),
  },
};
