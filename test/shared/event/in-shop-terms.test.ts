import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inShopTerms } from '#shared/event/in-shop-terms.ts';
import type { Json } from '#shared/store/table.ts';
import { consent, event } from '#test/build/event.ts';
import { settings } from '#test/build/settings.ts';

const AT = '2026-03-02T09:00:00.000Z';
const shop = settings({
  topics: { news: { kind: 'marketing' }, offers: { kind: 'marketing' } },
  rates: { USD: 0.92, JPY: 0.0061 },
  sources: { test: { consent: ['news', 'offers'] }, other: {} },
});
type Data = { readonly [name: string]: Json };
const termsOf = (data: Data, given = shop) => inShopTerms(event('purchase', { data }), given);
const dataOf = (data: Data, given = shop) => termsOf(data, given).event.data;

describe('amounts of another currency', () => {
  it('are exchanged from the exact texts, and those stay as they were sent', () => {
    const money = { currency: 'USD', total: '199.65', tax: '0.10' };
    const items = [{ sku: 'T1', price: 19.99, quantity: 2 }, 'no item'];
    expect(dataOf({ total: 199.65, tax: 0.1, currency: 'USD', money, items, orderId: '7' })).toEqual({
      total: 183.68,
      tax: 0.09,
      currency: 'EUR',
      money,
      items: [{ sku: 'T1', price: 18.39, quantity: 2 }, 'no item'],
      orderId: '7',
    });
  });

  it('are known by their names where nothing says which are money, and what was sent is noted', () => {
    expect(dataOf({ total: 10, price: '1.50', points: 7, currency: 'usd' })).toEqual({
      total: 9.2,
      price: 1.38,
      points: 7,
      currency: 'EUR',
      money: { currency: 'USD', total: '10', price: '1.50' },
    });
  });

  it('leave a field of the shop alone that is called money', () => {
    expect(dataOf({ total: 10, currency: 'USD', money: 5 })).toEqual({ total: 9.2, currency: 'EUR', money: 5 });
  });

  it('are exchanged once, however often an event is looked at', () => {
    const once = termsOf({ total: 199.65, currency: 'USD', items: [{ price: 1 }] }).event;
    expect(inShopTerms(once, shop).event).toEqual(once);
  });

  it('are rounded to what the currency of the shop has', () => {
    const yen = settings({ shop: { currency: 'JPY' }, rates: { USD: 151.37 } });
    expect(dataOf({ total: 9.99, currency: 'USD' }, yen)).toMatchObject({ total: 1512, currency: 'JPY' });
    expect(dataOf({ total: 4980, currency: 'JPY' })).toMatchObject({ total: 30.38 });
  });

  it('are left out where there is no rate, which is said; a rate that comes later finds them', () => {
    const sent = { total: 50, currency: 'CHF', items: [{ sku: 'T1', price: 50 }], orderId: '7' };
    const { event: left, unrated } = termsOf(sent);
    const money = { currency: 'CHF', total: '50' };
    expect(unrated).toBe('CHF');
    expect(left.data).toEqual({ currency: 'CHF', items: [{ sku: 'T1' }], orderId: '7', money });
    const later = inShopTerms(left, settings({ rates: { CHF: 1.05 } })).event;
    expect(later.data).toMatchObject({ total: 52.5, currency: 'EUR', money });
  });
});

it.each<[string, Data]>([
  ['of the currency of the shop', { total: 10, currency: 'EUR', money: { currency: 'EUR', total: '10.00' } }],
  ['that says so in small letters', { total: 10, currency: 'eur' }],
  ['that names no currency', { total: 10 }],
  ['whose currency is none', { total: 10, currency: 'points' }],
  ['that has no amount', { currency: 'CHF', orderId: '7' }],
  ['whose money is something else', { money: 5, total: 3 }],
])('an event %s stays as it is', (_, data) => {
  const posted = event('purchase', { data });
  expect(inShopTerms(posted, shop)).toEqual({ event: posted });
});

it('whatever data are made of, they are exchanged once and lose nothing but amounts', () => {
  const amount = fc.oneof(fc.double(), fc.constantFrom('1.50', '-3', 'free', '1e400', null), fc.jsonValue());
  const amounts = fc.dictionary(fc.constantFrom('total', 'price', 'note', 'currency', '__proto__'), amount);
  const data = fc.record({
    currency: fc.constantFrom('USD', 'JPY', 'CHF', 'EUR', 'x', 5, undefined),
    total: amount,
    money: fc.oneof(amounts, fc.jsonValue()),
    items: fc.oneof(fc.array(fc.oneof(amounts, fc.jsonValue())), fc.jsonValue()),
    note: fc.jsonValue(),
  });
  fc.assert(
    fc.property(data, (posted) => {
      const read: Data = JSON.parse(JSON.stringify(posted));
      const once = termsOf(read).event;
      expect(inShopTerms(once, shop).event).toEqual(once);
      expect(once.data['note']).toEqual(read['note']);
    }),
  );
});

describe('a yes to marketing', () => {
  const said = (consents: ReturnType<typeof consent>[], source = 'test') =>
    inShopTerms(event('registration', { source, consents }), shop).event.consents;

  it('stands for the topics that the settings name for its source', () => {
    const yes = consent('marketing', AT);
    expect(said([yes])).toEqual([yes, { ...yes, topic: 'news' }, { ...yes, topic: 'offers' }]);
  });

  it('leaves a word on one of them as it is', () => {
    const no = consent('news', AT, 'denied');
    const yes = consent('marketing', AT);
    expect(said([no, yes])).toEqual([no, yes, { ...yes, topic: 'offers' }]);
  });

  it.each([
    ['a no', consent('marketing', AT, 'denied'), 'test'],
    ['a yes to a topic', consent('news', AT), 'test'],
    ['a yes at a source of which nothing is said', consent('marketing', AT), 'elsewhere'],
    ['a yes at a source without topics', consent('marketing', AT), 'other'],
  ])('is not: %s', (_, word, source) => {
    expect(said([word], source)).toEqual([word]);
  });

  it('is a yes once, however often an event is looked at', () => {
    const once = inShopTerms(event('registration', { consents: [consent('marketing', AT)] }), shop).event;
    expect(inShopTerms(once, shop).event).toEqual(once);
  });
});
