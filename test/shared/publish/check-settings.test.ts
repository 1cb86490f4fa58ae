import { describe, expect, it } from 'vitest';
import { checkSettings } from '#shared/publish/check-settings.ts';

const shop = { name: 'Shop', timeZone: 'Europe/Warsaw', locale: 'en', currency: 'EUR' };
const senders = { default: { email: 'Shop <hello@shop.example>' } };
const check = (changes: object) => checkSettings(JSON.stringify({ shop, senders, ...changes }, null, 1));
const said = (changes: object) => check(changes).remarks.map((r) => `${r.code} ${r.message}`);

describe('settings without a fault', () => {
  it('are returned with their defaults', () => {
    const { settings, remarks } = check({});
    expect(remarks).toEqual([]);
    expect(settings?.channels.default).toBe('email');
    expect(settings?.topics).toEqual({});
  });

  it.each(['hello@shop.example', 'Anna, Shop <anna@mail.shop.example>', '"A & B" <a@b.example>'])(
    'may write as %s',
    (email) => {
      expect(said({ senders: { default: { email, replyTo: email } } })).toEqual([]);
    },
  );
});

describe('settings with a fault', () => {
  it.each([
    [
      'E49 There is no time zone "Europe/Warsw". Did you mean "Europe/Warsaw"?',
      { shop: { ...shop, timeZone: 'Europe/Warsw' } },
    ],
    ['E49 Here belongs a text in double quotes, not 5.', { shop: { ...shop, timeZone: 5 } }],
    ['E49 Mail needs a sender "default" with an "email".', { senders: { care: { email: 'a@b.example' } } }],
    ['E49 "hello" is no address. Write "Name <name@shop.example>".', { senders: { default: { email: 'hello' } } }],
    [
      'E49 "me@here" is no address. Write "Name <name@shop.example>".',
      { senders: { default: { email: 'a@b.example', replyTo: 'me@here' } } },
    ],
    [
      'E05 "marketing" is always there and stands for all marketing. Choose another name for this topic.',
      { topics: { marketing: { kind: 'transactional' } } },
    ],
    ['E49 "promo" cannot stand here. It may be "marketing", "transactional".', { topics: { a: { kind: 'promo' } } }],
    ['E02 The settings file has no "topic". Did you mean "topics"?', { topic: {} }],
    ['E50 Channels other than email are not available yet.', { channels: { default: 'push' } }],
  ])('are told: %s', (expected, changes) => {
    expect(said(changes)).toEqual([expected]);
    expect(check(changes).settings).toBeUndefined();
  });

  it('are told where', () => {
    const text = `{ "shop": ${JSON.stringify(shop)},\n  "senders": ${JSON.stringify(senders)},\n  "channels": { "default": "push" } }`;
    expect(checkSettings(text).remarks).toMatchObject([{ line: 3, column: 28, severity: 'error' }]);
    expect(checkSettings('{ "shop": ').settings).toBeUndefined();
  });
});
