import { describe, expect, it } from 'vitest';
import { speechFor } from '#functions/respond/speech.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

type Given = { traits?: object; mail?: string; browser?: string; shop?: Parameters<typeof settings>[0] };
const request = (browser: string | undefined) =>
  ({
    method: 'GET',
    path: '/',
    query: {},
    body: '',
    headers: browser === undefined ? {} : { 'accept-language': browser },
  }) as never;
const speech = ({ traits, mail, browser, shop = {} }: Given = {}) =>
  speechFor({
    request: request(browser),
    settings: settings(shop),
    profile: traits && profile({ traits: traits as never }),
    mail,
  });

describe('a page speaks', () => {
  it.each<[string, Given, string]>([
    ['the language of the contact first', { traits: { locale: 'pl_PL' }, mail: 'ru', browser: 'en' }, 'pl'],
    ['the language of the mail next', { traits: {}, mail: 'ru-RU', browser: 'pl' }, 'ru'],
    ['the language of the browser next', { browser: 'de, pl;q=0.5' }, 'pl'],
    ['the language of the shop next', { browser: 'de', shop: { shop: { locale: 'pl' } } }, 'pl'],
    [
      'English where it speaks none of these',
      { traits: { locale: 5 }, browser: 'de', shop: { shop: { locale: 'de' } } },
      'en',
    ],
    ['no language that is no language', { traits: { locale: 'constructor' }, mail: 'PL' }, 'pl'],
  ])('%s', (_, given, language) => {
    expect(speech(given).language).toBe(language);
  });

  it('of a day, on the calendar of the shop', () => {
    expect(speech({ browser: 'en' }).date('2026-12-23T23:30:00.000Z')).toBe('December 24, 2026');
    expect(speech({ browser: 'pl' }).date('2026-12-23T23:30:00.000Z')).toBe('24 grudnia 2026');
  });
});

describe('a topic is called', () => {
  const named = { offers: { kind: 'marketing', name: { en: 'Offers', pl: 'Okazje' } } } as const;

  it('as the settings name it in the language of the page, else of the shop, else in any', () => {
    expect(speech({ browser: 'pl', shop: { topics: named } }).topic('offers')).toBe('Okazje');
    expect(speech({ browser: 'ru', shop: { topics: named } }).topic('offers')).toBe('Offers');
    expect(speech({ browser: 'ru', shop: { topics: named, shop: { locale: 'pl-PL' } } }).topic('offers')).toBe(
      'Okazje',
    );
    const polish = { offers: { kind: 'marketing', name: { pl: 'Okazje' } } } as const;
    expect(speech({ browser: 'ru', shop: { topics: polish } }).topic('offers')).toBe('Okazje');
  });

  it('by its id where nobody has named it', () => {
    expect(speech().topic('orders')).toBe('orders');
  });

  it('marketing, as all mail of that kind where the shop tells none apart, else as the rest of it', () => {
    const only = speech({ shop: { topics: { orders: { kind: 'transactional' } } } }).topic('marketing');
    const rest = speech({ shop: { topics: { ...named, orders: { kind: 'transactional' } } } }).topic('marketing');
    expect(only).not.toBe('marketing');
    expect(rest).not.toBe('marketing');
    expect(only).not.toBe(rest);
  });
});
