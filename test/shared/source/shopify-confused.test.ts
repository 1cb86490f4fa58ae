import { describe, expect, it } from 'vitest';
import { TOPICS } from '#shared/source/shopify/topics.ts';
import {
  checkout,
  customer,
  dataRequest,
  fulfillment,
  lines,
  order,
  redact,
  refund,
  SHOP,
  told,
} from '#test/build/shopify.ts';

const cart = { token: 'c', updated_at: '2026-03-02T09:00:00Z', attributes: { _tropa_id: 'b' }, line_items: lines };
const nameless = ({ admin_graphql_api_id: _, ...body }: { readonly [field: string]: unknown }) => body;
const consent = {
  customer_id: 501,
  email_address: 'ann@shop.example',
  email_marketing_consent: { state: 'subscribed' },
};

/** Every body that Shopify signs, and the beginnings of the topics that it belongs to. */
const BODIES: Readonly<Record<string, readonly [body: object, topics: readonly string[]]>> = {
  order: [order(), ['orders/']],
  'order without a global id': [nameless(order({ order_number: 1042 })), ['orders/']],
  customer: [customer(), ['customers/create', 'customers/update', 'customers/enable']],
  'customer without a global id': [
    nameless(customer({ email_marketing_consent: { state: 'subscribed' } })),
    ['customers/create', 'customers/update', 'customers/enable'],
  ],
  parcel: [fulfillment({ shipment_status: 'delivered' }), ['fulfillments/']],
  refund: [refund({ email: 'ann@shop.example', line_items: [] }), []],
  checkout: [checkout({ id: 5 }), ['checkouts/']],
  cart: [cart, ['carts/']],
  consent: [consent, ['customers_']],
  'request for a copy': [dataRequest(), ['customers/data_request']],
  'request to be forgotten': [redact(), ['customers/redact']],
  'shop that has left': [{ shop_id: 954, shop_domain: SHOP }, ['shop/redact']],
};

describe('topics are not signed, and so', () => {
  it.each(
    Object.entries(BODIES).flatMap(([name, [body, own]]) =>
      Object.keys(TOPICS)
        .filter((topic) => !own.some((one) => topic.startsWith(one)))
        .map((topic) => [name, topic, body] as const),
    ),
  )('a %s says nothing as "%s"', (_, topic, body) => {
    const result = told(topic, body);
    expect('facts' in result || 'privacy' in result).toBe(false);
  });

  it.each(Object.entries(BODIES).flatMap(([name, [body, [topic]]]) => (topic ? [[name, topic, body] as const] : [])))(
    'a %s is read as "%s..."',
    (_, begin, body) => {
      const topic = Object.keys(TOPICS).find((one) => one.startsWith(begin)) ?? '';
      expect(told(topic, body)).not.toHaveProperty('error');
    },
  );
});

describe('a request is known by its body', () => {
  const idOf = (topic: string, body: object, headers: Record<string, string> = {}) => {
    const result = told(topic, body, headers);
    return 'privacy' in result ? result.privacy.id : result;
  };

  it('whatever its headers say, so that nobody makes another of it', () => {
    const again = {
      'x-shopify-event-id': 'other',
      'x-shopify-webhook-id': 'b',
      'x-shopify-triggered-at': '2026-03-09T09:00:00Z',
    };
    expect(idOf('customers/redact', redact(), again)).toBe(idOf('customers/redact', redact()));
    expect(idOf('customers/redact', redact({ orders_to_redact: [1] }))).not.toBe(idOf('customers/redact', redact()));
  });
});
