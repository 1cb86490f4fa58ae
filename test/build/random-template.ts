import fc from 'fast-check';
import { htmlEngine } from '#shared/template/liquid.ts';
import type { RenderScope } from '#shared/template/render.ts';

const texts = fc.constantFrom(
  ...['', ' ', 'a', 'Ann & Tom', '<b>"x"</b>', "it's", 'item', 'x', '12', '-3.5', '2026-06-15', '2026-06-15T10:00:00Z'],
  ...['a,b,c', '  two  words ', 'size', 'name', '{{ data.x }}', 'Zoë', '😀', '\n', 'now', 'true'],
);
const numbers = fc.constantFrom(0, 1, 2, 3, -1, 1.5, 19.9, 1_750_000_000);
const plain = fc.oneof(texts, numbers, fc.boolean(), fc.constant(null));
const fields = fc.dictionary(fc.constantFrom('name', 'price', 'size', 'first', 'length', 'none', 'constructor'), plain);
const items = fc.oneof(
  fc.array(fields, { maxLength: 4 }),
  fc.array(plain, { maxLength: 4 }),
  fc.array(fc.array(plain)),
);

/** What may be printed: texts that end tags, fields called as methods are, lists of all kinds. */
export const randomScope: fc.Arbitrary<RenderScope> = fc
  .record({ x: plain, y: plain, name: texts, list: items, of: fields, key: texts }, { requiredKeys: ['list'] })
  .map((data) => ({
    data,
    contact: { name: { first: data.name ?? 'Ann' }, timeZone: 'Europe/Warsaw' },
    trigger: { total: 12.5, items: data.list },
    steps: {},
    shop: { currency: 'EUR', locale: 'pl', timeZone: 'Europe/Berlin' },
    message: { at: '2026-11-22T23:30:00.000Z' },
  }));

const path = fc.constantFrom(
  ...['data.x', 'data.y', 'data.name', 'data.list', 'data.of', 'data.of.name', 'data.of.size', 'data.of.first', 'data'],
  ...[
    'data["x"]',
    'data[data.key]',
    'data.of["price"]',
    'data.list[0]',
    'data.list[-1]',
    'data.list[1].name',
    'v',
    'w',
  ],
  ...['data.list.first', 'data.list.last.name', 'data.list.size', 'data.name.size', 'data.nobody.here', 'nobody'],
  ...['item', 'item.name', 'item.price', 'item.size', 'item[0]', 'forloop', 'forloop.index', 'forloop.first', 'other'],
  ...['forloop.last', 'forloop.rindex0', 'forloop.length', 'forloop.name', 'contact.name.first', 'trigger.total'],
  ...['data.constructor', 'data.of.constructor', 'data.__proto__', 'item.toString', 'constructor', 'data.list[nil]'],
  ...[
    '"text".size',
    '"text"[0]',
    '(1..3).last',
    'tablerowloop.col',
    'continue',
    'data.x.y.z',
    '["data"].x',
    'data.list[1.5]',
  ],
);
const literal = fc.oneof(
  fc.constantFrom('nil', 'empty', 'blank', 'true', 'false', '0', '1', '2', '-1', '1.5', '"a"', "'<i>'", '""'),
  fc.constantFrom('"name"', '"long"', "'%d %B'", '","', '(1..3)', '(0..data.x)', '"%A"'),
);
const word = fc.oneof({ weight: 2, arbitrary: path }, literal);

/** One of them draws lots. */
const filterName = fc.constantFrom(...Object.keys(htmlEngine.filters).filter((name) => name !== 'sample'));
const likely = fc.constantFrom(
  'default',
  'money',
  'date',
  'plural',
  'upcase',
  'append',
  'times',
  'join',
  'map',
  'where',
);
const argument = fc.oneof(
  { weight: 5, arbitrary: word },
  word.map((w) => `allow_false: ${w}`),
);
const filter = fc
  .tuple(fc.oneof(filterName, likely), fc.array(argument, { maxLength: 3 }))
  .map(([name, args]) => ` | ${name}${args.length > 0 ? `: ${args.join(', ')}` : ''}`);
const value = fc.tuple(word, fc.array(filter, { maxLength: 3 })).map(([first, filters]) => first + filters.join(''));

const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'contains', 'and', 'or');
const asked = fc.oneof(
  value,
  fc.tuple(word, operator, word).map((parts) => parts.join(' ')),
  fc.tuple(word, operator, word, operator, word).map((parts) => parts.join(' ')),
  fc.tuple(fc.constant('not'), word, operator, word).map((parts) => parts.join(' ')),
);

const dash = fc.constantFrom('', '', '', '-');
const tag = (inside: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(dash, inside, dash).map(([left, text, right]) => `{%${left} ${text} ${right}%}`);
const fixed = (text: string) => tag(fc.constant(text));
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts_) => texts_.join(''));
const maybe = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(''), text);

const name = fc.constantFrom('v', 'w', 'item', 'data', 'other', '__proto__');
const range = fc.oneof(path, fc.constantFrom('(1..3)', 'data.list', 'data.list', 'trigger.items', 'empty', '"a"'));
const modifier = fc.oneof(
  fc.constantFrom('', '', 'reversed', 'limit: 2', 'limit: 0', 'limit: -1', 'offset: 1', 'offset: continue', 'limit'),
  fc.constantFrom(
    'limit:2 reversed',
    'limit: data.x',
    'limit: 1 offset: 1',
    'limit: continue',
    'cols: 2',
    'reversed: 1',
  ),
);
const loop = (kind: string) =>
  tag(fc.tuple(name, range, modifier).map(([as, over, how]) => `${kind} ${as} in ${over} ${how}`));
const when = tag(fc.tuple(word, fc.constantFrom(',', ' or '), word).map(([a, or, b]) => `when ${a}${or} ${b}`));

const { block } = fc.letrec<{ block: string; piece: string }>((tie) => {
  const inner = tie('block');
  return {
    block: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
    piece: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('text ', ' \n', '<td class="a">', '  ', '}}', '\n\n\n'),
      fc.tuple(dash, value, dash).map(([left, text, right]) => `{{${left} ${text} ${right}}}`),
      tag(fc.tuple(name, value).map((parts) => `assign ${parts.join(' = ')}`)),
      tag(fc.tuple(word, word).map((words) => `cycle ${words.join(', ')}`)),
      tag(value.map((text) => `echo ${text}`)),
      fc.oneof(...['break', 'continue', 'increment v', 'decrement v', '# nothing'].map(fixed)),
      fc.constantFrom('{% raw %} {{ data.x }} {% endraw %}', '{% comment %} {{ x }} {% endcomment %}'),
      fc.tuple(name, value).map((parts) => `{% liquid assign ${parts.join(' = ')}\n echo w %}`),
      joined(tag(asked.map((a) => `if ${a}`)), inner, fixed('endif')),
      joined(tag(asked.map((a) => `if ${a}`)), inner, tag(asked.map((a) => `elsif ${a}`)), inner, fixed('endif')),
      joined(tag(asked.map((a) => `unless ${a}`)), inner, fixed('else'), inner, fixed('endunless')),
      joined(
        tag(value.map((v) => `case ${v}`)),
        when,
        inner,
        when,
        inner,
        maybe(joined(fixed('else'), inner)),
        fixed('endcase'),
      ),
      joined(loop('for'), inner, maybe(joined(fixed('else'), inner)), fixed('endfor')),
      joined(loop('tablerow'), inner, fixed('endtablerow')),
    ),
  };
});

/** Liquid as mails may have it, by its grammar: most of it can be read, and much of it makes little sense. */
export const randomLiquid: fc.Arbitrary<string> = block;
