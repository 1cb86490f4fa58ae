import { describe, expect, it } from 'vitest';
import { woocommerce } from '#shared/source/woocommerce.ts';
import { customer, headersOf, order, read, SHOP, told } from '#test/build/woocommerce.ts';

type Given = Readonly<Record<string, unknown>>;

const typesOf = (body: unknown, topic = 'order.updated'): string[] => {
  const result = told(topic, body);
  return 'facts' in result ? read(topic, body).events.map(({ type }) => type) : [];
};
const only = (topic: string, body: unknown, type: string) => {
  const { events, rejected } = read(topic, body);
  expect(rejected).toEqual([]);
  return events.find((event) => event.type === type);
};

describe('an order', () => {
  it.each(['order.created', 'order.updated', 'order.restored'])(
    'is one purchase, whichever delivery tells of it: %s',
    (topic) => {
      expect(read(topic, order())).toEqual({
        events: [
          {
            id: `woocommerce:${SHOP}:order:727:purchase`,
            type: 'purchase',
            at: '2026-03-02T09:00:00.000Z',
            source: 'woocommerce',
            identities: {
              ...{ externalId: '26', email: 'ann@shop.example', phone: '+48600700800', anonymousId: 'browser-1' },
            },
            traits: {
              ...{ 'name.first': 'Ann', 'name.last': 'Birch', 'location.country': 'PL', 'location.city': 'Kraków' },
            },
            data: {
              orderId: '727',
              number: '1042',
              total: 37.1,
              subtotal: 28,
              discount: 2.9,
              tax: 5.24,
              shipping: 9.1,
              currency: 'PLN',
              money: {
                ...{ currency: 'PLN', total: '37.10', subtotal: '28.00', discount: '2.90', tax: '5.24' },
                shipping: '9.10',
              },
              coupons: ['ten'],
              country: 'PL',
              city: 'Gdynia',
              items: [
                {
                  ...{ productId: '93', variantId: '931', sku: 'T-1', title: 'Salt & Pepper – <b>', quantity: 3 },
                  ...{ price: 6.333333, image: 'https://shop.example/tea.png' },
                },
                { productId: '94', title: 'Wrap', quantity: 1, price: 9.1 },
              ],
            },
          },
        ],
        rejected: [],
      });
    },
  );

  const paid = '2026-03-02T09:00:04';
  it.each<[status: string, paid: string | null, types: string[]]>([
    ['pending', null, []],
    ['failed', null, []],
    ['checkout-draft', null, []],
    ['trash', paid, []],
    ['processing', paid, ['purchase']],
    ['processing', null, ['purchase']],
    ['on-hold', null, ['purchase']],
    ['completed', paid, ['purchase']],
    ['refunded', paid, ['purchase']],
    ['refunded', null, []],
    ['cancelled', paid, ['purchase', 'order.cancelled']],
    ['cancelled', null, ['order.cancelled']],
    ['packed-by-a-plugin', paid, ['purchase']],
    ['quote-of-a-plugin', null, []],
  ])('that is %s, paid at %s, tells %j', (status, date_paid_gmt, types) => {
    expect(typesOf(order({ status, date_paid_gmt }))).toEqual(types);
  });

  it.each<[what: string, given: Given, expected: object]>([
    ['of a guest', { customer_id: 0 }, { identities: { email: 'ann@shop.example' } }],
    [
      'of a guest with a phone only',
      { customer_id: 0, meta_data: [], billing: { phone: '0048600700800' } },
      { identities: { phone: '+48600700800' } },
    ],
    ['with a price that nobody has counted', { total: '', discount_total: null }, { data: { tax: 5.24 } }],
    ['whose numbers came as numbers', { total: 37 }, { data: { total: 37, money: { total: '37' } } }],
    ['in a currency of small letters', { currency: 'pln' }, { data: { currency: 'PLN' } }],
    ['that is sent nowhere', { shipping: { country: '', city: '' } }, { data: { country: 'PL', city: 'Kraków' } }],
  ])('%s is told', (_, given, expected) => {
    expect(only('order.created', order(given), 'purchase')).toMatchObject(expected);
  });

  it('without anybody is left alone', () => {
    expect(told('order.created', order({ customer_id: 0, billing: {}, meta_data: [] }))).toEqual({
      ignored: expect.stringContaining('nobody'),
    });
  });

  it.each(['9007199254740993', '9223372036854775807'])('keeps every digit of its number %s', (id) => {
    const text = JSON.stringify(order()).replace('"id":727', `"id":${id}`);
    expect(only('order.created', text, 'purchase')).toMatchObject({
      id: `woocommerce:${SHOP}:order:${id}:purchase`,
      data: { orderId: id },
    });
  });

  it('says nothing of what changes later, such as a payment', () => {
    const later = order({ status: 'completed', date_modified_gmt: '2026-03-09T09:00:00', transaction_id: 'pi_1' });
    expect(only('order.updated', later, 'purchase')).toEqual(only('order.created', order(), 'purchase'));
  });

  it('was told, once a month has gone', () => {
    const at = (date_modified_gmt: string) => typesOf(order({ date_modified_gmt, status: 'cancelled' }));
    expect(at('2026-04-01T09:00:00')).toEqual(['purchase', 'order.cancelled']);
    expect(at('2026-04-01T09:00:01')).toEqual(['order.cancelled']);
  });

  it('that is completed was sent; and what was paid back is told one by one', () => {
    const body = order({
      ...{ status: 'completed', date_completed_gmt: '2026-03-03T09:00:00', date_modified_gmt: '2026-03-04T09:00:00' },
      refunds: [
        { id: 730, reason: '', total: '-10.10' },
        { id: 731, total: '0.00' },
        { id: 732, total: null },
      ],
    });
    expect(read('order.updated', body).events.slice(1)).toMatchObject([
      {
        id: `woocommerce:${SHOP}:order:727:fulfilled`,
        type: 'order.fulfilled',
        at: '2026-03-03T09:00:00.000Z',
        data: { orderId: '727', number: '1042' },
      },
      {
        id: `woocommerce:${SHOP}:refund:730:refunded`,
        type: 'order.refunded',
        at: '2026-03-04T09:00:00.000Z',
        data: { orderId: '727', refundId: '730', amount: 10.1, currency: 'PLN', money: { amount: '10.10' } },
      },
    ]);
    expect(read('order.updated', body).events).toHaveLength(3);
  });
});

