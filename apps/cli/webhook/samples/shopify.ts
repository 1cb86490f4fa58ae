import { SHOPIFY_VERSION } from '#shared/source/shopify/version.ts';
import { customerNumber, type Fresh, minutesBefore, type Samples, TEA } from './sample.ts';

const SHOP = 'sample.myshopify.com';

const line = {
  product_id: TEA.id,
  variant_id: 7102,
  sku: TEA.sku,
  title: TEA.title,
  quantity: 2,
  price: TEA.price,
  line_price: '25.00',
  vendor: 'Sample',
};
const place = { country_code: 'DE', city: 'Berlin' };

const customer = ({ now, email }: Fresh): object => ({
  id: customerNumber(email),
  email,
  first_name: 'Ada',
  last_name: 'Sample',
  locale: 'en',
  default_address: place,
  created_at: now,
  updated_at: now,
});

const fulfillment = ({ now, number, email }: Fresh, shipped?: string): object => ({
  id: number + 1,
  order_id: number,
  name: `#${number}.1`,
  email,
  status: 'success',
  shipment_status: shipped ?? null,
  tracking_number: 'SAMPLE-1',
  tracking_company: 'Post',
  created_at: now,
  updated_at: now,
  line_items: [line],
});

const order = (fresh: Fresh, given: object = {}): object => ({
  id: fresh.number,
  name: `#${fresh.number}`,
  email: fresh.email,
  created_at: minutesBefore(fresh.now, 1),
  processed_at: minutesBefore(fresh.now, 1),
  updated_at: fresh.now,
  currency: 'EUR',
  total_price: '29.90',
  subtotal_price: '25.00',
  total_discounts: '0.00',
  total_tax: '4.77',
  shipping_lines: [{ price: '4.90' }],
  line_items: [line],
  customer: customer(fresh),
  shipping_address: place,
  fulfillments: [],
  refunds: [],
  ...given,
});

const refundOf = ({ now, number }: Fresh): object => ({
  id: number + 2,
  order_id: number,
  created_at: now,
  transactions: [{ kind: 'refund', status: 'success', amount: '5.00', currency: 'EUR' }],
});

const basket = ({ now, number }: Fresh): object => ({
  token: `cart-${number}`,
  updated_at: now,
  line_items: [line],
});

const cart = (fresh: Fresh): object => ({
  ...basket(fresh),
  currency: 'EUR',
  attributes: { _tropa_id: `browser-${fresh.number}` },
});

const checkout = (fresh: Fresh): object => ({
  ...basket(fresh),
  token: `checkout-${fresh.number}`,
  cart_token: `cart-${fresh.number}`,
  created_at: fresh.now,
  completed_at: null,
  abandoned_checkout_url: `https://${SHOP}/recover/${fresh.number}`,
  email: fresh.email,
  currency: 'EUR',
  total_price: '25.00',
  subtotal_price: '25.00',
});

const yesBy = (now: string): object => ({
  state: 'subscribed',
  opt_in_level: 'single_opt_in',
  consent_updated_at: now,
});

const emailConsent = ({ now, email }: Fresh): object => ({
  customer_id: customerNumber(email),
  email_address: email,
  email_marketing_consent: yesBy(now),
});

const smsConsent = ({ now, email }: Fresh): object => ({
  id: customerNumber(email),
  phone: '+4915112345678',
  sms_marketing_consent: yesBy(now),
});

const asker = ({ email }: Fresh): object => ({
  ...{ shop_id: 1, shop_domain: SHOP },
  customer: { id: customerNumber(email), email },
});

const asked = (fresh: Fresh): object => ({
  ...asker(fresh),
  orders_requested: [fresh.number],
  data_request: { id: fresh.number },
});

const toBeForgotten = (fresh: Fresh): object => ({ ...asker(fresh), orders_to_redact: [fresh.number] });

const fulfilled = (fresh: Fresh): object => order(fresh, { fulfillments: [fulfillment(fresh)] });

/** What Shopify posts; of whom nobody has heard before. */
export const shopify: Samples = {
  headers: (topic, { now, number }) => ({
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': SHOP,
    'x-shopify-api-version': SHOPIFY_VERSION,
    'x-shopify-triggered-at': now,
    'x-shopify-event-id': `sample-${number}`,
    'x-shopify-webhook-id': `sample-delivery-${number}`,
  }),
  bodies: {
    'orders/create': order,
    'orders/paid': order,
    'orders/updated': (fresh) => order(fresh, { refunds: [refundOf(fresh)] }),
    'orders/fulfilled': fulfilled,
    'orders/partially_fulfilled': fulfilled,
    'orders/cancelled': (fresh) => order(fresh, { cancelled_at: fresh.now, cancel_reason: 'customer' }),
    'orders/edited': ({ number }) => ({ order_edit: { id: number + 3, order_id: number } }),
    'refunds/create': refundOf,
    'fulfillments/create': (fresh) => fulfillment(fresh),
    'fulfillments/update': (fresh) => fulfillment(fresh, 'delivered'),
    'checkouts/create': checkout,
    'checkouts/update': checkout,
    'carts/create': cart,
    'carts/update': cart,
    'customers/create': customer,
    'customers/update': customer,
    'customers/enable': customer,
    'customers/delete': ({ email }) => ({ id: customerNumber(email) }),
    'customers_email_marketing_consent/update': emailConsent,
    'customers_marketing_consent/update': smsConsent,
    'customers/data_request': asked,
    'customers/redact': toBeForgotten,
    'shop/redact': () => ({ shop_id: 1, shop_domain: SHOP }),
  },
};
