import { parse } from 'jsonc-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { brandIn } from '#apps/cli/validate/brand.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { mimeOf } from '#apps/local/mime.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { AwsApi } from '#shared/adapters/aws/api.ts';
import { oneAttempt, SesMailer } from '#shared/adapters/aws/mailer.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { journeySchema } from '#shared/journey/journey.ts';
import { mailOf } from '#shared/message/mail.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { withoutLinkTags } from '#shared/template/link-names.ts';
import { htmlEngine, textEngine } from '#shared/template/liquid.ts';
import { type Rendered, render } from '#shared/template/render.ts';
import { SAMPLE_WAY_OUT, sampleScope } from '#shared/template/sample.ts';
import { type CompiledTemplate, readTemplateKey } from '#shared/template/template.ts';
import { example, exampleKeys } from '#test/build/examples.ts';
import { readMime } from '#test/build/mime.ts';
import { standIn } from '#test/shared/adapters/aws/stand-in.ts';

const requestSchema = z.object({
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })).length(4),
  Content: z.object({ Simple: z.object({ Headers: z.array(z.unknown()) }) }),
});

const { settings } = checkSettings(example('settings.json'));
if (!settings) throw new Error('the settings of the examples have errors');
const brand = brandIn(filesOf(EXAMPLES));
const keys = exampleKeys('templates').filter((key) => readTemplateKey(key));

/** What a mail may have beside its own words: nothing that runs, nothing that is fetched but images. */
const FORBIDDEN =
  /<(?:script|iframe|object|embed|form|input|link|base)\b|@import|javascript:|\son[a-z]+=|<meta[^>]+refresh/i;
const LIQUID = /\{\{|\}\}|\{%|%\}|tropaliquid/;
const GMAIL = 102 * 1024;
/** What SES takes for the name or the value of a tag. */
const TAG = /^[A-Za-z0-9_-]{1,256}$/;

/** Where the example journeys send which template. */
const sends = exampleKeys('journeys')
  .map((key) => journeySchema.parse(parse(example(key))))
  .flatMap((journey) => stepPlaces(journey).map(({ step }) => ({ journey: journey.id, step })))
  .flatMap(({ journey, step }) =>
    step.type === 'send' ? [{ template: step.template, from: { journey, step: step.id } }] : [],
  );

describe.each(keys)('the mail of %s', (key) => {
  const locale = readTemplateKey(key)?.locale || settings.shop.locale;
  let template: CompiledTemplate;
  let mail: Rendered;
  const isMarketing = () => kindOfTopic(settings, template.topic ?? 'marketing') === 'marketing';
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

  it('is a mail that SES takes, and of which a mailbox reads what was said', async () => {
    const { id } = template;
    const sent = sends.find((each) => each.template === id)?.from;
    const tags = {
      contact: derivedId('contact'),
      message: derivedId(id),
      journey: sent?.journey ?? '',
      step: sent?.step ?? '',
    };
    const wayOut = isMarketing() ? 'https://shop.example/u/token' : undefined;
    const made = {
      rendered: mail,
      to: 'ada@mail.example',
      sender: template.sender,
      settings,
      otherwise: 'a@shop.example',
    };
    const mailed = mailOf({ ...made, wayOut, tags });
    const { options, seen } = await standIn(() => ({ body: { MessageId: 'ses-1' } }));
    await new SesMailer('tropa', new AwsApi('email', { ...options, ...oneAttempt })).send(mailed);
    const { Content, EmailTags } = requestSchema.parse(seen[0]?.input);
    const oneClick = isMarketing()
      ? [
          { Name: 'List-Unsubscribe', Value: '<https://shop.example/u/token>' },
          { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
        ]
      : [];
    expect(Content.Simple.Headers).toEqual(oneClick);
    for (const { Name, Value } of EmailTags)
      expect([Name, Value]).toEqual([expect.stringMatching(TAG), expect.stringMatching(TAG)]);
    const { headers, type, parts } = readMime(mimeOf(mailed, { id: 'm1', at: '2026-03-02T10:00:00.000Z' }));
    expect(headers['subject']).toBe(mail.subject);
    expect(['list-unsubscribe', 'list-unsubscribe-post'].map((name) => headers[name])).toEqual(
      isMarketing() ? oneClick.map(({ Value }) => Value) : [undefined, undefined],
    );
    expect(type).toBe('multipart/alternative');
    expect(parts.map((part) => part.type)).toEqual(['text/plain', 'text/html']);
    expect(parts[0]?.body).toBe(mail.text);
    expect(parts[1]?.body).toBe(withoutLinkTags(mail.html).replaceAll('\r\n', '\n'));
    expect(parts[1]?.body).not.toContain('ses:');
  });

  it('shows the way out, the view in the browser and the address of the shop if it is marketing', () => {
    const marketing = isMarketing();
    for (const part of [mail.html, mail.text]) {
      expect(part.includes('https://shop.example/v/sample')).toBe(marketing);
      expect(part).toContain(settings.shop.address);
    }
    expect([mail.html, mail.text].map((part) => part.includes(SAMPLE_WAY_OUT))).toEqual([marketing, marketing]);
  });
});

it('there are mails to look at, each in three languages', () => {
  expect(keys.length).toBeGreaterThan(75);
  const spoken = Map.groupBy(
    keys.flatMap((key) => readTemplateKey(key) ?? []),
    ({ id }) => id,
  );
  for (const variants of spoken.values()) expect(variants.map(({ locale }) => locale).sort()).toEqual(['', 'pl', 'ru']);
});

it.each(keys.filter((key) => key.includes('/confirm-signup/')))(
  '%s prints nothing that somebody else may have typed beside the address',
  async (key) => {
    const { template } = await checkTemplate(key, example(key), { compiler: mjmlCompiler, settings, brand });
    expect(template?.variables.filter((path) => !/^(shop|message)\./.test(path))).toEqual([]);
  },
);
