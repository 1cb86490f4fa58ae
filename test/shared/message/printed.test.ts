import { expect, it } from 'vitest';
import type { Message } from '#shared/message/message.ts';
import { localeFor, printedBy } from '#shared/message/printed.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const NOW = '2026-03-02T09:00:00.000Z';

const message = (given: Partial<Message> = {}): Message => ({
  v: 1,
  ...{ id: 'm1', contact: 'c1', journey: 'cart', key: '', n: 1, version: 1, step: 'hello', visit: 1 },
  ...{ channel: 'email', topic: 'offers', lane: 'marketing', template: 'hello', queuedAt: NOW },
  ...{ state: 'queued', facts: {} },
  ...given,
});

type Given = { message?: Partial<Message>; traits?: object; template?: string; shop?: string };

const printed = ({ message: given, traits, template = '', shop = 'en' }: Given = {}) =>
  printedBy({
    message: message(given),
    enrolment: enrolment({ left: { code: { value: 'TEA10' } } }),
    profile: profile({ traits: { ...traits } }),
    settings: settings({ shop: { locale: shop } }),
    trigger: { total: 80 },
    template: { locale: template },
    links: { unsubscribeUrl: 'https://t.shop.example/u' },
    at: NOW,
  });

it.each<[string, Given, string]>([
  ['the language of its template', { template: 'pl', shop: 'de' }, 'pl'],
  ['that of the shop where the template is for all', { shop: 'de' }, 'de'],
  ['the country of the contact where that speaks it', { template: 'en', traits: { locale: 'en_US' } }, 'en-US'],
  ['its own where the contact reads another', { template: 'pl', traits: { locale: 'en-US' } }, 'pl'],
  [
    'what its step asks for, whatever the contact reads',
    { message: { locale: 'en-GB' }, traits: { locale: 'en-US' } },
    'en-GB',
  ],
])('numbers and dates of a message follow %s', (_, given, locale) => {
  expect(printed(given).message).toMatchObject({ locale });
});

it('the language of a message is that of its step, else that of the contact', () => {
  const reader = profile({ traits: { locale: 'ru' } });
  expect(localeFor({ message: message({ locale: 'pl' }), profile: reader })).toBe('pl');
  expect(localeFor({ message: message(), profile: reader })).toBe('ru');
  expect(localeFor({ message: message(), profile: profile() })).toBeUndefined();
});

it('a message prints its own data, and what its passage began with and has left', () => {
  expect(printed({ message: { data: { n: 7 } } })).toMatchObject({
    ...{ data: { n: 7 }, trigger: { total: 80 }, steps: { code: { value: 'TEA10' } } },
    message: { id: 'm1', unsubscribe_url: 'https://t.shop.example/u' },
  });
  expect(printed().data).toEqual({});
});
