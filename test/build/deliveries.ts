import type { SourceName } from '#shared/source/sources.ts';
import type { Instant } from '#shared/time/instant.ts';
import { signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';
import * as segment from './segment.ts';
import * as shopify from './shopify.ts';
import * as stripe from './stripe.ts';
import * as woocommerce from './woocommerce.ts';

type Sender = {
  readonly secret: string;
  /** Headers of a delivery that is signed as it should be, and of what kind it is. */
  readonly headers: (body: string, now: Instant) => Readonly<Record<string, string>>;
  /** What it may post, as JSON. */
  readonly samples: readonly object[];
};

const WHSEC = `whsec_${Buffer.from('a secret of the shop, long enough').toString('base64')}`;

/** By a field that only such a body has. */
const SHOPIFY_TOPICS: readonly [field: string, topic: string][] = [
  ['financial_status', 'orders/create'],
  ['abandoned_checkout_url', 'checkouts/create'],
  ['shipment_status', 'fulfillments/update'],
  ['attributes', 'carts/update'],
  ['email_address', 'customers_email_marketing_consent/update'],
  ['default_address', 'customers/create'],
  ['data_request', 'customers/data_request'],
  ['orders_to_redact', 'customers/redact'],
  ['', 'orders/updated'],
];

/** How each source posts: a new one does not compile until it is here, and tried with everything that is hostile. */
export const SENDERS: Readonly<Record<SourceName, Sender>> = {
  generic: {
    secret: WHSEC,
    headers: (body, now) => signStandardWebhook('m1', now, body, WHSEC),
    samples: [
      {
        ...{ id: 'e1', type: 'purchase', at: '2026-03-02T09:00:00Z', identities: { email: 'ann@shop.example' } },
        data: { total: 40, items: [{ productId: '17', category: 'tea' }] },
        consents: [
          {
            ...{ channel: 'email', topic: 'news', state: 'granted', at: '2026-03-02T09:00:00Z' },
            ...{ source: 'form', wording: 'Yes' },
          },
        ],
      },
    ],
  },
  segment: {
    secret: segment.SECRET,
    headers: segment.headersOf,
    samples: [
      segment.track('Order Completed', segment.ORDER),
      segment.track('Cart Viewed', { cart_id: 'k1', products: segment.ORDER.products }),
      segment.track('Song Played', { currency: 'USD', price: 3 }),
      segment.message('identify', {
        traits: { email: 'ann@shop.example', address: { city: 'Gdynia' }, consents: [{}] },
      }),
      segment.message('merge', { mergeProperties: [{ type: 'email', value: 'ann@shop.example' }] }),
      { batch: [segment.message('page'), segment.track('Signed Up')], sentAt: '2026-03-02T09:00:00Z' },
    ],
  },
  shopify: {
    secret: shopify.SECRET,
    headers: (body) => ({
      ...shopify.headersOf(SHOPIFY_TOPICS.find(([field]) => body.includes(field))?.[1] ?? ''),
      'x-shopify-hmac-sha256': shopify.signature(body),
    }),
    samples: [
      shopify.order({ fulfillments: [shopify.fulfillment()], refunds: [shopify.refund()] }),
      shopify.checkout(),
      shopify.fulfillment({ shipment_status: 'delivered' }),
      shopify.customer({ email_marketing_consent: { state: 'subscribed' } }),
      { token: 'c', updated_at: '2026-03-02T09:00:00Z', attributes: { _tropa_id: 'b' }, line_items: shopify.lines },
      { customer_id: 501, email_address: 'a@shop.example', email_marketing_consent: { state: 'unsubscribed' } },
      shopify.dataRequest(),
      shopify.redact(),
    ],
  },
  stripe: {
    secret: stripe.SECRET,
    headers: stripe.headersOf,
    samples: [
      stripe.stripeEvent('checkout.session.completed', stripe.session({ consent: { promotions: 'opt_in' } })),
      stripe.stripeEvent('charge.refunded', stripe.charge({ refunds: { data: [stripe.refund()] } })),
      stripe.stripeEvent('charge.refunded', stripe.charge(), { data: { previous_attributes: { amount_refunded: 0 } } }),
      stripe.stripeEvent('refund.created', stripe.refund({ metadata: { user_id: '4711' } })),
      stripe.stripeEvent('customer.updated', stripe.customer()),
    ],
  },
  woocommerce: {
    secret: woocommerce.SECRET,
    headers: (body) => ({
      ...woocommerce.headersOf(body.includes('line_items') ? 'order.updated' : 'customer.created'),
      'x-wc-webhook-signature': woocommerce.signature(body),
    }),
    samples: [
      woocommerce.order({ date_completed_gmt: '2026-03-02T09:00:00', refunds: [{ id: 1, total: '-1.00' }] }),
      woocommerce.order({ status: 'cancelled', meta_data: [{ key: '_tropa_marketing', value: 'yes' }] }),
      woocommerce.customer(),
    ],
  },
};
