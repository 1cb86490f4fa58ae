import { describe, expect, it } from 'vitest';
import { outline, stageTexts } from '#test/apps/cli/replay/staged.ts';

const HEADER = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
const stage = (lines: string[]) => stageTexts('rees46', { 'clicks.csv': [HEADER, ...lines].join('\r\n') });
const click = (time: string, type: string, product = 'p1', price = '10.5', user = 'u1', session = 's1') =>
  `2019-10-01 ${time} UTC,${type},${product},77,tools.hand_drill,acme,${price},${user},${session}`;

describe('rees46', () => {
  it('makes product.viewed of a view', async () => {
    const { events } = await stage([click('00:00:01', 'view')]);
    expect(events[0]).toMatchObject({
      id: 'rees46:u1:s1:20191001T000001:view:p1',
      type: 'product.viewed',
      at: '2019-10-01T00:00:01.000Z',
      identities: { externalId: 'u1', email: 'u1@rees46.example' },
      data: { productId: 'p1', name: 'acme hand drill', category: 'tools.hand_drill', brand: 'acme', price: 10.5 },
    });
  });

  it('shows in cart.updated what the session has put in so far', async () => {
    const { events } = await stage([
      click('00:00:01', 'cart', 'p1', '10.1'),
      click('00:00:02', 'cart', 'p2', '0.2'),
      click('00:00:03', 'cart', 'p1', '10.1'),
      click('00:00:04', 'cart', 'p3', '5', 'u1', 's2'),
      click('00:00:05', 'remove_from_cart', 'p2', '0.2'),
    ]);
    const carts = events.map(({ data }) => [data['cartId'], data['total'], JSON.stringify(data['items'])]);
    expect(carts.map(([cartId, total]) => [cartId, total])).toEqual([
      ['s1', 10.1],
      ['s1', 10.3],
      ['s1', 20.4],
      ['s2', 5],
      ['s1', 20.2],
    ]);
    expect(carts[2]?.[2]).toContain('"quantity":2');
    expect(carts[4]?.[2]).not.toContain('p2');
  });

  it('makes one purchase of all that a session buys in one second, and takes it out of the cart', async () => {
    const { rows, events } = await stage([
      click('00:00:01', 'cart', 'p1', '10'),
      click('00:00:05', 'purchase', 'p1', '10'),
      click('00:00:05', 'purchase', 'p2', '5'),
      click('00:00:05', 'purchase', 'p9', '1', 'u1', 's2'),
      click('00:00:09', 'cart', 'p3', '7'),
    ]);
    expect(rows).toEqual({ read: 5, used: 5, rejected: {} });
    expect(outline(events)).toEqual([
      'cart.updated rees46:u1:s1:20191001T000001:cart:p1',
      'purchase rees46:u1:s1:20191001T000005:purchase',
      'purchase rees46:u1:s2:20191001T000005:purchase',
      'cart.updated rees46:u1:s1:20191001T000009:cart:p3',
    ]);
    expect(events[1]?.data).toMatchObject({ orderId: 's1-20191001T000005', total: 15 });
    expect(events[3]?.data).toMatchObject({ total: 7 });
  });

  it('takes rows out of order in order of time', async () => {
    const { events } = await stage([
      click('00:00:09', 'purchase', 'p1', '10'),
      click('00:00:03', 'cart', 'p2', '1'),
      click('00:00:01', 'cart', 'p1', '10'),
    ]);
    expect(events.map(({ type, data }) => [type, data['total']])).toEqual([
      ['cart.updated', 10],
      ['cart.updated', 11],
      ['purchase', 10],
    ]);
  });

  it('takes the same click twice as logged twice', async () => {
    const { rows, rejected, events } = await stage([click('00:00:01', 'cart'), click('00:00:01', 'cart')]);
    expect(rows).toEqual({ read: 2, used: 1, rejected: { 'duplicate-row': 1 } });
    expect(rejected[0]?.row).toBe(2);
    expect(events[0]?.data['total']).toBe(10.5);
  });

  it('keeps the carts of two users of one session apart', async () => {
    const { events } = await stage([click('00:00:01', 'cart'), click('00:00:01', 'cart', 'p1', '10.5', 'u2')]);
    expect(events.map(({ identities, data }) => [identities.externalId, data['total']])).toEqual([
      ['u1', 10.5],
      ['u2', 10.5],
    ]);
  });

  it.each([
    ['no-user', click('00:00:01', 'view', 'p1', '1', '')],
    ['bad-time', click('25:00:01', 'view')],
    ['unknown-type', click('00:00:01', 'stare')],
    ['no-product', click('00:00:01', 'view', '')],
    ['bad-price', click('00:00:01', 'view', 'p1', 'free')],
  ])('puts a row aside as %s', async (reason, line) => {
    expect((await stage([line])).rows).toEqual({ read: 1, used: 0, rejected: { [reason]: 1 } });
  });
});
