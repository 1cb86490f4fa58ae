import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlEngine, textEngine } from '#shared/template/liquid.ts';
import { type RenderScope, render } from '#shared/template/render.ts';
import { type CompiledTemplate, templateVersion } from '#shared/template/template.ts';

/** Everything that a mail may print, filtered, in loops, conditions and attributes. */
const PRINTS = [
  '{{ data.x }}',
  '{{ data.x | upcase | append: data.x }}',
  '{{ data.x | date: "long" }}{{ data.x | date: data.x }}',
  '{{ 1.5 | money: data.x }}{{ data.x | money }}',
  '{{ 2 | plural: data.x, data.x }}',
  '{{ data.none | default: data.x }}',
  '{% for i in data.list limit: 2 %}{{ i }}{{ forloop.index }}{% endfor %}',
  '{% assign y = data.x %}{% if y == data.x %}{{ y }}{{ data["x"] }}{% endif %}',
  '{{ data.list | join: data.x }}{{ data.list.first }}{{ data.list.size }}',
].join('');

const content = {
  ...{ v: 1 as const, id: 'h', channel: 'email' as const, locale: '', variables: [], preheader: '' },
  subject: `Hi ${PRINTS}`,
  html: `<a title="${PRINTS}" href='${PRINTS}'>${PRINTS}</a>`,
  text: PRINTS,
};
const template: CompiledTemplate = { ...content, version: templateVersion(content) };

const scope = (x: string): RenderScope => ({
  ...{ contact: {}, trigger: {}, steps: {}, shop: { currency: 'EUR' }, message: {} },
  data: { x, list: [x, x] },
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '<script>',
          '</a>',
          '"',
          "'",
          '&',
          '>',
          '{{ data.x }}',
          '{% raw %}',
          '\r\n',
          '\nBcc: a@b.example',
          '\u2028',
        ],
        ...[
          '\u2029',
          '\u0085',
          '\u0000',
          '\u202e',
          '\u200f',
          'onload=',
          '%',
          '%A',
          '-->',
          '<!--',
          '\u00a0',
          '2026-06-15',
        ],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

describe('whatever a value is', () => {
  it('becomes no tag, ends no attribute, and begins no header', () => {
    fc.assert(
      fc.property(nasty, (x) => {
        const { subject, html } = render(template, scope(x));
        const parts = /^<a title="([^"<>]*)" href='([^'<>]*)'>([^<>]*)<\/a>$/s.exec(html);
        expect(parts).not.toBeNull();
        for (const part of parts?.slice(1) ?? []) expect(part).not.toMatch(/["'<>]|&(?!amp;|lt;|gt;|#34;|#39;)/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
        expect(subject).not.toMatch(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/);
      }),
    );
  });

  it('is printed as the library prints it, which is slower', () => {
    fc.assert(
      fc.property(nasty, (x) => {
        const { html, text } = render(template, scope(x));
        expect(html).toBe(htmlEngine.parseAndRenderSync(content.html, scope(x)));
        expect(text.trim()).toBe(
          textEngine
            .parseAndRenderSync(content.text, scope(x))
            .replace(/(?<![ \t])[ \t]+$/gm, '')
            .replace(/\n{3,}/g, '\n\n')
            .trim(),
        );
      }),
    );
  });
});
