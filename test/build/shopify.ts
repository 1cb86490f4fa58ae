import { createHmac } from 'node:crypto';
import { shopify } from '#shared/source/shopify.ts';
import { type Read, readFacts } from '#shared/source/source.ts';

export const SHOP = 'birch.myshopify.com';
export const SECRET = 'shpss_0123456789abcdef0123456789abcdef';

type Body = { readonly [field: string]: unknown };

export const customer = (given: Body = {}): Body => ({
  id: 501,
  admin_graphql_api_id: 'gid://shopify/Customer/501',
  email: 'Ann@Shop.example ',
  phone: '+48 600 700 800',
  first_name: 'Ann',
  last_name: 'Birch',
  locale: 'pl-PL',
  tags: 'vip, tea',
  default_address: { country_code: 'PL', city: 'Kraków', zip: '30-001' },
  created_at: '2026-03-01T10:00:00+01:00',
  updated_at: '2026-03-02T09:30:00+01:00',
  ...given,
});

export const lines = [
  { product_id: 71, variant_id: 711, sku: 'T-1', title: 'Tea', quantity: 2, price: '12.50', vendor: 'Birch', grams: 5 },
  { product_id: null, variant_id: null, sku: '', title: 'Gift wrap', quantity: 1, price: '3.00', vendor: null },
];

export const order = (given: Body = {}): Body => ({
  id: 9001,
  admin_graphql_api_id: 'gid://shopify/Order/9001',
  name: '#1042',
  email: 'ann@shop.example',
  phone: null,
  created_at: '2026-03-02T09:00:00+01:00',
  processed_at: '2026-03-02T09:00:00+01:00',
  updated_at: '2026-03-02T09:00:05+01:00',
  cancelled_at: null,
  currency: 'PLN',
  total_price: '37.10',
  subtotal_price: '28.00',
  total_discounts: '2.90',
  total_tax: '5.24',
  shipping_lines: [{ price: '9.10' }, { price: '0.00' }],
  discount_codes: [{ code: 'TEN' }],
  cart_token: 'cart-1',
  checkout_token: 'checkout-1',
  note_attributes: [{ name: '_tropa_id', value: 'browser-1' }],
  test: false,
  financial_status: 'pending',
  line_items: lines,
  customer: customer(),
  shipping_address: { country_code: 'PL', city: 'Kraków' },
  fulfillments: [],
  refunds: [],
  ...given,
});

export const fulfillment = (given: Body = {}): Body => ({
  id: 301,
  order_id: 9001,
  name: '#1042.1',
  email: 'ann@shop.example',
  status: 'success',
  shipment_status: null,
  tracking_number: 'TR1',
  tracking_url: 'https://carrier.example/TR1',
  tracking_company: 'Post',
  created_at: '2026-03-03T08:00:00+01:00',
  updated_at: '2026-03-03T08:00:00+01:00',
  line_items: [lines[0]],
  ...given,
});

export const refund = (given: Body = {}): Body => ({
  id: 401,
  order_id: 9001,
  created_at: '2026-03-05T08:00:00+01:00',
  transactions: [
    { kind: 'refund', status: 'success', amount: '10.10', currency: 'PLN' },
    { kind: 'refund', status: 'failure', amount: '99.00', currency: 'PLN' },
    { kind: 'refund', status: 'success', amount: '0.9', currency: 'PLN' },
  ],
  ...given,
});

export const checkout = (given: Body = {}): Body => ({
  token: 'checkout-1',
  cart_token: 'cart-1',
  created_at: '2026-03-02T08:40:00+01:00',
  updated_at: '2026-03-02T08:41:00+01:00',
  completed_at: null,
  abandoned_checkout_url: 'https://birch.example/recover/1',
  email: 'ann@shop.example',
  phone: null,
  customer: null,
  currency: 'PLN',
  total_price: '37.10',
  subtotal_price: '28.00',
  line_items: lines,
  ...given,
});

export const redact = (given: Body = {}): Body => ({
  shop_id: 954,
  shop_domain: SHOP,
  customer: { id: 501, email: 'ann@shop.example' },
  orders_to_redact: [],
  ...given,
});

export const dataRequest = (given: Body = {}): Body => ({
  shop_id: 954,
  shop_domain: SHOP,
  customer: { id: 501, email: 'ann@shop.example' },
  orders_requested: [9001],
  data_request: { id: 77 },
  ...given,
});

export const headersOf = (topic: string, more: Record<string, string> = {}): Record<string, string> => ({
  'x-shopify-topic': topic,
  'x-shopify-shop-domain': SHOP,
  'x-shopify-triggered-at': '2026-03-02T09:00:06.123456789Z',
  'x-shopify-event-id': 'change-1',
  ...more,
});

export const signature = (body: string | Buffer, secret = SECRET): string =>
  createHmac('sha256', secret).update(body).digest('base64');

/** What a delivery tells, before anybody has looked at it. */
export const told = (topic: string, body: unknown, more?: Record<string, string>) =>
  shopify.tell({ headers: headersOf(topic, more), text: typeof body === 'string' ? body : JSON.stringify(body) });

/** The events of a delivery, and what of it is none. */
export function read(topic: string, body: unknown): Read {
  const result = told(topic, body);
  if (!('facts' in result)) throw new Error(JSON.stringify(result));
  return readFacts(result.facts, 'shopify');
}
