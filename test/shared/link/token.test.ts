import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '#shared/link/base64url.ts';
import { type LinkPayload, linkPath, sign, verify } from '#shared/link/token.ts';

const link: LinkPayload = { contact: '9f3a', message: 'c0ffee', topic: 'news', act: 'unsubscribe' };
const anyText = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' });
const anyLink = fc.record({
  contact: anyText,
  message: anyText,
  topic: anyText,
  act: fc.constant('unsubscribe' as const),
});
const urlLetter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.');

describe('a signed link', () => {
  it('says what was signed, whatever the ids look like', () => {
    fc.assert(
      fc.property(anyLink, anyText, (given, secret) => {
        expect(verify(sign(given, secret), [secret])).toEqual(given);
      }),
    );
  });

  it('is refused when any one character is altered', () => {
    const token = sign(link, 'secret');
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), urlLetter, (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(verify(token.slice(0, at) + letter + token.slice(at + 1), ['secret'])).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused in every other spelling of the same signature', () => {
    const token = sign(link, 'secret');
    // The last letter of 32 bytes in base64url carries two bits that mean nothing.
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const altered = token.slice(0, -1) + letter;
      expect(verify(altered, ['secret'])).toEqual(altered === token ? link : undefined);
    }
  });

  it.each([
    ['nothing', ''],
    ['no signature', 'abc'],
    ['an empty signature', 'abc.'],
    ['an empty payload', '.abc'],
    ['a third part', `${sign(link, 'secret')}.x`],
    ['something cut off', sign(link, 'secret').slice(0, -1)],
    ['something added', `${sign(link, 'secret')}A`],
    ['padding', `${sign(link, 'secret')}=`],
  ])('is refused with %s', (_, token) => {
    expect(verify(token, ['secret'])).toBeUndefined();
  });

  it('is refused under another secret, and under none', () => {
    expect(verify(sign(link, 'secret'), ['other'])).toBeUndefined();
    expect(verify(sign(link, 'secret'), [])).toBeUndefined();
    expect(verify(sign(link, 'secret'), [''])).toBeUndefined();
  });

  it('is not made by signing the same text for another purpose with the same secret', () => {
    const [payload = ''] = sign(link, 'secret').split('.');
    const other = createHmac('sha256', 'secret').update(payload).digest('base64url');
    const own = createHmac('sha256', 'secret').update(`tropa-link:${payload}`).digest('base64url');
    expect(verify(`${payload}.${other}`, ['secret'])).toBeUndefined();
    expect(verify(`${payload}.${own}`, ['secret'])).toEqual(link);
  });

  it('is accepted under the old secret while a rotation lasts', () => {
    expect(verify(sign(link, 'old'), ['new', 'old'])).toEqual(link);
    expect(verify(sign(link, 'new'), ['new', 'old'])).toEqual(link);
  });

  it('is not made for an id that is not plain', () => {
    expect(() => sign({ ...link, contact: 'zażółć' }, 'secret')).toThrow('printable ASCII');
  });

  it('is never signed with an empty secret', () => {
    expect(() => sign(link, '')).toThrow(RangeError);
  });

  it.each([
    ['unsubscribe', 'u'],
    ['preferences', 'p'],
  ] as const)('to %s needs no escaping in a URL', (act, path) => {
    expect(linkPath({ ...link, act }, 'secret')).toMatch(new RegExp(`^/${path}/[A-Za-z0-9._-]+$`));
  });

  it('does what is signed into it and nothing else', () => {
    const [payload = '', signature = ''] = sign(link, 'secret').split('.');
    const [other = ''] = sign({ ...link, act: 'preferences' }, 'secret').split('.');
    expect(verify(`${payload}.${signature}`, ['secret'])?.act).toBe('unsubscribe');
    expect(verify(`${other}.${signature}`, ['secret'])).toBeUndefined();
  });
});

describe('base64url', () => {
  it('agrees with Node and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64Url(text)).toEqual(bytes);
      }),
    );
  });

  it.each(['a', 'ab+d', 'ab/d', 'ab=='])('does not read %s', (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });
});
