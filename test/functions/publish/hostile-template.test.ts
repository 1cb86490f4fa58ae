import { describe, expect, it } from 'vitest';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { settings } from '#test/build/settings.ts';

const deps = { compiler: mjmlCompiler, settings: settings({ senders: { default: { email: 'a@shop.example' } } }) };
const way = '<a href="{{ message.unsubscribe_url }}">Unsubscribe</a>';
const file = (body: string) =>
  `---\n{ "subject": "Hi", "topic": "offers" }\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>${body} ${way}</mj-text></mj-column></mj-section></mj-body></mjml>`;
const check = (text: string) => checkTemplate('templates/hello/email.mjml', text, deps);
const many = (piece: string, length = 250_000) => piece.repeat(length / piece.length);

describe('a template that is made to do harm', () => {
  it.each([
    [
      'that is longer than 256 KB',
      file('x'.repeat(300_000)),
      '1:1 E51 A file has at most 256 KB. Make two of it, or take out what nobody needs.',
    ],
    [
      'of 10 MB',
      file('x'.repeat(10_000_000)),
      '1:1 E51 A file has at most 256 KB. Make two of it, or take out what nobody needs.',
    ],
    [
      'of 20,000 nested tags',
      file(`${many('<div>', 100_000)}${many('</div>', 120_000)}`),
      '4:523 E51 Tags stand within tags more than 100 deep here. Look for one too many.',
    ],
    [
      'of 400 nested blocks',
      file(`${'{% if true %}'.repeat(400)}x${'{% endif %}'.repeat(400)}`),
      '4:1348 E51 Blocks stand within blocks more than 100 deep here. Look for one too many.',
    ],
  ])('is refused with a report: one %s', async (_, text, expected) => {
    const { template, remarks } = await check(text);
    expect(template).toBeUndefined();
    expect(remarks.map((r) => `${r.line}:${r.column} ${r.code} ${r.message}`)).toEqual([expected]);
  });

  it('is refused when it has more Liquid than any mail', async () => {
    const { remarks } = await check(file('{{ nobody }}'.repeat(2000)));
    expect(remarks.map((r) => r.message)).toEqual(['A template has at most 1000 pieces of Liquid.']);
  });

  it('is refused with a report whatever the layout throws', async () => {
    const compiler = { compile: () => Promise.reject(new RangeError('Maximum call stack size exceeded')) };
    const { remarks } = await checkTemplate('templates/hello/email.mjml', file('x'), { ...deps, compiler });
    expect(remarks.map((r) => r.message)).toEqual([
      'Nothing can be made of this template: Maximum call stack size exceeded.',
    ]);
  });

  it.each([
    ['comments that do not end', file(many('<!--'))],
    ['comments that do not end, above the layout', `---\n{ "subject": "x", "topic": "offers" }\n---\n${many('<!--')}`],
    ['root tags that do not end', file(many('<mjml '))],
    ['quotes that do not end', file(many('<a href="'))],
    ['brackets', file(many('<'))],
    ['Liquid that does not end, as text', file(`{% raw %}${many('{{')}{% endraw %}`)],
    ['spaces', file(`${many(' ')}x`)],
    ['the word that stands for Liquid', file(`tropaliquid${many('x')}`)],
    ['lines, each with Liquid', file(`${'\n{{ nobody }}'.repeat(990)}${many(' ', 200_000)}`)],
  ])('holds nothing up: one of many %s', { timeout: 20_000 }, async (_, text) => {
    const before = performance.now();
    await check(text);
    // About a tenth of that on an idle machine; the square of the length would be minutes.
    expect(performance.now() - before).toBeLessThan(4000);
  });
});
