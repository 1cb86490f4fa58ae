import { describe, expect, it } from 'vitest';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { context } from '#test/build/checked.ts';

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
    ['E49 There is no time zone "Warsaw". Did you mean "Europe/Warsaw"?', { shop: { ...shop, timeZone: 'Warsaw' } }],
    ['E49 There is no locale "en_US". Did you mean "en-US"?', { shop: { ...shop, locale: 'en_US' } }],
    ['E49 There is no locale "PL_pl". Did you mean "pl-PL"?', { shop: { ...shop, locale: 'PL_pl' } }],
    [
      'E49 There is no locale "!!". Write a language, as "en", or one with its country, as "en-US".',
      { shop: { ...shop, locale: '!!' } },
    ],
    [
      'E49 There is no locale "polish". Write a language, as "en", or one with its country, as "en-US".',
      { shop: { ...shop, locale: 'polish' } },
    ],
    ['E49 There is no currency "€€€". Write it as "EUR".', { shop: { ...shop, currency: '€€€' } }],
    ['E49 There is no currency "EU1". Did you mean "EUR"?', { shop: { ...shop, currency: 'EU1' } }],
    ['E49 There is no currency "pln". Did you mean "PLN"?', { shop: { ...shop, currency: 'pln' } }],
    ['E49 Here belongs a text in double quotes, not 5.', { shop: { ...shop, timeZone: 5 } }],
    [
      'E49 Mail needs a sender: "senders": { "default": { "email": "Name <name@shop.example>" } }.',
      { senders: { care: { email: 'a@b.example' } } },
    ],
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
    ['E50 Channels other than email are not available yet. Say "email".', { channels: { default: 'push' } }],
    ['E49 There is no currency "USDD". Did you mean "USD"?', { rates: { USDD: 0.92 } }],
    ['E49 There is no currency "usd". Did you mean "USD"?', { rates: { usd: 0.92 } }],
    ['E49 "EUR" is the currency of the shop. Leave its rate out.', { rates: { EUR: 1 } }],
    ['E49 A rate is what 1 USD is worth in EUR: a number greater than 0.', { rates: { USD: 0 } }],
    ['E49 A rate is what 1 USD is worth in EUR: a number greater than 0.', { rates: { USD: -0.92 } }],
    [
      'E15 There is no topic "ofers". Did you mean "offers"?',
      { topics: { offers: { kind: 'marketing' } }, sources: { generic: { consent: ['offers', 'ofers'] } } },
    ],
  ])('are told: %s', (expected, changes) => {
    expect(said(changes)).toEqual([expected]);
    expect(check(changes).settings).toBeUndefined();
  });

  it('are warned of a source that does not exist, and go live', () => {
    const changes = { sources: { generics: { consent: ['marketing'] } } };
    const text = 'W52 There is no source "generics": no consent comes by that name. Did you mean "generic"?';
    expect(said(changes)).toEqual([text]);
    expect(check(changes).settings?.sources).toEqual(changes.sources);
  });

  it('are told where', () => {
    const text = `{ "shop": ${JSON.stringify(shop)},\n  "senders": ${JSON.stringify(senders)},\n  "channels": { "default": "push" } }`;
    expect(checkSettings(text).remarks).toMatchObject([{ line: 3, column: 28, severity: 'error' }]);
    expect(checkSettings('{ "shop": ').settings).toBeUndefined();
  });
});

