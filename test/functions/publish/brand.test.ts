import { beforeEach, expect, it } from 'vitest';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { liveFiles } from '#shared/store/live-files.ts';
import { TemplateLibrary } from '#shared/template/library.ts';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile } from '#test/build/publishing.ts';

const LAYOUT =
  '<mjml><mj-head></mj-head><mj-body background-color="{{ brand.colors.page }}"><mj-include path="content" /><mj-include path="footer" /></mj-body></mjml>';
const footer = (words: string) => `<mj-section><mj-column><mj-text>${words} {{ shop.address }}
<a href="{{ message.unsubscribe_url }}">Stop</a></mj-text></mj-column></mj-section>`;
const mail = (words = 'Hi', more = {}) =>
  `---\n${JSON.stringify({ subject: 'Hello & bye', preheader: 'For you', topic: 'offers', ...more })}\n---
<mj-section><mj-column><mj-text>${words}</mj-text></mj-column></mj-section>\n`;
const look = (page: string) => ({ colors: { page } });

const MAIL = 'templates/hello/email.mjml';
const POLISH = 'templates/hello/email.pl.mjml';
const FOOTER = 'templates/_brand/footer.mjml';

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  Object.assign(shop.deps, { compiler: mjmlCompiler });
  await shop.put('settings.json', shopFile());
});

const put = async (key: string, content: unknown): Promise<string[]> => {
  const report = await shop.put(key, content);
  return (report?.remarks ?? []).map((r) => `${r.line}:${r.column} ${r.code} ${r.message}`);
};
const brand = async (): Promise<void> => {
  expect(await put('templates/_brand/brand.json', look('#ffeedd'))).toEqual([]);
  expect(await put(FOOTER, footer('Yours'))).toEqual([]);
  expect(await put('templates/_brand/layout.mjml', LAYOUT)).toEqual([]);
};
const html = async (locale = 'en'): Promise<string> => {
  shop.deps.published.refresh();
  const library = new TemplateLibrary(shop.shop.bucket);
  const found = await library.find(await shop.deps.published.templates(), 'hello', 'email', locale, 'en');
  return found?.html ?? '';
};

it('a template is put into the layout, in its language, with its subject for a title', async () => {
  await brand();
  expect(await put(MAIL, mail())).toEqual([]);
  expect(await put(POLISH, mail('Cześć'))).toEqual([]);
  const made = await html();
  expect(made).toContain('#ffeedd');
  expect(made).toMatch(/<html[^>]+lang="en"/);
  expect(made).toContain('<title>Hello &amp; bye</title>');
  expect(made.indexOf('Hi')).toBeLessThan(made.indexOf('Yours {{ shop.address }}'));
  expect(await html('pl')).toMatch(/<html[^>]+lang="pl"/);
});

it('an edited part is in every mail that takes it in at once, and one for a language only in those of that language', async () => {
  await brand();
  await put(MAIL, mail());
  await put(POLISH, mail('Cześć'));
  expect(await put(FOOTER, footer('Sincerely'))).toEqual([]);
  expect(await html()).toContain('Sincerely');
  expect(await put('templates/_brand/footer.pl.mjml', footer('Pozdrawiamy'))).toEqual([]);
  expect([(await html()).includes('Sincerely'), (await html('pl')).includes('Pozdrawiamy')]).toEqual([true, true]);
  expect(await put('templates/_brand/brand.json', look('#aabbcc'))).toEqual([]);
  expect([await html(), await html('pl')].every((one) => one.includes('#aabbcc'))).toBe(true);
});

it('a bad part leaves every mail as it is, and says what is wrong where', async () => {
  await brand();
  await put(MAIL, mail());
  const before = await html();
  expect(await put(FOOTER, `<mj-section>\n{{ contcat.name }}</mj-section>`)).toEqual([
    '2:4 E13 There is nothing called "contcat" to print. Did you mean "contact"?',
  ]);
  expect(await put(FOOTER, footer('Yours').replace('</mj-text>', ''))).toEqual(['1:24 E52 <mj-text> is not closed.']);
  expect(await put(FOOTER, '<mj-section><mj-column><mj-text>No way out</mj-text></mj-column></mj-section>')).toEqual([
    expect.stringMatching(/^1:1 E56 templates\/hello\/email\.mjml would break: "hello" has no way to unsubscribe\./),
  ]);
  expect(await put(FOOTER, footer('Yours').replace('<mj-text>', '<mj-text colour="red">'))).toEqual([
    '1:1 E56 templates/hello/email.mjml would break: In templates/_brand/footer.mjml 1:24: <mj-text>: Attribute colour is illegal.',
  ]);
  expect(await put('templates/_brand/brand.json', { colors: {} })).toEqual([
    expect.stringMatching(
      /would break: In templates\/_brand\/layout\.mjml 1:53: The brand has no "brand\.colors\.page"\./,
    ),
  ]);
  expect(await html()).toBe(before);
});

it.each([
  [FOOTER, "'%d tea', '%d teas'", 0],
  [FOOTER, "'%d tea', '%d teas', '%d of tea'", 1],
  ['templates/_brand/footer.pl.mjml', "'%d tea', '%d teas', '%d of tea'", 0],
  ['templates/_brand/footer.pl.mjml', "'%d tea', '%d teas'", 1],
])('a part has as many forms of a word as its language, else as the shop’s: %s %s', async (key, forms, errors) => {
  expect(await put(key, footer(`{{ data.n | default: 2 | plural: ${forms} }}`))).toHaveLength(errors);
});

