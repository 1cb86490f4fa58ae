import { customerNumber, type Fresh, type Samples, TEA } from './sample.ts';

const who = ({ email }: Fresh) => ({ externalId: String(customerNumber(email)), email });
const items = [
  { productId: String(TEA.id), sku: TEA.sku, title: TEA.title, price: 12.5, quantity: 2, category: TEA.category },
];
const orderOf = ({ number }: Fresh) => ({ orderId: String(number), number: `#${number}` });

const said =
  (type: string, dataOf: (fresh: Fresh) => object = () => ({}), more: (fresh: Fresh) => object = () => ({})) =>
  (fresh: Fresh): object => ({
    id: `sample:${fresh.number}:${type}`,
    type,
    at: fresh.now,
    identities: who(fresh),
    ...more(fresh),
    data: dataOf(fresh),
  });

const yes = ({ now }: Fresh) => ({
  traits: { name: { first: 'Ada' } },
  consents: [{ channel: 'email', topic: 'news', state: 'granted', at: now, source: 'sample', wording: 'Yes' }],
});

/** Events in Tropa's own words. */
export const generic: Samples = {
  headers: () => ({}),
  bodies: {
    registration: said('registration', undefined, yes),
    'customer.updated': said('customer.updated', undefined, yes),
    'product.viewed': said('product.viewed', () => ({ ...items[0], quantity: undefined })),
    'cart.updated': said('cart.updated', ({ number }) => ({ cartId: `cart-${number}`, total: 25, items })),
    'checkout.started': said('checkout.started', ({ number }) => ({ checkoutId: `c-${number}`, total: 25, items })),
    purchase: said('purchase', (fresh) => ({ ...orderOf(fresh), total: 25, items })),
    'order.fulfilled': said('order.fulfilled', (fresh) => ({ ...orderOf(fresh), trackingNumber: 'SAMPLE-1' })),
    'order.cancelled': said('order.cancelled', (fresh) => ({ ...orderOf(fresh), total: 25, reason: 'customer' })),
    'order.refunded': said('order.refunded', (fresh) => ({ orderId: String(fresh.number), refundId: '1', amount: 5 })),
  },
};