describe('settings beside what is live', () => {
  const beside = (changes: object, domains?: readonly string[]) =>
    checkSettings(JSON.stringify({ shop, senders, ...changes }), { context: context(), domains }).remarks.map(
      (r) => `${r.code} ${r.message}`,
    );

  it.each([
    ['E15 There is no segment "vips". Did you mean "vip"?', { suppress: { segment: 'vips' } }],
    [
      'E15 There is no topic "news". There is "marketing". More are made in settings.json, under "topics".',
      { suppress: { consent: 'news' } },
    ],
    [
      'E19 "points" is a number; "contains" looks into texts. Take "is", "gt" or "lt".',
      { traits: { points: 'number' }, suppress: { trait: 'points', contains: 'x' } },
    ],
    [
      'E40 This window is never open: it begins and ends at one time. Make it longer.',
      { quiet: [{ from: '18:00', to: '18:00' }] },
    ],
    [
      'E49 "http://crm.example" does not fit: an address that begins with "https://".',
      { endpoints: { crm: { https: 'http://crm.example', secret: 'crm' } } },
    ],
    [
      'E49 "the team" does not fit: an address such as "team@shop.example".',
      { endpoints: { care: { email: 'the team' } } },
    ],
    [
      'E49 There is no time zone "Moon". Write it as "Europe/Warsaw".',
      { quiet: [{ from: '18:00', to: '19:00', zone: 'Moon' }] },
    ],
    [
      'E49 "2026-02-30" is on no calendar. Write a day that there is, as "2026-12-24".',
      { quiet: [{ dates: ['2026-02-28', '2026-02-30'] }] },
    ],
    [
      'W09 The cap of 5 never bites.',
      {
        caps: [
          { count: 5, per: 'P7D' },
          { count: 1, per: 'P1W' },
        ],
      },
    ],
  ])('are told: %s', (expected, changes) => {
    expect(beside(changes)).toContain(expected);
  });

  it('may keep a segment out of all marketing', () => {
    expect(beside({ suppress: { any: [{ segment: 'vip' }, { tag: 'staff' }] } })).toEqual([]);
  });

  it.each([
    [
      'shop@gmail.com',
      [
        'E44 "shop@gmail.com" is not a domain of yours that SES has verified. Verify it there, or write from one that is.',
      ],
    ],
    [
      'Shop <hello@notshop.example>',
      [
        'E44 "hello@notshop.example" is not a domain of yours that SES has verified. Verify it there, or write from one that is.',
      ],
    ],
    ['Shop <hello@mail.shop.example>', []],
    ['hello@Shop.example', []],
  ])('write from domains that SES has verified: %s', (email, expected) => {
    expect(beside({ senders: { default: { email } } }, ['shop.example'])).toEqual(expected);
  });

  it.each([
    ['care@shop.example', true],
    ['Care@Mail.Shop.Example', true],
    ['help@desk.example', true],
    ['Ann@Freelance.example', true],
    ['stranger@evil.example', false],
    ['shop.example@evil.example', false],
    ['bob@freelance.example', false],
    ['x@notshop.example', false],
  ])("mail calls to the shop's own people alone: %s", (email, isOurs) => {
    const changes = JSON.stringify({ shop, senders, endpoints: { care: { email } } });
    const { remarks } = checkSettings(changes, {
      context: context(),
      domains: ['shop.example'],
      colleagues: ['desk.example', 'ann@freelance.example'],
    });
    const told = `"${email}" is not an address of yours. Take one of shop.example, or have it listed under "colleagues" in tropa.stage.json.`;
    expect(remarks.map(({ code, message }) => [code, message])).toEqual(isOurs ? [] : [['E44', told]]);
  });
});

describe('caps', () => {
  it.each([
    [
      [
        { count: 5, per: 'P7D' },
        { count: 4, per: 'P7D' },
      ],
      [0],
    ],
    [
      [
        { count: 8, per: 'P7D' },
        { count: 1, per: 'P1D' },
      ],
      [0],
    ],
    [
      [
        { count: 7, per: 'P7D' },
        { count: 1, per: 'P1D' },
      ],
      [0],
    ],
    [
      [
        { count: 1, per: 'P1D' },
        { count: 4, per: 'P7D' },
      ],
      [],
    ],
    [
      [
        { count: 5, per: 'P7D' },
        { count: 1, per: 'P7D', channel: 'sms' },
      ],
      [],
    ],
    [
      [
        { count: 5, per: 'P7D', channel: 'sms' },
        { count: 1, per: 'P7D' },
      ],
      [0],
    ],
    [
      [
        { count: 5, per: 'P7D' },
        { count: 1, per: 'P7D', if: { tag: 'a' } },
      ],
      [],
    ],
    [
      [
        { count: 1, per: 'P7D' },
        { count: 1, per: 'P7D' },
      ],
      [1],
    ],
  ])('%j: those that never bite are %j', (caps, idle) => {
    const { remarks } = check({ caps });
    const lines = remarks.filter(({ code }) => code === 'W09').map(({ message }) => message);
    expect(lines).toEqual(idle.map((i) => `The cap of ${caps[i]?.count} never bites.`));
  });
});
