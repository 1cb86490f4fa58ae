import { beforeAll, describe, expect, it } from 'vitest';
import { brandIn } from '#apps/cli/validate/brand.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { htmlEngine, textEngine } from '#shared/template/liquid.ts';
import { type Rendered, render } from '#shared/template/render.ts';
import { SAMPLE_WAY_OUT, sampleScope } from '#shared/template/sample.ts';
import { type CompiledTemplate, readTemplateKey } from '#shared/template/template.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

const { settings } = checkSettings(example('settings.json'));
if (!settings) throw new Error('the settings of the examples have errors');
const brand = brandIn(filesOf(EXAMPLES));
const keys = exampleKeys('templates').filter((key) => readTemplateKey(key));

/** What a mail may have beside its own words: nothing that runs, nothing that is fetched but images. */
const FORBIDDEN =
  /<(?:script|iframe|object|embed|form|input|link|base)\b|@import|javascript:|\son[a-z]+=|<meta[^>]+refresh/i;
const LIQUID = /\{\{|\}\}|\{%|%\}|tropaliquid/;
const GMAIL = 102 * 1024;

describe.each(keys)('the mail of %s', (key) => {
  const locale = readTemplateKey(key)?.locale || settings.shop.locale;
  let template: CompiledTemplate;
  let mail: Rendered;
  beforeAll(async () => {
    const checked = await checkTemplate(key, example(key), { compiler: mjmlCompiler, settings, brand });
    expect(checked.remarks).toEqual([]);
    if (!checked.template) throw new Error(`${key} was not compiled`);
    template = checked.template;
    mail = render(template, sampleScope(template, settings));
  });

  it('is a whole page of its language, which is fetched from nowhere and runs nothing', () => {
    expect(mail.html).toMatch(/^\s*<!doctype html>/i);
    expect(mail.html).toMatch(new RegExp(`<html[^>]+lang="${locale}"`));
    expect(mail.html).not.toMatch(FORBIDDEN);
    expect(mail.html).not.toMatch(LIQUID);
    expect(Buffer.byteLength(mail.html)).toBeLessThan(GMAIL);
  });

  it('says in words what its images show, and leads to whole addresses', () => {
    for (const image of mail.html.match(/<img\b[^>]*>/g) ?? []) expect(image).toMatch(/\salt="/);
    const links = [...mail.html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map(([, href]) => href);
    for (const href of links) expect(href).toMatch(/^(https:\/\/|mailto:|tel:)/);
  });

  it('has a text that says the same', () => {
    expect(mail.text).not.toMatch(LIQUID);
    expect(mail.text).not.toMatch(/<\/?[a-z]+[\s>](?!.*:\/\/)|&(?:amp|nbsp|lt|gt|#\d+);|\u00ad|\n{3}/);
    expect(mail.text.trim().length).toBeGreaterThan(200);
    const shown = [...mail.html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map(([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    );
    for (const href of shown) expect(mail.text).toContain(href);
  });

  it('is to the last letter what Liquid prints by itself, whoever it goes to', () => {
    const sample = sampleScope(template, settings);
    for (const scope of [sample, { ...sample, contact: {}, trigger: {}, steps: {}, data: {} }]) {
      const { html, text } = render(template, scope);
      expect(html).toBe(htmlEngine.parseAndRenderSync(template.html, scope));
      expect(textEngine.parseAndRenderSync(template.text, scope).replace(/\s+/g, ' ').trim()).toBe(
        text.replace(/\s+/g, ' ').trim(),
      );
    }
  });

  it('shows the way out if it is marketing', () => {
    const marketing = kindOfTopic(settings, template.topic ?? 'marketing') === 'marketing';
    expect([mail.html, mail.text].map((part) => part.includes(SAMPLE_WAY_OUT))).toEqual([marketing, marketing]);
  });
});

it('there are mails to look at', () => {
  expect(keys.length).toBeGreaterThan(25);
});
