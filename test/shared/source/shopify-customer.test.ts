import { describe, expect, it } from 'vitest';
import { customer, dataRequest, read, redact, SHOP, told } from '#test/build/shopify.ts';

type Given = Readonly<Record<string, unknown>>;

const word = (state: string, consent_updated_at: string | null = '2026-03-01T11:00:00+01:00') => ({
  state,
  opt_in_level: 'single_opt_in',
  consent_updated_at,
});
const only = (topic: string, body: unknown) => {
  const { events, rejected } = read(topic, body);
  expect(rejected).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0];
};

describe('a customer', () => {
  const traits = {
    ...{ 'name.first': 'Ann', 'name.last': 'Birch', locale: 'pl-PL' },
    ...{ 'location.country': 'PL', 'location.city': 'Kraków', 'shopify.tags': ['vip', 'tea'] },
  };
  const identities = { externalId: '501', email: 'ann@shop.example', phone: '+48600700800' };

  it('who registers is told with all that is known, so that a journey that greets may ask for consent', () => {
    const body = customer({ email_marketing_consent: word('subscribed') });
    expect(only('customers/create', body)).toEqual({
      id: `shopify:${SHOP}:customer:501:registration`,
      type: 'registration',
      at: '2026-03-01T09:00:00.000Z',
      source: 'shopify',
      identities,
      traits,
      consents: [
        {
          ...{
            channel: 'email',
            topic: 'marketing',
            state: 'granted',
            at: '2026-03-01T10:00:00.000Z',
            source: 'shopify',
          },
          wording: 'Shopify: subscribed, single_opt_in',
        },
      ],
      data: {},
    });
  });

  it('whose registration is told a month late is told as of now, too', () => {
    const { events } = read('customers/create', customer({ created_at: '2026-01-01T10:00:00+01:00' }));
    expect(events.map(({ type, at }) => [type, at])).toEqual([
      ['registration', '2026-01-01T09:00:00.000Z'],
      ['customer.updated', '2026-03-02T08:30:00.000Z'],
    ]);
  });

  it.each(['customers/update', 'customers/enable'])('is told as of their last change: %s', (topic) => {
    expect(only(topic, customer())).toEqual({
      id: expect.stringMatching(
        /^shopify:birch\.myshopify\.com:customer:501:updated:\w{10}:2026-03-02T08:30:00\.000Z$/,
      ),
      type: 'customer.updated',
      at: '2026-03-02T08:30:00.000Z',
      ...{ source: 'shopify', identities, traits, data: {} },
    });
  });

  it.each<[what: string, given: Given, expected: object]>([
    ['without tags', { tags: '' }, { ...traits, 'shopify.tags': [] }],
    ['without a name', { first_name: null, last_name: '' }, { 'location.country': 'PL' }],
    ['without an address', { default_address: null }, { 'name.first': 'Ann' }],
  ])('%s says so', (_, given, expected) => {
    expect(only('customers/update', customer(given))).toMatchObject({ traits: expected });
  });

  it('of whose tags a delivery says nothing keeps those that are known', () => {
    expect(only('customers/update', customer({ tags: undefined }))?.traits).not.toHaveProperty(['shopify.tags']);
  });

  it('who changes twice within a second is told twice, and the same change once', () => {
    const id = (given: Given) => only('customers/update', customer(given))?.id;
    expect(id({ first_name: 'Anna' })).not.toBe(id({}));
    expect(id({ orders_count: 7, note: 'a change that no journey reads' })).toBe(id({}));
  });

  it.each(['customers/create', 'customers/update'])('without a moment says nothing: %s', (topic) => {
    expect(told(topic, customer({ created_at: null, updated_at: null }))).toEqual({ ignored: expect.any(String) });
  });
});

const created = '2026-03-01T09:00:00.000Z';
const changed = '2026-03-02T08:30:00.000Z';
const said = '2026-03-01T10:00:00.000Z';

it.each([
  ['subscribed', said, [['granted', said]]],
  ['unsubscribed', said, [['denied', said]]],
  ['redacted', said, [['denied', said]]],
  ['SUBSCRIBED', said, [['granted', said]]],
  ['not_subscribed', said, []],
  ['pending', said, []],
  ['invalid', said, []],
  // A yes that has no time is no newer than the customer: a later no, elsewhere, must stand against it.
  ['subscribed', null, [['granted', created]]],
  ['unsubscribed', null, [['denied', changed]]],
])('of marketing, %s at %s is %j', (state, at, expected) => {
  const consents = [
    ...(only('customers/update', customer({ email_marketing_consent: word(state, at) }))?.consents ?? []),
    ...(only('customers/update', customer({ sms_marketing_consent: word(state, at) }))?.consents ?? []),
  ];
  const twice = (channel: string) => expected.map(([is, when]) => [channel, 'marketing', is, when]);
  expect(consents.map((one) => [one.channel, one.topic, one.state, one.at])).toEqual([
    ...twice('email'),
    ...twice('sms'),
  ]);
});

describe('a word on marketing that comes by itself', () => {
  it.each([
    [
      'email',
      'customers_email_marketing_consent/update',
      { customer_id: 501, email_address: 'ann@shop.example', email_marketing_consent: word('unsubscribed') },
      { externalId: '501', email: 'ann@shop.example' },
    ],
    [
      'sms',
      'customers_marketing_consent/update',
      { id: 501, phone: '+48600700800', sms_marketing_consent: word('unsubscribed') },
      { externalId: '501', phone: '+48600700800' },
    ],
  ])('is told at once: %s', (channel, topic, body, identities) => {
    expect(only(topic, body)).toMatchObject({
      id: expect.stringContaining(`shopify:${SHOP}:customer:501:${channel}:`),
      type: 'customer.updated',
      at: said,
      identities,
      consents: [{ channel, topic: 'marketing', state: 'denied', at: said }],
      data: {},
    });
  });

  it('has the time of its delivery where it says none', () => {
    const body = { customer_id: 501, email_marketing_consent: word('unsubscribed', null) };
    expect(only('customers_email_marketing_consent/update', body)?.at).toBe('2026-03-02T09:00:06.123Z');
  });

  it.each([
    ['is neither yes nor no', { customer_id: 501, email_marketing_consent: word('pending') }],
    ['names nobody', { email_marketing_consent: word('subscribed') }],
  ])('is left alone where it %s', (_, body) => {
    expect(told('customers_email_marketing_consent/update', body)).toEqual({ ignored: expect.any(String) });
  });
});

it.each([
  [
    'customers/data_request',
    dataRequest({ customer: { id: 501, email: 'Ann@Shop.example', phone: '600-700' } }),
    {
      ...{ kind: 'export', requestId: '77', orders: ['9001'] },
      identities: { externalId: '501', email: 'ann@shop.example', phone: '600-700' },
    },
  ],
  [
    'customers/redact',
    redact({ customer: { id: 501, email: null } }),
    { kind: 'erase', requestId: expect.stringMatching(/^[\da-f]{32}$/), identities: { externalId: '501' } },
  ],
  ['shop/redact', { shop_id: 1, shop_domain: SHOP }, { kind: 'erase-shop', identities: {} }],
])('%s is a request that the shop has to answer', (topic, body, expected) => {
  const result = told(topic, body);
  const { requestId = '' } = 'privacy' in result ? result.privacy : {};
  expect(result).toEqual({
    privacy: {
      ...{ requestId, ...expected, shop: SHOP, at: '2026-03-02T09:00:06.123Z' },
      id: `shopify:${SHOP}:privacy:${expected.kind}:${requestId}`,
    },
  });
});
