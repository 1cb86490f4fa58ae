import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/store/table.ts';
import { type RenderScope, render } from '#shared/template/render.ts';
import { type CompiledTemplate, templateVersion } from '#shared/template/template.ts';
import { writable } from '#shared/template/writable.ts';

/** What customers send has fields of any name, those of JavaScript's own objects, too. */

const NAMES = ['toString', 'valueOf', 'constructor', '__proto__', 'hasOwnProperty', 'toJSON', 'then', 'length', 'size'];

const templateOf = (text: string): CompiledTemplate => {
  const content = {
    ...{ v: 1 as const, id: 't', channel: 'email' as const, locale: '', variables: [], preheader: '' },
    ...{ subject: text, html: text, text },
  };
  return { ...content, version: templateVersion(content) };
};
const scopeOf = (x: Json, contact: RenderScope['contact'] = {}): RenderScope => ({
  ...{ contact, trigger: {}, steps: {}, shop: { currency: 'EUR' }, message: {} },
  data: { x, list: ['a', x, 2] },
});
const printed = (text: string, scope: RenderScope): string => render(templateOf(text), scope).html;

/** As it comes over the network: a field `__proto__` is one like any other. */
const withField = (name: string, value: unknown): Json =>
  JSON.parse(`{"${name}":${JSON.stringify(value)},"other":"o"}`);

describe.each(NAMES)('a field that is called %s', (name) => {
  it.each([['a text'], [7], [null], [{ toString: 'deeper' }], [[1]]])('and is %j leaves the mail as it is', (value) => {
    const scope = scopeOf(withField(name, value));
    expect(printed('Hi {{ data.x }}!', scope)).toBe('Hi [object Object]!');
    expect(printed('{{ data.x.other }}{{ data.list.size }}', scope)).toBe('o3');
    expect(printed('{% if data.x == "a" %}yes{% else %}no{% endif %}', scope)).toBe('no');
  });

  it('is data like any other where the template names it', () => {
    expect(printed(`{{ data.x.${name} }}`, scopeOf(withField(name, 'a <b>')))).toBe('a &lt;b&gt;');
    expect(printed(`{% for f in data.x %}{{ f[0] }}={{ f[1] }} {% endfor %}`, scopeOf(withField(name, 'v')))).toBe(
      `${name}=v other=o `,
    );
  });

  it('is nothing where nobody has sent it, but for the library length of an object', () => {
    const text = printed(`{{ data.x.${name} }}`, scopeOf({ other: 'o' }));
    expect(text).toBe(name === 'size' ? '1' : '');
  });

  it('may be a trait', () => {
    const { contact } = { contact: Object(withField(name, 'v')) };
    expect(printed(`{{ contact.other }}{{ contact }}`, scopeOf(null, contact))).toBe('o[object Object]');
  });
});

/** Everything that writes a value as text, reckons with it, or looks something up by it. */
const USES = [
  ...[
    '{{ data.x }}',
    '{{ data.x | upcase | append: data.x }}',
    '{{ data.x | date: data.x }}',
    '{{ 1.5 | money: data.x }}',
  ],
  ...[
    '{{ 2 | plural: data.x }}',
    '{{ data.x | plus: data.x }}',
    '{{ data.x | default: "d" }}',
    '{{ data.list | join: data.x }}',
  ],
  ...[
    '{{ data.list | sort | join }}',
    '{{ data.list | sort_natural | uniq }}',
    '{{ data.x | sum }}',
    '{{ data.list | map: data.x }}',
  ],
  ...[
    '{{ data[data.x] }}',
    '{{ data.list[data.x] }}',
    '{% for i in (1..data.x) %}{{ i }}{% endfor %}',
    '{% cycle data.x: "a" %}',
  ],
  ...[
    '{% for i in data.list limit: data.x %}{{ i }}{% endfor %}',
    '{% if data.x > 1 or data.x contains "a" %}y{% endif %}',
  ],
  ...[
    '{% case data.x %}{% when "a" %}a{% else %}b{% endcase %}',
    '{% assign y = data.x %}{{ y }}',
    '{% if "a" contains data.x %}y{% endif %}',
  ],
].join('|');

const anything: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json[]>('a', 1, null, true),
    fc.array(tie('json'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom('toString', 'valueOf', 'constructor', 'name'), tie('json')), { maxLength: 3 })
      .map((fields): Json => Object.fromEntries(fields)),
  ),
})).json;

/** The same with a name that JavaScript does not know. */
const renamed = (value: Json): Json => JSON.parse(JSON.stringify(value).replaceAll('"toString"', '"toText"'));

describe('whatever customers send', () => {
  it('is printed as if its fields had harmless names', () => {
    fc.assert(
      fc.property(anything, (x) => {
        expect(printed(USES, scopeOf(x))).toBe(printed(USES, scopeOf(renamed(x))));
      }),
    );
  });

  it('stays as it was, and is not copied where it has no such field', () => {
    const plain = { data: { a: [1, { valueOf: 2 }] } };
    expect(writable(plain)).toBe(plain);
    const odd = { data: [withField('toString', { constructor: 1 })] };
    const before = structuredClone(odd);
    expect(JSON.stringify(writable(odd))).toBe(JSON.stringify(before));
    expect(Object.getOwnPropertySymbols(odd.data[0])).toEqual([]);
  });
});
