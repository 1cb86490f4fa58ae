import { expect, it } from 'vitest';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { noBrand } from '#shared/template/brand.ts';
import { settings } from '#test/build/settings.ts';

const layout = `<mjml>
  <mj-head></mj-head>
  <mj-body><mj-include path="content" />
  <mj-section><mj-column><mj-text>{{ shop.address }} <a href="{{ message.unsubscribe_url }}">Stop</a></mj-text></mj-column></mj-section>
</mj-body></mjml>`;
const deps = {
  compiler: mjmlCompiler,
  settings: settings({ senders: { default: { email: 'a@shop.example' } }, shop: { address: 'Long Lane 1' } }),
  brand: { ...noBrand(), parts: { layout } },
};
const NAME = 'contact.name.first';

async function said(subject: string, text: string, key = 'templates/letter/email.mjml'): Promise<string[]> {
  const front = JSON.stringify({ subject, preheader: 'Hi', topic: 'offers' });
  const file = `---\n${front}\n---\n<mj-section><mj-column>\n<mj-text>${text}</mj-text>\n</mj-column></mj-section>\n`;
  const { remarks } = await checkTemplate(key, file, deps);
  return remarks.map(({ line, code }) => `${line} ${code}`);
}

it.each([
  ['a filter that there is not', "{{ data.x | currency: 'EUR' }}"],
  ['a date style that there is not', "{{ data.x | date: 'dya' }}"],
  ['too few forms', "{{ data.x | plural: 'tea' }}"],
  ['a name that nobody can print', '{{ dta.x }}'],
  ['a bracket too few', '{{ data.x }'],
])('%s in a subject is told where the subject stands, once', async (_, subject) => {
  expect(await said(subject, 'Hi')).toEqual([expect.stringMatching(/^2 E\d\d$/)]);
});

it('Liquid that cannot be read is not told to lack the way to unsubscribe, which nobody has looked for', async () => {
  expect(await said('Hi', '{{ data.x | currency }}')).toEqual(['5 E53']);
});

it.each([
  ['email.mjml', "'%d tea', '%d teas'", []],
  ['email.mjml', "'%d tea', '%d teas', '%d of tea'", ['2 E53', '5 E53']],
  ['email.pl.mjml', "'%d tea', '%d teas', '%d of tea'", []],
  ['email.pl.mjml', "'%d tea', '%d teas'", ['2 E53', '5 E53']],
])('the forms of a word in %s are those of its language, else of the shop’s: %s', async (name, forms, expected) => {
  const counted = `{{ data.n | default: 2 | plural: ${forms} }}`;
  expect(await said(counted, counted, `templates/letter/${name}`)).toEqual(expected);
});

it('a value that may be empty is told where it has no default, and not where it has one', async () => {
  expect(await said(`{{ ${NAME} | default: 'You' }}`, `{{ ${NAME} | default: 'you' }}\n{{ ${NAME} }}`)).toEqual([
    '6 W63',
  ]);
});