it.each<[what: string, given: Given, at: string | undefined]>([
  ['paid at once', {}, '2026-03-02T09:00:00.000Z'],
  ['paid after five weeks', { date_paid_gmt: '2026-04-06T09:00:00' }, '2026-04-06T09:00:00.000Z'],
  ['changed five weeks after it was paid', { date_modified_gmt: '2026-04-06T09:00:00' }, undefined],
])('an order that was %s', (_, given, at) => {
  const body = order({ date_modified_gmt: given['date_paid_gmt'] ?? '2026-03-02T09:00:05', ...given });
  const result = told('order.updated', body);
  const facts = 'facts' in result ? read('order.updated', body).events : [];
  expect(facts.find(({ type }) => type === 'purchase')?.at).toBe(at);
});

describe('a box for marketing', () => {
  const box = (value: unknown, key = '_tropa_marketing') => ({ meta_data: [{ id: 1, key, value }] });

  it.each([
    ['Yes, send me news.', 'Yes, send me news.'],
    ['1', 'WooCommerce: the box was ticked'],
    [1, 'WooCommerce: the box was ticked'],
    ['yes', 'WooCommerce: the box was ticked'],
    ['0', undefined],
    ['no', undefined],
    ['', undefined],
    [null, undefined],
  ])('with the value %j is a yes as of the order: %s', (value, wording) => {
    const consents =
      wording === undefined
        ? undefined
        : [
            {
              channel: 'email',
              topic: 'marketing',
              state: 'granted',
              at: '2026-03-02T09:00:00.000Z',
              source: 'woocommerce',
              wording,
            },
          ];
    expect(only('order.created', order(box(value)), 'purchase')?.consents).toEqual(consents);
    expect(only('order.created', order(box(value, '_wc_other/tropa/marketing')), 'purchase')?.consents).toEqual(
      consents,
    );
  });

  it('says nothing of mail to whom no mail goes', () => {
    const { events } = read('order.created', order({ ...box('yes'), billing: { phone: '+48600700800' } }));
    expect(events[0]?.consents).toBeUndefined();
  });

  it('at an account is no newer than the account: nobody has noted when it was ticked', () => {
    expect(only('customer.updated', customer(box('yes')), 'customer.updated')?.consents).toMatchObject([
      { state: 'granted', at: '2026-03-01T09:00:00.000Z' },
    ]);
  });
});

