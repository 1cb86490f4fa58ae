import { describe, expect, it } from 'vitest';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';

const page = (body: string, head = '') => `<mjml>${head}<mj-body>\n${body}\n</mj-body></mjml>`;
const column = (content: string) => `<mj-section><mj-column>${content}</mj-column></mj-section>`;
const compile = (mjml: string, preheader = '') => mjmlCompiler.compile(mjml, { preheader });
const problems = async (mjml: string) =>
  (await compile(mjml)).problems.map((p) => `${p.line}:${p.column ?? '-'} ${p.message}`);

describe('a layout', () => {
  it('becomes HTML and text with its Liquid as it was', async () => {
    const liquid = `{% if a < b and c > "d" %}{{ contact.name | default: 'you & me' }}{% endif %}`;
    const { html, text, problems: none } = await compile(page(column(`<mj-text>Hi ${liquid}</mj-text>`)));
    expect(none).toEqual([]);
    expect(html).toContain(`Hi ${liquid}`);
    expect(text).toBe(`Hi ${liquid}`);
  });

  it('keeps Liquid between sections that stands in mj-raw', async () => {
    const { html, text } = await compile(
      page(`<mj-raw>{% if a %}</mj-raw>${column('<mj-text>yes</mj-text>')}<mj-raw>{% endif %}</mj-raw>`),
    );
    expect(html.indexOf('{% if a %}')).toBeLessThan(html.indexOf('yes'));
    expect(text.replace(/\s+/g, ' ')).toBe('{% if a %} yes {% endif %}');
  });

  it('keeps Liquid in attributes and in tables', async () => {
    const { html, text } = await compile(
      page(
        column(
          '<mj-button href="{{ shop.url | append: "/cart" }}">Go</mj-button><mj-table>{% for i in x %}<tr><td>{{ i.a }}</td><td>{{ i.b }}</td></tr>{% endfor %}</mj-table>',
        ),
      ),
    );
    expect(html).toContain('href="{{ shop.url | append: "/cart" }}"');
    expect(html).toMatch(/\{% for i in x %\}\s*<tr><td>\{\{ i\.a \}\}<\/td>/);
    expect(text).toContain('Go <{{ shop.url | append: "/cart" }}>');
    expect(text).toContain('{{ i.a }} {{ i.b }}');
  });

  it('shows the preheader to mail programs and not in the text', async () => {
    const { html, text } = await compile(page(column('<mj-text>Body</mj-text>')), 'Tea & {{ x }} < 5 €');
    expect(html).toMatch(/display:none[^>]*>Tea &amp; \{\{ x \}\} &lt; 5 €</);
    expect(text).toBe('Body');
    const own = await compile(
      page(column('<mj-text>B</mj-text>'), '<mj-head><mj-preview>Own</mj-preview></mj-head>'),
      'Other',
    );
    expect(own.html).not.toContain('Other');
    const headed = await compile(
      page(column('<mj-text>B</mj-text>'), '<mj-head><mj-title>T</mj-title></mj-head>'),
      'Pre',
    );
    expect(headed.html).toContain('>Pre<');
  });

  it('reads no other file', async () => {
    const file = `<mj-include path="${import.meta.filename}" type="html" />`;
    expect(await problems(page(file))).toEqual(['2:1 A template is one file: <mj-include> is not read.']);
  });

  it.each([
    [
      'Liquid that MJML would leave out',
      page('{% if a %}<mj-section></mj-section>'),
      ['2:1 MJML leaves out "{% if a %}" here. Between sections and columns put it into <mj-raw>.'],
    ],
    ['an unknown element', page(`{{ x }}\n <mj-txt>a</mj-txt>`), ['3:2 MJML has no <mj-txt>. Did you mean <mj-text>?']],
    [
      'an unknown element with Liquid in it, which goes with it',
      page(column('<mj-elephant>{{ x }}</mj-elephant>')),
      ['2:24 MJML has no <mj-elephant>. Plain HTML goes into <mj-text>.'],
    ],
    [
      'an unknown attribute',
      page(column('<mj-text colr="red">a</mj-text>')),
      ['2:24 <mj-text>: Attribute colr is illegal.'],
    ],
    ['a tag that is not closed', page(column('<mj-text>a')), ['2:24 <mj-text> is not closed.']],
    ['no MJML', 'hello', ['1:- Parsing failed. Check your mjml.']],
    [
      'no mjml around it',
      '<mj-text>a</mj-text>',
      ['1:- Malformed MJML. Check that your structure is correct and enclosed in <mjml> tags.'],
    ],
  ])('with %s is told so', async (_, mjml, expected) => {
    expect(await problems(mjml)).toEqual(expected);
  });
});
