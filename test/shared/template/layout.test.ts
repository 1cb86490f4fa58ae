import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, withoutLiquid } from '#shared/template/mask.ts';
import { unbalancedTags } from '#shared/template/tags.ts';
import { variablesOf } from '#shared/template/variables.ts';

describe('a mask', () => {
  it('hides Liquid from the layout and puts it back', () => {
    const text = '<a href="{{ x | default: "y" }}">{% if a < b %}c{% endif %}</a>';
    const masked = mask(text);
    expect(masked.text).toMatch(/^<a href="\w+">\w+c\w+<\/a>$/);
    expect(masked.restore(masked.text)).toBe(text);
    expect(masked.restore(`${masked.text}${masked.text}`)).toBe(text + text);
  });

  it('names what has not come back, with its place', () => {
    const masked = mask('one {{ a }}\n two {% if b %}');
    expect(masked.missingFrom(masked.text)).toEqual([]);
    expect(masked.missingFrom(masked.text.split('\n')[0] ?? '')).toEqual([{ piece: '{% if b %}', line: 2, column: 6 }]);
  });

  it('drops comments, but not those that Outlook reads, and keeps every line', () => {
    const text = '<!-- {{ a }}\n -->x<!--[if mso]>{{ b }}<![endif]-->\n{{ c\n }}\ny';
    const masked = mask(text);
    expect(masked.text.split('\n')).toHaveLength(text.split('\n').length);
    expect(masked.restore(masked.text)).toContain('<!--[if mso]>{{ b }}<![endif]-->');
    expect(masked.text).not.toContain('{{ a }}');
  });

  it('takes a word that the text does not have', () => {
    const masked = mask('tropaliquid0z {{ a }}');
    expect(masked.restore(masked.text)).toBe('tropaliquid0z {{ a }}');
  });

  it('gives back any text without comments', () => {
    const pieces = fc.constantFrom('{{', '}}', '{%', '%}', 'a', '<b>', '\n', '"', 'tropaliquid', '0z', ' ');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const text = parts.join('');
        const masked = mask(text);
        expect(masked.restore(masked.text).replace(/\n/g, '')).toBe(text.replace(/\n/g, ''));
        expect(withoutLiquid(text)).toHaveLength(text.length);
      }),
    );
  });
});

describe('tags of MJML', () => {
  it.each([
    ['<mjml><mj-body><mj-text>a</mj-text></mj-body></mjml>', []],
    ['<mjml><mj-image src="a>b" /><mj-raw><p>open</mj-raw></mjml>', []],
    ['<mjml>\n<mj-text>a\n</mjml>', ['2:1 <mj-text> is not closed.']],
    ['<mjml><mj-body>', ['1:1 <mjml> is not closed.', '1:7 <mj-body> is not closed.']],
    ['<mjml></mj-text></mjml>', ['1:7 </mj-text> closes nothing.']],
  ])('%j', (text, expected) => {
    expect(unbalancedTags(text).map((p) => `${p.line}:${p.column} ${p.message}`)).toEqual(expected);
  });
});

describe('the variables of a template', () => {
  it('are what it reads from outside, as far as the path is fixed', () => {
    const text = `{% for item in trigger.items %}{{ item.name }}{{ forloop.index }}{% endfor %}
      {% assign x = steps.code.code %}{{ x }}{{ trigger.items[0].name }}
      {% if contact.tags contains data.tag %}{{ contact["name"].first | default: shop.name }}{% endif %}`;
    expect([...new Set(variablesOf(text).map(({ path }) => path))].sort()).toEqual([
      'contact.name.first',
      'contact.tags',
      'data.tag',
      'shop.name',
      'steps.code.code',
      'trigger.items',
    ]);
  });

  it('have their places', () => {
    expect(variablesOf('a\n  {{ contact.name }}')).toEqual([{ path: 'contact.name', line: 2, column: 6 }]);
  });

  it('are none where the text is no Liquid', () => {
    expect(variablesOf('{% if %}{{ a')).toEqual([]);
  });
});
