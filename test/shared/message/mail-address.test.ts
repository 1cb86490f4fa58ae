import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mailAddress } from '#shared/message/mail-address.ts';

test.each([
  ['hello@shop.example', 'hello@shop.example'],
  [' hello@shop.example ', 'hello@shop.example'],
  ['<hello@shop.example>', 'hello@shop.example'],
  ['Shop <hello@shop.example>', '"Shop" <hello@shop.example>'],
  ['Shop, Inc. <hello@shop.example>', '"Shop, Inc." <hello@shop.example>'],
  ['"Shop, Inc." <hello@shop.example>', '"Shop, Inc." <hello@shop.example>'],
  ['The "Shop" <hello@shop.example>', '"The \\"Shop\\"" <hello@shop.example>'],
  ['"Shop" and more <hello@shop.example>', '"\\"Shop\\" and more" <hello@shop.example>'],
  ['"The \\"Shop\\"" <hello@shop.example>', '"The \\"Shop\\"" <hello@shop.example>'],
  ['The   good  shop <hello@shop.example>', '"The good shop" <hello@shop.example>'],
  ['" Shop " <hello@shop.example>', '"Shop" <hello@shop.example>'],
  ['ÿÃ <hello@shop.example>', '=?UTF-8?B?w7/Dgw==?= <hello@shop.example>'],
  ['ῠ <hello@shop.example>', '=?UTF-8?B?4b+g?= <hello@shop.example>'],
  ['Żółw <hello@shop.example>', '=?UTF-8?B?xbvDs8WCdw==?= <hello@shop.example>'],
  ['Shop\r\nBcc: x@y <hello@shop.example>', '"Shop Bcc: x@y" <hello@shop.example>'],
])('%j is written as %j', (text, written) => {
  expect(mailAddress(text)).toBe(written);
});

const decode = (encoded: string) =>
  [...encoded.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)].map(([, word = '']) => Buffer.from(word, 'base64').toString());

test('a long foreign name is cut between characters into words of 75 characters at most', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('ż', '🛒', 'a', '漢'), minLength: 1, maxLength: 80 }), (name) => {
      const written = mailAddress(`ł${name} <a@b.example>`);
      expect(decode(written).join('')).toBe(`ł${name}`);
      expect(written).not.toContain('\ufffd');
      for (const word of written.split(' ').slice(0, -1)) expect(word.length).toBeLessThanOrEqual(75);
    }),
  );
});

test('a foreign name of 45 bytes is one word, one of more is several, with blanks between them', () => {
  const name = `${'ż'.repeat(22)}a`;
  expect(mailAddress(`${name} <a@b.example>`).split(' ')).toHaveLength(2);
  const [first = '', second = '', address] = mailAddress(`${name}b <a@b.example>`).split(' ');
  expect([decode(first), decode(second), address]).toEqual([[name], ['b'], '<a@b.example>']);
});
