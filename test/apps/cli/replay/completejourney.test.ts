import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { outline, stageTexts } from '#test/apps/cli/replay/staged.ts';

const HEADER =
  '"household_id","store_id","basket_id","product_id","quantity","sales_value","retail_disc","week","transaction_timestamp"';
const transactions = (...lines: string[]) => [HEADER, ...lines].join('\n');

const TWO_BASKETS = transactions(
  '"7","3","b2","p9",1,2.5,0,5,"2017-01-29T10:00:00Z"',
  '"7","3","b1","p1",2,3,0,5,"2017-01-28T19:06:53Z"',
  '"7","3","b1","p2",1,1.05,0,5,"2017-01-28T19:06:53Z"',
);

describe('completejourney', () => {
  it('makes one purchase of a basket and a registration of the first', async () => {
    const { rows, events } = await stageTexts('completejourney', { 't.csv': TWO_BASKETS });
    expect(rows).toEqual({ read: 3, used: 3, rejected: {} });
    expect(outline(events)).toEqual([
      'registration completejourney:registration:7',
      'purchase completejourney:b1',
      'purchase completejourney:b2',
    ]);
    expect(events[1]).toMatchObject({
      at: '2017-01-28T19:06:53.000Z',
      data: { orderId: 'b1', total: 4.05, items: [{ productId: 'p1', quantity: 2, price: 1.5 }, { productId: 'p2' }] },
    });
  });

  it('uses coupons, products and demographics that lie beside it', async () => {
    const { rows, events, rejected } = await stageTexts('completejourney', {
      't.csv': TWO_BASKETS,
      'coupon_redemptions.csv':
        '"household_id","coupon_upc","campaign_id","redemption_date"\n"7","c1","26",2017-01-28\n"7","c1","26",2017-01-28\n"8","c2","26",2017-02-01\n',
      'products.csv.gz': gzipSync(
        '"product_id","department","product_category","product_type"\n"p1","GROCERY","TEA","GREEN TEA"\n"p2","MISC",NA,NA\n',
      ),
      'demographics.csv': '"household_id","age","income"\n"7","45-54",NA\n',
    });
    expect(rows).toEqual({ read: 6, used: 5, rejected: { 'duplicate-row': 1 } });
    expect(rejected[0]).toMatchObject({ file: 'coupon_redemptions.csv', row: 2 });
    expect(outline(events)).toEqual([
      'coupon.redeemed completejourney:coupon:7:c1:26:2017-01-28',
      'registration completejourney:registration:7',
      'purchase completejourney:b1',
      'purchase completejourney:b2',
      'coupon.redeemed completejourney:coupon:8:c2:26:2017-02-01',
    ]);
    expect(events[0]).toMatchObject({
      at: '2017-01-28T17:00:00.000Z',
      traits: { 'demographics.age': '45-54' },
      data: { couponId: 'c1', campaignId: '26' },
    });
    expect(events[0]?.traits).not.toHaveProperty(['demographics.income']);
    expect(events[2]?.data['items']).toMatchObject([
      { name: 'GREEN TEA', category: 'TEA' },
      { name: 'MISC', category: 'MISC' },
    ]);
    expect(events[4]?.identities.email).toBe('8@completejourney.example');
  });

  it.each([
    ['no-household', '"","3","b","p",1,1,0,5,"2017-01-28T19:06:53Z"'],
    ['no-basket', '"7","3","","p",1,1,0,5,"2017-01-28T19:06:53Z"'],
    ['bad-time', '"7","3","b","p",1,1,0,5,"NA"'],
    ['bad-quantity', '"7","3","b","p",NA,1,0,5,"2017-01-28T19:06:53Z"'],
    ['no-quantity', '"7","3","b","p",0,0,0,5,"2017-01-28T19:06:53Z"'],
    ['bad-price', '"7","3","b","p",1,NA,0,5,"2017-01-28T19:06:53Z"'],
  ])('puts a line aside as %s', async (reason, line) => {
    const { rows, events } = await stageTexts('completejourney', { 't.csv': transactions(line) });
    expect(rows).toEqual({ read: 1, used: 0, rejected: { [reason]: 1 } });
    expect(events).toEqual([]);
  });
});
