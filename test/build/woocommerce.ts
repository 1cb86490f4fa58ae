import { createHmac } from 'node:crypto';
import { type Read, readFacts } from '#shared/source/source.ts';
import { woocommerce } from '#shared/source/woocommerce.ts';

export const SHOP = 'shop.example';
export const SECRET = 'wc secret, as it stands in the form';

type Body = { readonly [field: string]: unknown };

const address = { first_name: 'Ann', last_name: 'Birch', country: 'PL', city: 'Kraków', address_1: 'Lipowa 1' };

export const order = (given: Body = {}): Body => ({
  id: 727,
  parent_id: 0,
  number: '1042',
  status: 'processing',
  currency: 'PLN',
  date_created: '2026-03-02T10:00:00',
  date_created_gmt: '2026-03-02T09:00:00',
  date_modified_gmt: '2026-03-02T09:00:05',
  date_paid_gmt: '2026-03-02T09:00:04',
  date_completed_gmt: null,
  total: '37.10',
  discount_total: '2.90',
  shipping_total: '9.10',
  total_tax: '5.24',
  customer_id: 26,
  billing: { ...address, email: 'Ann@Shop.example', phone: '+48 600 700 800' },
  shipping: { ...address, city: 'Gdynia' },
  meta_data: [
    { id: 1, key: '_tropa_id', value: 'browser-1' },
    { id: 2, key: '_other', value: { nested: true } },
  ],
  line_items: [
    {
      ...{
        product_id: 93,
        variation_id: 931,
        sku: 'T-1',
        name: 'Salt &amp; Pepper &#8211; <b>',
        quantity: 3,
        subtotal: '18.9',
      },
      ...{ price: 6.333333333333333, image: { id: 5, src: 'https://shop.example/tea.png' } },
    },
    {
      product_id: 94,
      variation_id: 0,
      sku: '',
      name: 'Wrap',
      quantity: 1,
      subtotal: '9.10',
      price: '9.10',
      image: null,
    },
  ],
  coupon_lines: [{ code: 'ten' }],
  refunds: [],
  ...given,
});

export const customer = (given: Body = {}): Body => ({
  id: 26,
  date_created_gmt: '2026-03-01T09:00:00',
  date_modified_gmt: '2026-03-02T08:30:00',
  email: 'ann@shop.example',
  first_name: 'Ann',
  last_name: '',
  role: 'customer',
  billing: { ...address, email: 'billing@shop.example', phone: '(12) 600-700' },
  meta_data: [],
  ...given,
});

export const signature = (body: string | Buffer, secret = SECRET): string =>
  createHmac('sha256', secret).update(body).digest('base64');

export const headersOf = (topic: string, more: Record<string, string> = {}): Record<string, string> => ({
  'x-wc-webhook-topic': topic,
  'x-wc-webhook-source': `https://${SHOP}/`,
  ...more,
});

/** What a delivery tells, before anybody has looked at it. */
export const told = (topic: string, body: unknown, more?: Record<string, string>) =>
  woocommerce.tell({ headers: headersOf(topic, more), text: typeof body === 'string' ? body : JSON.stringify(body) });

/** The events of a delivery, and what of it is none. */
export function read(topic: string, body: unknown): Read {
  const result = told(topic, body);
  if (!('facts' in result)) throw new Error(JSON.stringify(result));
  return readFacts(result.facts, 'woocommerce');
}