it('a part that asks mails for what a live journey has not is refused, and named with the journey', async () => {
  await brand();
  await put(MAIL, mail());
  const sends = { entry: { if: { consent: 'offers' } }, goal: { if: { event: 'purchase' } }, steps: [send('first')] };
  await put('journeys/cart.json', journey(sends));
  expect((await shop.live())?.version).toBe(1);
  const before = await html();
  expect(await put(FOOTER, footer('{{ steps.asked.happened }}'))).toEqual([
    expect.stringMatching(/^1:1 E49 The live journey "cart" would break: /),
  ]);
  expect(await html()).toBe(before);
  expect(await put(FOOTER, footer('Sincerely'))).toEqual([]);
});

it('a part with a fault of its own in what it takes in is told of that alone', async () => {
  const part = '<mj-include path="footr" />\n{{ contcat.name }}';
  expect(await put('templates/_brand/a.mjml', part)).toEqual([expect.stringMatching(/^1:1 E56 /)]);
});

it('a look that is no JSON is told of by its place, and by nothing else', async () => {
  expect(await put('templates/_brand/brand.json', '{')).toEqual([expect.stringMatching(/^1:\d E0\d /)]);
});

it('the newer of two uploads stays, whichever notice comes first', async () => {
  await brand();
  await put(MAIL, mail());
  const older = shop.upload(FOOTER, footer('Older'));
  const newer = shop.upload(FOOTER, footer('Newer'));
  await shop.publish(newer);
  await shop.publish(older);
  expect(await html()).toContain('Newer');
});

it('a part and a template that meet both end in one mail', async () => {
  await brand();
  await put(MAIL, mail());
  await Promise.all([put(FOOTER, footer('Newest')), put(MAIL, mail('Good day')), put(POLISH, mail('Cześć'))]);
  expect(await html()).toMatch(/Good day[\s\S]*Newest/);
  expect(await html('pl')).toMatch(/Cześć[\s\S]*Newest/);
});

it('is made of what is live, not of what was refused', async () => {
  await brand();
  await put(MAIL, mail('Live'));
  expect(await put(MAIL, mail('{{ x.y }}'))).toHaveLength(1);
  await put(FOOTER, footer('Sincerely'));
  expect(await html()).toMatch(/Live[\s\S]*Sincerely/);
});

it('files of one upload come in any order', async () => {
  expect(await put(MAIL, mail())).toEqual([expect.stringMatching(/^4:1 E56 There is no layout "layout"\./)]);
  expect(await put('templates/_brand/layout.mjml', LAYOUT)).toHaveLength(2);
  await put('templates/_brand/brand.json', look('#ffeedd'));
  await put(FOOTER, footer('Yours'));
  expect(await html()).toContain('Yours');
});

it('what is missing is told with what was meant, and circles end', async () => {
  await brand();
  expect(
    await put(
      MAIL,
      mail(`<b>x</b></mj-text></mj-column></mj-section>\n<mj-include path="footr" /><mj-section><mj-column><mj-text>`),
    ),
  ).toEqual(['5:1 E56 There is no part "footr". Did you mean "footer"?']);
  expect(await put('templates/_brand/a.mjml', '<mj-include path="a" />')).toEqual([
    '1:1 E52 "a" takes in itself: a -> a.',
  ]);
  expect(await put('templates/_brand/b.mjml', '<mj-include path="footer.mjml" />')).toEqual([
    '1:1 E56 There is no part "footer.mjml". Did you mean "footer"?',
  ]);
  expect(await put('templates/_brand/c.mjml', '<mj-include path="footer" type="html" />')).toEqual([
    '1:1 E52 A part of the brand is taken in so: <mj-include path="footer" />.',
  ]);
  expect(await put('templates/_brand/Nice.mjml', 'x')).toEqual([
    expect.stringMatching(/^1:1 E49 A part of the brand lies at/),
  ]);
  expect(await put('templates/_brand/brand.json', look('red;} body { x'))).toEqual([
    expect.stringMatching(/^1:19 E49 .*colour/),
  ]);
  expect(await put(MAIL, mail('{% if brand.colors.page %}x{% endif %}'))).toEqual([
    expect.stringMatching(/E13 The brand is put in when/),
  ]);
});

it('parts that double are stopped', async () => {
  await put('templates/_brand/p0.mjml', `<mj-raw>${'x'.repeat(50)}</mj-raw>`);
  const twice = (n: number) => `<mj-include path="p${n}" /><mj-include path="p${n}" />`;
  const said: string[][] = [];
  for (let n = 0; n < 9; n += 1) said.push(await put(`templates/_brand/p${n + 1}.mjml`, twice(n)));
  expect(said.flat()).toContainEqual(expect.stringMatching(/ E51 .*With its parts this mail becomes too long/));
});

it('a template that breaks by itself does not hold up the brand', async () => {
  await brand();
  await put(MAIL, mail('Hi', { sender: 'care' })).then(() => undefined);
  await put(
    'settings.json',
    shopFile({ senders: { default: { email: 'hello@shop.example' }, care: { email: 'care@shop.example' } } }),
  );
  await put(MAIL, mail('Hi', { sender: 'care' }));
  await put('settings.json', shopFile());
  expect(await put(FOOTER, footer('Newest'))).toEqual([
    expect.stringMatching(/^1:1 W64 templates\/hello\/email\.mjml keeps its old look, .*There is no sender "care"/),
  ]);
});

it('what is live of the brand can be pulled', async () => {
  await brand();
  expect((await liveFiles(shop.deps.table)).map(({ file }) => file)).toContain(FOOTER);
});
