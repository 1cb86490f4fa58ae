import { beforeAll, describe, expect, it } from 'vitest';
import { brandIn } from '#apps/cli/validate/brand.ts';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { runAll } from '#apps/cli/validate/tests.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import { isBrand } from '#shared/template/brand.ts';
import { render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';
import type { CompiledTemplate } from '#shared/template/template.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

const journeyKeys = exampleKeys('journeys');
const templateKeys = exampleKeys('templates').filter((key) => !isBrand(key));
const brand = brandIn(filesOf(EXAMPLES));

function readSettings(): Settings {
  const { settings, remarks } = checkSettings(example('settings.json'));
  if (!settings) throw new Error(JSON.stringify(remarks));
  return settings;
}

const settings = readSettings();
const templates = new Map<string, CompiledTemplate>();

beforeAll(async () => {
  for (const key of templateKeys) {
    const { template, remarks } = await checkTemplate(key, example(key), { compiler: mjmlCompiler, settings, brand });
    if (!template) throw new Error(`${key}: ${JSON.stringify(remarks)}`);
    templates.set(key, template);
  }
}, 60_000);

const compiled = (key: string): CompiledTemplate => {
  const template = templates.get(key);
  if (!template) throw new Error(`${key} was not compiled`);
  return template;
};

describe('the settings of the example shop', () => {
  it('are clean, and write from a domain that nobody owns', () => {
    expect(checkSettings(example('settings.json')).remarks).toEqual([]);
    for (const { email } of Object.values(settings.senders)) expect(email).toMatch(/\.example>$/);
  });
});

describe('the example journeys', () => {
  it('are the twelve that a shop begins with', () => {
    expect(journeyKeys.map((key) => key.slice('journeys/'.length, -'.json'.length))).toEqual([
      ...['abandoned-cart', 'after-purchase', 'birthday', 'confirm', 'course', 'late-buyer'],
      ...['loyalty-tier', 'monthly-letter', 'replenishment', 'review-request', 'welcome', 'win-back'],
    ]);
  });

  it('say what to adapt', () => {
    for (const key of journeyKeys) expect(example(key)).toMatch(/^ {2}"note": ".*\. Adapt: [^"]+\."/m);
  });

  it('are published without a remark, and pass their tests', async () => {
    const { reports, shop, print, playable } = await checkShop(filesOf(EXAMPLES), '2026-03-02T09:00:00.000Z');
    expect(reports.filter(({ remarks }) => remarks.length > 0)).toEqual([]);
    const played = runAll(playable, shop, print);
    expect(played.map(({ journey }) => `journeys/${journey}.json`).sort()).toEqual(journeyKeys);
    for (const { file, outcomes } of played) {
      expect(outcomes.length, file).toBeGreaterThan(1);
      expect(outcomes.filter(({ faults }) => faults.length > 0)).toEqual([]);
    }
  });

  it('use every template, and no other', () => {
    const used = journeyKeys.flatMap((key) =>
      [...example(key).matchAll(/"template": "([a-z-]+)"/g)].map(([, id]) => id),
    );
    expect(new Set(used)).toEqual(new Set([...templates.values()].map(({ id }) => id)));
  });
});

describe.each(templateKeys)('the template %s', (key) => {
  it('is clean', async () => {
    const { remarks } = await checkTemplate(key, example(key), { compiler: mjmlCompiler, settings, brand });
    expect(remarks).toEqual([]);
  });

  it('renders with its sample: no Liquid left, no gap, well under the size at which Gmail cuts', () => {
    const template = compiled(key);
    const { subject, html, text } = render(template, sampleScope(template, settings));
    expect(subject).toMatch(/^\S.{10,70}$/);
    for (const part of [subject, html, text])
      expect(part).not.toMatch(/\{\{|\{%|%\}|\}\}|tropaliquid|NaN|undefined|object Object/);
    expect(Buffer.byteLength(html)).toBeLessThan(60 * 1024);
    expect(text.length).toBeGreaterThan(200);
    expect(html).toContain(template.preheader.replaceAll("'", '&#39;'));
    expect(text).not.toContain(template.preheader);
  });

  it('greets somebody of whom nothing is known', () => {
    const template = compiled(key);
    const { sample: _, ...bare } = template;
    const { subject, html, text } = render(bare, sampleScope(bare, settings));
    expect(`${subject}\n${text}`).not.toMatch(/,\s*[,!?]|\(\)|Hello ,|(?<!Hello )\bthere\b[,!?]/);
    expect(subject.length).toBeGreaterThan(10);
    expect(html).not.toContain('Maja');
  });

  it('prints what customers typed as text', () => {
    const template = compiled(key);
    const scope = sampleScope(template, settings);
    const evil = '<script>alert(1)</script>\r\nBcc: all@shop.example';
    const { subject, html } = render(template, {
      ...scope,
      contact: { ...scope.contact, name: { first: evil } },
      trigger: { ...scope.trigger, orderId: evil, items: [{ name: evil, quantity: 1, price: 1, productId: evil }] },
    });
    expect(html).not.toContain('<script>');
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it('names the shop and its postal address, and has a way out if it is marketing', () => {
    const template = compiled(key);
    const { html, text } = render(template, sampleScope(template, settings));
    expect(text).toContain('Birch & Bean, Birch Lane 12');
    expect(html).toContain('Birch &amp; Bean, Birch Lane 12');
    const marketing = kindOfTopic(settings, template.topic ?? 'marketing') === 'marketing';
    for (const part of [html, text]) expect(part.includes('https://shop.example/u/sample')).toBe(marketing);
  });
});