describe('a customer', () => {
  const content = {
    source: 'woocommerce',
    identities: { externalId: '26', email: 'ann@shop.example' },
    traits: { 'name.first': 'Ann', 'name.last': 'Birch', 'location.country': 'PL', 'location.city': 'Kraków' },
    data: {},
  };

  it('who registers is told with all that is known', () => {
    expect(only('customer.created', customer(), 'registration')).toEqual({
      ...{ id: `woocommerce:${SHOP}:customer:26:registration`, type: 'registration', at: '2026-03-01T09:00:00.000Z' },
      ...content,
    });
  });

  it.each([
    ['as of their last change', {}, '2026-03-02T08:30:00.000Z'],
    ['as of their beginning, if nothing has changed', { date_modified_gmt: null }, '2026-03-01T09:00:00.000Z'],
  ])('is told %s', (_, given, at) => {
    expect(only('customer.updated', customer(given), 'customer.updated')).toEqual({
      id: expect.stringMatching(new RegExp(`^woocommerce:shop\\.example:customer:26:updated:\\w{10}:${at}$`)),
      ...{ type: 'customer.updated', at },
      ...content,
    });
  });
});

it.each(['order.deleted', 'customer.deleted', 'coupon.created', 'product.updated', 'action.woocommerce_add_to_cart'])(
  '%s is left alone, with a word',
  (topic) => {
    expect(told(topic, { id: 7 })).toEqual({ ignored: expect.any(String) });
  },
);

it.each<[what: string, topic: string, body: unknown, headers: Record<string, string>]>([
  ['what is no JSON', 'order.created', '{', {}],
  ['what WordPress says instead of an order', 'order.created', { code: 'cannot_view', data: { status: 401 } }, {}],
  ['an order without a moment', 'order.created', order({ date_created_gmt: '' }), {}],
  ['an order as if it were a customer', 'customer.created', order(), {}],
  ['a customer as if they were an order', 'order.created', customer(), {}],
  ['a subscription as if it were an order', 'order.created', order({ billing_period: 'month' }), {}],
  ['a delivery without a topic', '', order(), {}],
  ['a delivery of no shop', 'order.created', order(), { 'x-wc-webhook-source': 'shop' }],
])('%s is an error, and kept as it came', (_, topic, body, headers) => {
  expect(told(topic, body, headers)).toEqual({ error: expect.any(String) });
});

it('tells shops in folders of one server apart', () => {
  const id = (source: string) => {
    const result = told('order.created', order(), { 'x-wc-webhook-source': source });
    return 'facts' in result && Reflect.get(Object(result.facts[0]), 'id');
  };
  expect(id('https://shop.example/pl/')).toBe('woocommerce:shop.example/pl:order:727:purchase');
  expect(id('http://shop.example')).toBe('woocommerce:shop.example:order:727:purchase');
});

it.each([
  ['the ping of a webhook that is being saved', {}, 'webhook_id=12', 200],
  ['the same with a signature', { 'x-wc-webhook-signature': 'x' }, 'webhook_id=12', undefined],
  ['what only begins like it', {}, 'webhook_id=12&more=1', undefined],
  ['an order', headersOf('order.created'), JSON.stringify(order()), undefined],
])('is asked to greet %s', (_, headers, text, status) => {
  expect(woocommerce.greet?.({ headers, text })?.statusCode).toBe(status);
});
