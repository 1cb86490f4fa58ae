import { createHmac, randomUUID } from 'node:crypto';

const SHOP = 'birch-and-bean.myshopify.com';
const FIRST_ORDER = 5_612_904_710_000n;
const FIRST_CUSTOMER = 7_064_055_060_000n;
const GOODS = ['House blend', 'Filter papers', 'Hand grinder', 'Kettle', 'Scale', 'Cup', 'Decaf'];

export type Delivery = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** The delivery `orders/create` of the n-th order: three lines, some five kilobytes, signed. */
export function orderDelivery(n: number, secret: string, placed: Date): Delivery {
  const body = JSON.stringify(order(n, placed));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': SHOP,
      'x-shopify-api-version': '2026-07',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-triggered-at': placed.toISOString(),
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    },
  };
}

/** The id by which Tropa knows the purchase. */
export const purchaseId = (n: number): string => `shopify:${SHOP}:order:${FIRST_ORDER + BigInt(n)}:purchase`;

function order(n: number, placed: Date): object {
  const id = FIRST_ORDER + BigInt(n);
  const at = placed.toISOString();
  const lines = [0, 1, 2].map((i) => line(n, i));
  const total = lines.reduce((sum, { price, quantity }) => sum + Number(price) * quantity, 0).toFixed(2);
  const email = `customer${n}@bench.example`;
  return {
    id: Number(id),
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    email,
    contact_email: email,
    phone: null,
    name: `#${1000 + n}`,
    order_number: 1000 + n,
    token: randomUUID().replaceAll('-', ''),
    cart_token: randomUUID().replaceAll('-', ''),
    checkout_token: randomUUID().replaceAll('-', ''),
    checkout_id: Number(FIRST_ORDER) + 3 * n,
    created_at: at,
    processed_at: at,
    updated_at: at,
    cancelled_at: null,
    financial_status: 'paid',
    fulfillment_status: null,
    currency: 'EUR',
    presentment_currency: 'EUR',
    subtotal_price: total,
    total_discounts: '0.00',
    total_tax: '0.00',
    total_price: total,
    ...prices(total),
    discount_codes: [],
    buyer_accepts_marketing: n % 3 === 0,
    customer_locale: 'en',
    note_attributes: [],
    refunds: [],
    fulfillments: [],
    tags: '',
    test: false,
    line_items: lines,
    customer: customer(n, email, at),
    shipping_address: address(n),
    billing_address: address(n),
  };
}

/** Shopify says every amount twice, in the shop's and in the customer's currency. */
function prices(total: string): object {
  const money = { amount: total, currency_code: 'EUR' };
  const set = { shop_money: money, presentment_money: money };
  return Object.fromEntries(
    ['current_subtotal', 'current_total', 'subtotal', 'total', 'total_line_items'].map((name) => [
      `${name}_price_set`,
      set,
    ]),
  );
}

function line(n: number, i: number) {
  const title = GOODS[(n + i) % GOODS.length] ?? '';
  return {
    id: 14_250_100_000_000 + 10 * n + i,
    product_id: 8_100_200_300_400 + ((n + i) % GOODS.length),
    variant_id: 44_100_200_300_400 + ((n + i) % GOODS.length),
    sku: `BB-${(n + i) % GOODS.length}`,
    name: title,
    title,
    variant_title: null,
    quantity: 1 + (n % 2),
    price: `${10 + ((n + i) % GOODS.length)}.90`,
    total_discount: '0.00',
    vendor: 'Birch & Bean',
    requires_shipping: true,
    taxable: true,
    gift_card: false,
    properties: [],
    tax_lines: [],
    discount_allocations: [],
  };
}

const customer = (n: number, email: string, at: string): object => ({
  id: Number(FIRST_CUSTOMER) + n,
  admin_graphql_api_id: `gid://shopify/Customer/${FIRST_CUSTOMER + BigInt(n)}`,
  email,
  first_name: 'Ada',
  last_name: `Number ${n}`,
  phone: null,
  currency: 'EUR',
  tags: '',
  locale: 'en',
  state: 'enabled',
  verified_email: true,
  email_marketing_consent: {
    state: n % 3 === 0 ? 'subscribed' : 'not_subscribed',
    opt_in_level: 'single_opt_in',
    consent_updated_at: at,
  },
  sms_marketing_consent: null,
  default_address: address(n),
  created_at: at,
  updated_at: at,
});

const address = (n: number): object => ({
  first_name: 'Ada',
  last_name: `Number ${n}`,
  address1: `Long Lane ${1 + (n % 80)}`,
  address2: null,
  city: 'Gdynia',
  zip: '81-001',
  province: null,
  country: 'Poland',
  country_code: 'PL',
  phone: null,
  company: null,
});
