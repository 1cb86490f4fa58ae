import type { Instant } from '#shared/time/instant.ts';
import { customerNumber, type Fresh, minutesBefore, type Samples, TEA } from './sample.ts';

/** As WooCommerce writes times: in UTC, without saying so. */
const gmt = (instant: Instant): string => instant.slice(0, 19);

const billing = (email: string): object => ({
  first_name: 'Ada',
  last_name: 'Sample',
  country: 'DE',
  city: 'Berlin',
  email,
});

const order = (fresh: Fresh, given: object = {}): object => ({
  id: fresh.number,
  number: String(fresh.number),
  status: 'processing',
  currency: 'EUR',
  date_created_gmt: gmt(minutesBefore(fresh.now, 1)),
  date_modified_gmt: gmt(fresh.now),
  date_paid_gmt: gmt(fresh.now),
  date_completed_gmt: null,
  total: '29.90',
  discount_total: '0.00',
  shipping_total: '4.90',
  total_tax: '4.77',
  customer_id: customerNumber(fresh.email),
  billing: billing(fresh.email),
  meta_data: [{ id: 1, key: '_tropa_marketing', value: 'Yes, write to me about news.' }],
  line_items: [
    { product_id: TEA.id, variation_id: 0, sku: TEA.sku, name: TEA.title, quantity: 2, price: 12.5, subtotal: '25.00' },
  ],
  coupon_lines: [],
  refunds: [],
  ...given,
});

const customer = ({ now, email }: Fresh): object => ({
  id: customerNumber(email),
  date_created_gmt: gmt(now),
  date_modified_gmt: gmt(now),
  email,
  first_name: 'Ada',
  last_name: 'Sample',
  role: 'customer',
  billing: billing(email),
  meta_data: [],
});

const gone = ({ number }: Fresh): object => ({ id: number });

/** What WooCommerce posts. */
export const woocommerce: Samples = {
  headers: (topic, { number }) => ({
    'x-wc-webhook-source': 'https://sample.example/',
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-resource': topic.split('.')[0] ?? '',
    'x-wc-webhook-event': topic.split('.')[1] ?? '',
    'x-wc-webhook-id': '1',
    'x-wc-webhook-delivery-id': `sample-${number}`,
  }),
  bodies: {
    'order.created': order,
    'order.updated': (fresh) => order(fresh, { status: 'completed', date_completed_gmt: gmt(fresh.now) }),
    'order.restored': order,
    'order.deleted': gone,
    'customer.created': customer,
    'customer.updated': customer,
    'customer.deleted': gone,
  },
};
