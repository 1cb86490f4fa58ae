import { describe, expect, it } from 'vitest';
import { eventIdSchema } from '#shared/event/event.ts';
import { amounts, sumOf, timesOf } from '#shared/source/amounts.ts';
import { factId, mark } from '#shared/source/fact-id.ts';
import { whoIs } from '#shared/source/who.ts';
import { withoutEntities } from '#shared/source/woocommerce/entities.ts';

describe('the id of a fact', () => {
  it('is its parts, where an id can hold them', () => {
    expect(factId('shopify', 'a.example', 'order', '7', 'purchase')).toBe('shopify:a.example:order:7:purchase');
  });

  it.each([
    ['blank', 'a b'],
    ['letter of another alphabet', 'sklep-żółć'],
    ['length', 'x'.repeat(5000)],
    ['nothing', ''],
  ])('holds a part of any %s, and tells it from others', (_, part) => {
    const id = factId('woocommerce', part, 'order', '7', 'purchase');
    expect(eventIdSchema.safeParse(id).success).toBe(true);
    expect(id).toMatch(/^woocommerce:/);
    expect(id).not.toBe(factId('woocommerce', `${part}!`, 'order', '7', 'purchase'));
  });

  it('stays short when many parts are long', () => {
    const parts = ['a', 'b', 'c'].map((letter) => letter.repeat(80));
    expect(eventIdSchema.safeParse(factId('shopify', ...parts)).success).toBe(true);
  });

  it('has a mark that is another for another content', () => {
    expect(mark({ a: 1 })).toMatch(/^\w{10}$/);
    expect(mark({ a: 1 })).not.toBe(mark({ a: 2 }));
  });
});

describe('amounts', () => {
  it.each<[texts: string[], sum: string | undefined]>([
    [['0.1', '0.2'], '0.3'],
    [['10.10', '0.9'], '11.00'],
    [['1.005', '2'], '3.005'],
    [['100', '250'], '350'],
    [['-1.50', '0.25'], '-1.25'],
    [['99999999999999.99', '0.01'], '100000000000000.00'],
    [[], undefined],
  ])('%j are together %s, to the last digit', (texts, sum) => {
    expect(sumOf(texts)).toBe(sum);
  });

  it('are multiplied exactly, too', () => {
    expect([timesOf('19.99', 3), timesOf('0.100', 3), timesOf('5', 0)]).toEqual(['59.97', '0.300', '0']);
  });

  it('that are not known are left out, and so is a currency that is none', () => {
    expect(amounts('eur', { total: '1.50', tax: undefined })).toEqual({
      ...{ total: 1.5, currency: 'EUR' },
      money: { currency: 'EUR', total: '1.50' },
    });
    expect(amounts('euros', {})).toEqual({});
  });
});

it.each([
  ['+48 600 700 800', '+48600700800'],
  ['0048600700800', '+48600700800'],
  ['+1 (555) 123-4567', '+15551234567'],
  ['(555) 123-4567', undefined],
  ['600700800', undefined],
  ['+123', undefined],
  ['+0123456789', undefined],
  ['call me', undefined],
])('the phone %s is %s', (phone, expected) => {
  expect(whoIs({ externalId: '1', phone })).toEqual({ externalId: '1', ...(expected && { phone: expected }) });
});

it.each([
  [' Ann@Shop.Example ', { email: 'ann@shop.example' }],
  ['ann@', undefined],
  ['', undefined],
])('the address %j is %j', (email, expected) => {
  expect(whoIs({ email })).toEqual(expected);
});

it.each([
  ['Salt &amp; Pepper', 'Salt & Pepper'],
  ['Caf&#233; &#x2615; &#8211; &ndash;', 'Café ☕ – –'],
  ['&amp;lt;', '&lt;'],
  ['&nothing; &#0; &#xD800; &#9999999; & ;', '&nothing; &#0; &#xD800; &#9999999; & ;'],
  ['&constructor;', '&constructor;'],
])('%s is read as %s', (html, plain) => {
  expect(withoutEntities(html)).toBe(plain);
});
