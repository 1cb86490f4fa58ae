import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLiquid, problemOf } from '#shared/template/liquid.ts';
import { type RenderScope, render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';
import { nest, scopeOf } from '#shared/template/scope.ts';
import { type CompiledTemplate, templateVersion } from '#shared/template/template.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

function template(given: Partial<CompiledTemplate>): CompiledTemplate {
  const content = {
    ...{ v: 1 as const, id: 't', channel: 'email' as const, locale: '', variables: [] },
    ...{ subject: '', preheader: '', html: '', text: '' },
    ...given,
  };
  return { ...content, version: templateVersion(content) };
}

const scope = (given: Partial<RenderScope> = {}): RenderScope => ({
  ...scopeOf({
    profile: profile({ traits: { 'name.first': 'Ann', points: 7 } }),
    settings: settings(),
    trigger: {},
    steps: {},
    data: {},
    message: { id: 'm', unsubscribeUrl: 'https://shop.example/u/x?a=1&b=2', at: '2026-11-22T23:30:00.000Z' },
  }),
  ...given,
});

const all = (text: string, given: Partial<RenderScope> = {}) =>
  render(template({ subject: text, html: text, text }), scope(given));

describe('a rendered mail', () => {
  it('escapes in HTML, and neither in the subject nor in the text', () => {
    expect(all('{{ data.x }}', { data: { x: `<b>"Tom" & 'Ann'</b>` } })).toEqual({
      subject: `<b>"Tom" & 'Ann'</b>`,
      html: '&lt;b&gt;&#34;Tom&#34; &amp; &#39;Ann&#39;&lt;/b&gt;',
      text: `<b>"Tom" & 'Ann'</b>\n`,
    });
  });

  it('keeps links whole in the text', () => {
    expect(all('{{ message.unsubscribe_url }}').text).toBe('https://shop.example/u/x?a=1&b=2\n');
  });

  it.each([
    '{{ data.x | escape }}',
    '{{ data.x | escape_once }}',
    '{% echo data.x %}',
    '{% assign y = data.x %}{{ y }}',
    '{% for i in data.list %}{{ i }}{% endfor %}',
    '{% cycle data.x %}',
    '{{ data.none | default: data.x }}',
    '{{ data.x | append: "" }}',
  ])('prints no HTML of others by %s', (text) => {
    const evil = '<script>alert(1)</script>';
    const { html } = all(text, { data: { x: evil, list: [evil] } });
    expect(html).toContain('&lt;');
    expect(html).not.toContain('<');
  });

  it('prints no HTML of others whatever they write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (x) => {
        expect(all('[{{ data.x }}]', { data: { x } }).html).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('has a subject of one line, whatever is printed in it', () => {
    const breaks = fc.string({ unit: fc.constantFrom('\r', '\n', '\u2028', '\u0000', 'a', ' '), maxLength: 20 });
    fc.assert(
      fc.property(breaks, (x) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
        expect(all('Hi {{ data.x }}', { data: { x } }).subject).not.toMatch(/[\u0000-\u001f\u2028]/);
      }),
    );
    expect(all('Hi {{ data.x }}', { data: { x: 'a\r\nBcc: b@c.example' } }).subject).toBe('Hi a Bcc: b@c.example');
  });

  it('prints nothing for what is missing, and nothing that is not its own', () => {
    expect(
      all('[{{ contact.nobody.here }}{{ data.constructor }}{{ data.x.__proto__ }}{{ trigger.toString }}]').text,
    ).toBe('[]\n');
  });

  it('has no holes in its text where loops and conditions stood', () => {
    const text = 'a\n\n{% for i in data.list %}\n\n{{ i }}  \n\n{% endfor %}\n\n\n{% if data.no %}x{% endif %}\n\nb';
    expect(render(template({ text }), scope({ data: { list: [1, 2] } })).text).toBe('a\n\n1\n\n2\n\nb\n');
  });

  it('takes the moment of sending for now, in the zone of the contact, else of the shop', () => {
    const now = "{{ 'now' | date: '%Y-%m-%d %H:%M' }}";
    expect(all(now).text).toBe('2026-11-23 00:30\n');
    expect(all(now, { contact: { timeZone: 'America/New_York' } }).text).toBe('2026-11-22 18:30\n');
    expect(all("{{ data.at | date: '%H:%M', 'Asia/Tokyo' }}", { data: { at: '2026-01-01T00:00:00Z' } }).text).toBe(
      '09:00\n',
    );
  });

  it.each(['Eastern Standard Time', '', 'Moon', '+99:99', 5])('takes the zone of the shop for %j', (timeZone) => {
    const printed = all("{{ 'now' | date: '%H:%M' }}{{ 'now' | date: ' %d.%m.', data.zone }}", {
      contact: { timeZone },
      data: { zone: timeZone },
    });
    expect(printed.text).toBe('00:30 23.11.\n');
  });

  it('is rendered whatever the zone of a contact is', () => {
    const zones = fc.oneof(
      fc.string(),
      fc.constantFrom('+03:00', '+3', '-0330', 'UTC', 'utc', 'GMT+3', 'Etc/GMT+3', 'EST', '2026-01-01[UTC]'),
    );
    fc.assert(
      fc.property(zones, (timeZone) => {
        expect(all("{{ 'now' | date: '%H:%M' }}", { contact: { timeZone } }).text).toMatch(/^\d\d:\d\d\n$/);
      }),
    );
  });

  it.each([
    [{ locale: 'pl_PL' }, { locale: 'de', currency: 'EUR' }, '3,50\u00a0€'],
    [{ locale: 'constructor' }, { locale: '!!', currency: 'EUR' }, '€3.50'],
    [{ locale: '' }, { locale: 'en', currency: '€€€' }, '3.50 €€€'],
    [{ locale: '' }, { locale: 'de', currency: 'EU1' }, '3,50 EU1'],
    [{}, {}, '3.50'],
  ])('prints money where the locale or the currency is odd: %j, %j', (message, own, expected) => {
    expect(all('{{ data.x | money }}', { message, shop: own, data: { x: 3.5 } }).subject).toBe(expected);
  });

  it.each([
    ['{{ data.x | money }}', { x: 1234.5 }, '€1,234.50'],
    ['{{ data.x | money }}', { x: '19.9' }, '€19.90'],
    ['{{ data.x | times: 3 | money }}', { x: 1.1 }, '€3.30'],
    ['{{ data.x | money }}', { x: 'much' }, ''],
    ['{{ data.none | money }}', {}, ''],
  ])('%s of %j is %j', (text, data, expected) => {
    expect(all(text, { data }).subject).toBe(expected);
  });

  it('is stopped when a template would never end', () => {
    const endless = '{% for a in (1..1000000) %}{% for b in (1..1000000) %}{{ b }}{% endfor %}{% endfor %}';
    expect(() => all(endless)).toThrow(/limit exceeded/);
  });

  it.each(['url_encode', 'cgi_escape', 'uri_escape'])('is stopped when %s makes too much of a value', (filter) => {
    const data = { x: '%'.repeat(200_000) };
    expect(() => all(`{{ data.x${` | ${filter}`.repeat(20)} | size }}`, { data })).toThrow(/limit exceeded/);
  });

  it('is made of the template that was given, not of one like it', () => {
    expect(render(template({ html: 'one' }), scope()).html).toBe('one');
    expect(render(template({ html: 'two' }), scope()).html).toBe('two');
  });
});

describe('Liquid with a slip in it', () => {
  it.each([
    ['a\n  {{ x | raw }}', '2:3 There is no filter "raw": what is printed is always made safe for HTML. Take it out.'],
    ['{{ x | uppercase }}', '1:1 There is no filter "uppercase". Did you mean "upcase"?'],
    ['{% fi x %}', '1:1 There is no tag "fi". Did you mean "if"?'],
    ["{% include 'a' %}", '1:1 There is no tag "include". Take it out.'],
    ["{% render 'a' %}", '1:1 There is no tag "render". Take it out.'],
    ['{% capture x %}{% endcapture %}', '1:1 There is no tag "capture". Take it out.'],
    ['{% if x %}', '1:1 {% if x %} is not closed. Write {% endif %} where it ends.'],
    ['{% if x', '1:1 {% if x has no end. Write %} behind it.'],
    ['{% endif %}', '1:1 {% endif %} closes nothing: no {% if %} is open here. Take it out, or put that before it.'],
    ['{% for a b %}{% endfor %}', '1:1 {% for a b %} cannot be read: a word in it is missing, or one too many.'],
    ['{{ x', '1:1 {{ x has no end. Write }} behind it.'],
  ])('%j is told so', (text, expected) => {
    const result = parseLiquid(text);
    const { line, column, message } = 'problem' in result ? result.problem : { line: 0, column: 0, message: 'fine' };
    expect(`${line}:${column} ${message}`).toBe(expected);
  });

  it('is told from errors that are not its own', () => {
    expect(() => problemOf(new Error('disk full'))).toThrow('disk full');
  });
});

describe('a preview', () => {
  it('prints the sample, and the shop and a way out without being told', () => {
    const sample = {
      contact: { name: 'Ann' },
      trigger: { total: 5 },
      steps: { code: { code: 'TEST' } },
      data: { x: 1 },
    };
    const text =
      '{{ contact.name }} {{ trigger.total }} {{ steps.code.code }} {{ data.x }} {{ shop.name }} {{ message.unsubscribe_url }}';
    const given = template({ text, sample });
    expect(render(given, sampleScope(given, settings())).text).toBe(
      'Ann 5 TEST 1 Corner Shop https://shop.example/u/sample\n',
    );
  });
});

describe('the scope of a template', () => {
  it('has traits by their paths, and addresses that no trait can replace', () => {
    const { contact } = scopeOf({
      profile: profile({
        traits: { 'a.b.c': 1, 'a.b.d': 2, plain: 'x', 'plain.deep': 3, email: 'no@where.example' },
        tags: ['vip'],
      }),
      settings: settings(),
      ...{ trigger: {}, steps: {}, data: {} },
      message: { id: 'm', unsubscribeUrl: 'u', at: '2026-01-01T00:00:00.000Z' },
    });
    expect(contact).toEqual({ a: { b: { c: 1, d: 2 } }, plain: 'x', email: 'ann@shop.example', tags: ['vip'] });
  });

  it('cannot be used to change what objects inherit', () => {
    nest({ '__proto__.polluted': 1, 'constructor.prototype.polluted': 1 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
