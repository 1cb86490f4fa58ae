import { beforeAll, describe, expect, it } from 'vitest';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import type { TemplateFacts } from '#shared/publish/context.ts';
import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import { render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';
import { type CompiledTemplate, hasUnsubscribe } from '#shared/template/template.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

const journeyKeys = exampleKeys('journeys');
const templateKeys = exampleKeys('templates');

function readSettings(): Settings {
  const { settings, remarks } = checkSettings(example('settings.json'));
  if (!settings) throw new Error(JSON.stringify(remarks));
  return settings;
}

const settings = readSettings();
const templates = new Map<string, CompiledTemplate>();

beforeAll(async () => {
  for (const key of templateKeys) {
    const { template, remarks } = await checkTemplate(key, example(key), { compiler: mjmlCompiler, settings });
    if (!template) throw new Error(`${key}: ${JSON.stringify(remarks)}`);
    templates.set(key, template);
  }
});

const compiled = (key: string): CompiledTemplate => {
  const template = templates.get(key);
  if (!template) throw new Error(`${key} was not compiled`);
  return template;
};

const facts = (): Record<string, TemplateFacts> =>
  Object.fromEntries(
    [...templates.values()].map((t) => [
      t.id,
      {
        channels: [t.channel],
        hasUnsubscribe: hasUnsubscribe(t),
        variables: t.variables,
        ...(t.topic && { topic: t.topic }),
      },
    ]),
  );

describe('the settings of the example shop', () => {
  it('are clean, and write from a domain that nobody owns', () => {
    expect(checkSettings(example('settings.json')).remarks).toEqual([]);
    for (const { email } of Object.values(settings.senders)) expect(email).toMatch(/\.example>$/);
  });
});

describe('the example journeys', () => {
  it('are the five that a shop begins with', () => {
    expect(journeyKeys).toEqual([
      'journeys/abandoned-cart.json',
      'journeys/after-purchase.json',
      'journeys/birthday.json',
      'journeys/welcome.json',
      'journeys/win-back.json',
    ]);
  });

  it.each(journeyKeys)('%s is published without a remark', (key) => {
    const { journey, remarks } = checkJourney(key, example(key), {
      settings,
      templates: facts(),
      journeys: {},
      segments: {},
    });
    expect(remarks).toEqual([]);
    expect(journey?.status).toBe('live');
  });

  it('use every template, and no other', () => {
    const used = journeyKeys.flatMap((key) =>
      [...example(key).matchAll(/"template": "([a-z-]+)"/g)].map(([, id]) => id),
    );
    expect([...new Set(used)].sort()).toEqual([...templates.values()].map(({ id }) => id).sort());
  });
});

describe.each(templateKeys)('the template %s', (key) => {
  it('is clean', async () => {
    const { remarks } = await checkTemplate(key, example(key), { compiler: mjmlCompiler, settings });
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
