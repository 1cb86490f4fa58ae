import { describe, expect, it } from 'vitest';
import { outline, stageTexts } from '#test/apps/cli/replay/staged.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const stage = (lines: string[], options = {}) =>
  stageTexts('online-retail', { 'retail.csv': [HEADER, ...lines].join('\n') }, options);

describe('online-retail', () => {
  it('makes one purchase of an invoice, with its lines and total, and a registration of the first', async () => {
    const { rows, events } = await stage([
      '100,A1,"MUG, BLUE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
      '100,B2,SPOON,2,2010-12-01 08:26:00,0.1,17850.0,United Kingdom',
      '101,C3,PLATE,1,2010-12-02 10:00:00,4,17850.0,United Kingdom',
    ]);
    expect(rows).toEqual({ read: 3, used: 3, rejected: {} });
    expect(outline(events)).toEqual([
      'registration online-retail:registration:17850',
      'purchase online-retail:100',
      'purchase online-retail:101',
    ]);
    expect(events[1]).toMatchObject({
      at: '2010-12-01T08:26:00.000Z',
      identities: { externalId: '17850' },
      data: {
        orderId: '100',
        total: 15.5,
        items: [
          { productId: 'A1', name: 'MUG, BLUE', quantity: 6, price: 2.55 },
          { productId: 'B2', name: 'SPOON', quantity: 2, price: 0.1 },
        ],
      },
    });
  });

  it('tells address, consent to every topic and country with the first event only', async () => {
    const { events } = await stage([
      '100,A,X,1,2010-12-01 08:26:00,1,7,EIRE',
      '101,A,X,1,2010-12-02 08:26:00,1,7,EIRE',
    ]);
    expect(events[0]).toMatchObject({
      type: 'registration',
      identities: { externalId: '7', email: '7@online-retail.example' },
      traits: { 'location.country': 'IE' },
      consents: [
        { channel: 'email', topic: 'marketing', state: 'granted', at: '2010-12-01T08:26:00.000Z' },
        { channel: 'email', topic: 'news', state: 'granted' },
      ],
    });
    expect(events.slice(1).some(({ consents, identities }) => consents ?? identities.email)).toBe(false);
  });

  it('makes a cancellation of an invoice with C, with what came back counted positive', async () => {
    const { events } = await stage(['C200,A,X,-3,2011-06-01 09:00:00,2,7,France']);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'order.cancelled',
      at: '2011-06-01T08:00:00.000Z',
      identities: { email: '7@online-retail.example' },
      data: { orderId: 'C200', total: 6, items: [{ productId: 'A', quantity: 3 }] },
    });
  });

  it('registers with the first order, not with a cancellation before it', async () => {
    const { events } = await stage([
      'C1,A,X,-1,2010-12-01 09:00:00,1,7,France',
      '2,A,X,1,2010-12-05 09:00:00,1,7,France',
    ]);
    expect(outline(events)).toEqual([
      'order.cancelled online-retail:C1',
      'registration online-retail:registration:7',
      'purchase online-retail:2',
    ]);
    expect(events.map(({ consents }) => consents !== undefined)).toEqual([true, false, false]);
  });

  it('counts an invoice when its last line was written, wherever its lines stand', async () => {
    const { events } = await stage([
      '2,A,X,1,2010-12-01 09:03:00,1,8,France',
      '1,A,X,1,2010-12-01 09:05:00,1,7,France',
      '1,B,Y,1,2010-12-01 09:01:00,1,7,France',
    ]);
    const purchases = events.filter(({ type }) => type === 'purchase');
    expect(purchases.map(({ id, at, data }) => [id, at, data['total']])).toEqual([
      ['online-retail:2', '2010-12-01T09:03:00.000Z', 1],
      ['online-retail:1', '2010-12-01T09:05:00.000Z', 2],
    ]);
  });

  it('keeps a line that is there twice: two lines of one article are no mistake', async () => {
    const line = '1,A,X,1,2010-12-01 09:00:00,1.5,7,France';
    const { events } = await stage([line, line]);
    expect(events.at(-1)?.data['total']).toBe(3);
  });

  it.each([
    ['no-customer', '1,A,X,1,2010-12-01 09:00:00,1,,France'],
    ['no-invoice', ',A,X,1,2010-12-01 09:00:00,1,7,France'],
    ['bad-time', '1,A,X,1,soon,1,7,France'],
    ['bad-quantity', '1,A,X,some,2010-12-01 09:00:00,1,7,France'],
    ['bad-price', '1,A,X,1,2010-12-01 09:00:00,-1,7,France'],
    ['wrong-sign-of-quantity', '1,A,X,-1,2010-12-01 09:00:00,1,7,France'],
    ['wrong-sign-of-quantity', '1,A,X,0,2010-12-01 09:00:00,1,7,France'],
    ['wrong-sign-of-quantity', 'C1,A,X,1,2010-12-01 09:00:00,1,7,France'],
    ['wrong-number-of-fields', '1,A,X,1'],
  ])('puts a line aside as %s: %s', async (reason, line) => {
    const { rows, rejected, events } = await stage(['9,A,X,1,2010-12-01 09:00:00,1,7,France', line]);
    expect(rows).toEqual({ read: 2, used: 1, rejected: { [reason]: 1 } });
    expect(rejected).toEqual([{ file: 'retail.csv', row: 2, reason, raw: line }]);
    expect(outline(events)).toEqual(['registration online-retail:registration:7', 'purchase online-retail:9']);
  });

  it('does not let the invoice of one customer hide that of another with the same number', async () => {
    const lines = ['1,A,X,1,2010-12-01 09:00:00,1,7,France', '1,B,Y,1,2010-12-01 09:00:00,1,8,France'];
    const { rows, rejected } = await stage(lines);
    expect(rows).toEqual({ read: 2, used: 1, rejected: { 'key-is-taken': 1 } });
    expect(rejected[0]).toMatchObject({ row: 2, raw: lines[1] });
  });

  it('takes the zone that it is told, and the dates of spreadsheets', async () => {
    const { events } = await stage(['1,A,X,1,6/1/2011 8:26,1,7,France'], { zone: 'Europe/Warsaw' });
    expect(events[0]?.at).toBe('2011-06-01T06:26:00.000Z');
  });
});
