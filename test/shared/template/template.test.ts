import { describe, expect, it } from 'vitest';
import { bounded } from '#shared/template/bounded.ts';
import { type CompiledTemplate, localeOrder, readTemplateKey, templateVersion } from '#shared/template/template.ts';

describe('the key of a template', () => {
  it.each([
    ['templates/cart-offer/email.mjml', { id: 'cart-offer', channel: 'email', locale: '', form: 'mjml' }],
    ['templates/cart-offer/email.ru-BY.mjml', { id: 'cart-offer', channel: 'email', locale: 'ru-BY', form: 'mjml' }],
    ['templates/a/push.pl.liquid', { id: 'a', channel: 'push', locale: 'pl', form: 'liquid' }],
    ['templates/Cart/email.mjml', undefined],
    ['templates/a/pigeon.mjml', undefined],
    ['templates/a/email.html', undefined],
    ['templates/a/b/email.mjml', undefined],
    ['journeys/a/email.mjml', undefined],
  ])('%s', (key, expected) => {
    expect(readTemplateKey(key)).toEqual(expected);
  });
});

describe('the variant of a template', () => {
  it.each([
    ['ru-BY', 'pl', ['ru-BY', 'ru', 'pl', '']],
    ['en', 'en-GB', ['en', 'en-GB', '']],
    [undefined, 'en', ['en', '']],
    ['zh-Hant-TW', 'en', ['zh-Hant-TW', 'zh-Hant', 'zh', 'en', '']],
  ])('for %s in a shop that speaks %s is looked for in this order', (wanted, shops, order) => {
    expect(localeOrder(wanted, shops)).toEqual(order);
  });
});

describe('the version of a template', () => {
  const content: Omit<CompiledTemplate, 'version'> = {
    v: 1,
    id: 'a',
    channel: 'email',
    locale: '',
    subject: 's',
    preheader: 'p',
    html: 'h',
    text: 't',
    variables: [],
  };

  it('is the same for the same content, and another for any change', () => {
    const versions = [
      templateVersion(content),
      templateVersion({ ...content, html: 'ht', text: '' }),
      templateVersion({ ...content, topic: 'news' }),
      templateVersion({ ...content, locale: 'pl' }),
    ];
    expect(new Set(versions).size).toBe(4);
    expect(templateVersion({ ...content })).toBe(versions[0]);
    expect(versions[0]).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('a bounded memory', () => {
  it('makes each thing once while it is remembered', () => {
    const memory = bounded<object>(2);
    const first = memory.of('a', () => ({}));
    expect(memory.of('a', () => ({}))).toBe(first);
  });

  it('forgets what was asked for longest ago, and never holds more than its limit', () => {
    const memory = bounded<number>(2);
    memory.of('a', () => 1);
    memory.of('b', () => 2);
    memory.of('a', () => 0);
    memory.of('c', () => 3);
    expect(memory.size).toBe(2);
    expect(memory.of('a', () => 9)).toBe(1);
    expect(memory.of('b', () => 9)).toBe(9);
  });
});
