import { describe, expect, it } from 'vitest';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { compiledTemplateSchema } from '#shared/template/template.ts';
import { hasUnsubscribe } from '#shared/template/way-out.ts';
import { settings } from '#test/build/settings.ts';

const deps = {
  compiler: mjmlCompiler,
  settings: settings({ senders: { default: { email: 'a@shop.example' } }, shop: { address: 'Long Lane 1' } }),
};
const KEY = 'templates/cart-offer/email.mjml';
const UNSUBSCRIBE = '<a href="{{ message.unsubscribe_url }}">Stop</a>';

const file = (front: object, text = UNSUBSCRIBE) =>
  `---\n${JSON.stringify({ subject: 'Hi', ...front, ...('preheader' in front ? {} : { preheader: 'For you' }) })}\n---\n<mjml><mj-body><mj-section><mj-column>\n<mj-text>${text}</mj-text>\n<mj-text>{{ shop.address }}</mj-text></mj-column></mj-section></mj-body></mjml>\n`;
const check = (text: string, key = KEY) => checkTemplate(key, text, deps);
const said = async (text: string, key = KEY) =>
  (await check(text, key)).remarks.map((r) => `${r.line}:${r.column} ${r.code} ${r.message}`);

const MISPLACED =
  'E49 A mail lies at "templates/<id>/email.mjml", and in Polish at "templates/<id>/email.pl.mjml"; <id> is of small letters, digits and "-".';

describe('an uploaded template', () => {
  it('becomes one that can be rendered, and says what it prints', async () => {
    const front = {
      subject: "Hi {{ contact.name | default: 'you' }}",
      preheader: '{{ shop.name }}',
      topic: 'offers',
      sample: { contact: { name: 'A' } },
    };
    const { template, remarks } = await check(file(front), 'templates/cart-offer/email.pl.mjml');
    expect(remarks).toEqual([]);
    expect(compiledTemplateSchema.parse(template)).toEqual(template);
    expect(template).toMatchObject({
      id: 'cart-offer',
      channel: 'email',
      locale: 'pl',
      topic: 'offers',
      subject: "Hi {{ contact.name | default: 'you' }}",
    });
    expect(template?.variables).toEqual(['contact.name', 'message.unsubscribe_url', 'shop.address', 'shop.name']);
    expect(template?.text).toBe('Stop <{{ message.unsubscribe_url }}>\n{{ shop.address }}');
  });

  it('says what it does without: what has a default, or is asked about, wherever it prints it', async () => {
    const printing = async (subject: string, body: string) =>
      (await check(file({ subject }, `${UNSUBSCRIBE} ${body}`))).guarded;
    const guarded = "{{ contact.name | default: 'you' }}";
    expect(await printing('Hi', guarded)).toEqual(['contact.name']);
    expect(await printing(guarded, `${guarded} {% if data.total %}{{ data.total }}{% endif %}`)).toEqual([
      'contact.name',
      'data.total',
    ]);
    expect(await printing(guarded, '{{ contact.name }}')).toEqual([]);
    expect(await printing('Hi {{ contact.name }}', guarded)).toEqual([]);
  });

  it('has the same version for the same file, and another for another', async () => {
    const version = async (text: string) => (await check(text)).template?.version;
    expect(await version(file({}))).toBe(await version(file({})));
    expect(await version(file({}))).not.toBe(await version(file({}, `${UNSUBSCRIBE}.`)));
  });

  it.each([
    [
      'E14 "cart-offer" has no way to unsubscribe. Marketing mail must have one: <a href="{{ message.unsubscribe_url }}">Unsubscribe</a>.',
      file({ topic: 'offers' }, 'Hi'),
    ],
    ['E15 There is no topic "ofers". Did you mean "offers"?', file({ topic: 'ofers' })],
    [
      'E15 There is no sender "car". There is "default". More are made in settings.json, under "senders".',
      file({ sender: 'car' }),
    ],
    [
      'E13 There is nothing called "customer" to print. What can be printed begins with contact, trigger, steps, data, shop, message.',
      file({}, '{{ customer.name }}'),
    ],
    [
      'E13 There is nothing called "contcat" to print. Did you mean "contact"?',
      file({ subject: '{{ contcat.name }}' }),
    ],
    ['E13 A message has no "unsubscribe". Did you mean "unsubscribe_url"?', file({}, '{{ message.unsubscribe }}')],
    ['E50 "products" is not available yet. Take it out for now.', file({}, '{% for p in products %}{% endfor %}')],
    [
      'E53 There is no filter "raw": what is printed is always made safe for HTML. Take it out.',
      file({}, '{{ data.x | raw }}'),
    ],
    ['E53 {% if data.x %} is not closed. Write {% endif %} where it ends.', file({ preheader: '{% if data.x %}' })],
    ['E52 <mj-section>: Attribute colour is illegal.', file({}).replace('<mj-section>', '<mj-section colour="red">')],
    [
      'E52 MJML leaves out "{{ data.x }}" here. Between sections and columns put it into <mj-raw>.',
      file({}).replace('<mj-body>', '<mj-body>{{ data.x }}'),
    ],
    [
      'E53 With its sample this template fails: It makes too much (memory alloc limit exceeded). Make its loops shorter.',
      file({}, '{% for a in (1..100000000) %}{{ a }}{% endfor %}'),
    ],
  ])('is refused: %s', async (expected, text) => {
    const { template, remarks } = await check(text);
    expect(remarks.map((r) => `${r.code} ${r.message}`)).toEqual([expected]);
    expect(template).toBeUndefined();
  });

  it('is told where, counted in the whole file', async () => {
    expect(await said(file({}, 'a {{ x.y }}'))).toEqual([expect.stringMatching(/^5:15 E13 /)]);
    expect(await said(file({}).replace('<mj-text>', '<mj-text colr="a">'))).toEqual([
      expect.stringMatching(/^5:1 E52 /),
    ]);
    expect(await said(file({ topic: 'ofers' }))).toEqual([expect.stringMatching(/^2:25 E15 /)]);
  });

  it('that is longer than Gmail shows is published with a warning', async () => {
    const { template, remarks } = await check(file({}, `${UNSUBSCRIBE}${'<p>long</p>'.repeat(11_000)}`));
    expect(remarks.map((r) => `${r.code} ${r.message}`)).toEqual([
      expect.stringMatching(
        /^W50 Gmail cuts a mail off at 102 KB, and this one has 12\d KB\. What stands last is not seen/,
      ),
    ]);
    expect(template?.id).toBe('cart-offer');
  });

  it.each([
    ['templates/a/push.liquid', 'E50 Channels other than email are not available yet. Name the file email.mjml.'],
    ['templates/a/email.liquid', 'E49 Mail is written in MJML: name the file email.mjml.'],
    ['templates/a/letter.mjml', MISPLACED],
    ['templates/a/email.polish.mjml', MISPLACED],
    ['templates/a/email-pl.mjml', `${MISPLACED} Is "templates/a/email.pl.mjml" meant?`],
    ['templates/a/mail_pl-PL.mjml', `${MISPLACED} Is "templates/a/email.pl-PL.mjml" meant?`],
    ['templates/a/Email.PL.mjml', `${MISPLACED} Is "templates/a/email.pl.mjml" meant?`],
    ['templates/a/e-mail.mjml', MISPLACED],
    ['templates/a/myemail-pl.mjml', MISPLACED],
    ['templates/a/email-pl.mjml.bak', MISPLACED],
    ['templates/a/email-pl-p.mjml', MISPLACED],
    ['templates/a/email-00.mjml', MISPLACED],
    ['templates/letter.mjml', MISPLACED],
    ['templates/a/email.PL.mjml', 'E49 No contact has the locale "PL". Name the file email.pl.mjml.'],
    ['templates/a/email.pt_br.mjml', 'E49 No contact has the locale "pt_br". Name the file email.pt-BR.mjml.'],
    [
      'templates/a/email.pl-xx-yy.mjml',
      'E49 No contact has the locale "pl-xx-yy". Write a language, as pl, or one with a country, as pt-BR.',
    ],
    ['templates/My_Letter/email.pl.mjml', `${MISPLACED} Is "templates/my-letter/email.pl.mjml" meant?`],
  ])('at %s is told: %s', async (key, expected) => {
    expect(await said(file({}), key)).toEqual([`1:1 ${expected}`]);
  });
});

describe('the way to unsubscribe', () => {
  const sample = { data: { polish: true } };
  const codes = async (text: string, more: object = {}) =>
    (await check(file({ topic: 'offers', ...more }, text))).remarks.map(({ code }) => code);

  it.each([
    ['in a condition that never holds', `{% if false %}${UNSUBSCRIBE}{% endif %}`],
    ['in a condition that does not hold with the sample', `{% if data.german %}${UNSUBSCRIBE}{% endif %}`],
    ['in a comment', `{% comment %}${UNSUBSCRIBE}{% endcomment %}`],
    ['in a comment of HTML', `<!-- ${UNSUBSCRIBE} -->`],
    ['cut to nothing', '{{ message.unsubscribe_url | slice: 0, 0 }}'],
    ['put aside', '{% assign link = message.unsubscribe_url %}'],
    ['in a loop over nothing', `{% for item in trigger.items %}${UNSUBSCRIBE}{% endfor %}`],
  ])('is missed where it is %s', async (_, text) => {
    expect(await codes(`Hi ${text}`, { sample })).toEqual(['E14']);
    // A journey may send it as marketing, whatever its own topic is.
    const { template } = await check(file({ sample }, `Hi ${text}`));
    expect(template && hasUnsubscribe(template, deps.settings)).toBe(false);
  });

  it.each([
    ['in words of two languages', `{% if data.polish %}Dosyć: ${UNSUBSCRIBE}{% else %}${UNSUBSCRIBE}{% endif %}`],
    ['by another name', '{% assign link = message.unsubscribe_url %}<a href="{{ link }}">Stop</a>'],
    ['behind a comment', `<!-- a --> ${UNSUBSCRIBE}`],
  ])('is found where it stands %s', async (_, text) => {
    expect(await codes(text, { sample })).toEqual([]);
    const { template } = await check(file({ sample }, text));
    expect(template && hasUnsubscribe(template, deps.settings)).toBe(true);
  });

  it('is told how to show', async () => {
    expect(await said(file({ topic: 'offers' }, `{% if false %}${UNSUBSCRIBE}{% endif %}`))).toEqual([
      '4:1 E14 The way to unsubscribe of "cart-offer" does not show with its sample, in the HTML and in the text. Take <a href="{{ message.unsubscribe_url }}">Unsubscribe</a> out of conditions, comments and filters.',
    ]);
  });
});

describe('a mail is told what mail programs do not like', () => {
  it.each([
    [
      '6:1 E55 <script> runs in no mail program, and filters take a mail that has it for an attack. Take it out.',
      '\n<script>x</script>',
    ],
    ['6:4 E55 onclick runs in', '\n<p onclick="x()">Hi</p>'],
    ['6:4 E55 "javascript:" runs in', '\n<a href="javascript:x()">Hi</a>'],
    ['6:1 W56 This <img> has no "alt".', '\n<img src="https://shop.example/a.png">'],
    ['6:4 W57 "/new" leads nowhere from a mail. Write the whole', '\n<a href="/new">Hi</a>'],
    ['6:4 W57 "www.shop.example" leads nowhere', '\n<a href="www.shop.example">Hi</a>'],
    ['6:4 W57 This "href" leads nowhere.', '\n<a href="">Hi</a>'],
    ['6:4 W58 "http://shop.example" can be read and changed on its way.', '\n<a href="http://shop.example">Hi</a>'],
    ['6:1 W59 Mail programs take <form> out.', '\n<form action="https://shop.example"></form>'],
    [
      "5:13 W63 Not everybody has contact.city. Say what stands in its place: {{ contact.city | default: '...' }}",
      '{{ contact.city }}',
    ],
    [
      '5:22 W63 settings.json has no "url" under "shop", so shop.url prints nothing.',
      '<a href="{{ shop.url }}/new">New</a>',
    ],
    ['5:13 W63 Not everybody has message.view_url.', '{{ message.view_url }}'],
  ])('%s', async (expected, text) => {
    const remarks = await said(file({}, text));
    expect(remarks.length).toBe(1);
    expect(remarks[0]?.slice(0, expected.length)).toBe(expected);
  });

  it.each([
    '<a href="mailto:a@shop.example">a</a> <a href="tel:+48600">b</a> <a href="#top">c</a> <a href="https://shop.example">d</a>',
    '<img alt="" src="https://shop.example/a.png"> <img alt="Tea" src="{{ data.image }}">',
    '<!-- <img src="a.png"> <script></script> -->',
    "{{ contact.city | default: 'your town' }} {% if contact.x %}{{ contact.x }}{% endif %} {{ contact.email }} {{ trigger.total }}",
    '{% if message.view_url %}<a href="{{ message.view_url }}">In the browser</a>{% endif %}',
  ])('and not of %s', async (text) => {
    expect(await said(file({}, text))).toEqual([]);
  });

  it('that has no preheader, no subject that can be read, or fonts of others', async () => {
    expect(await said(file({ preheader: '' }))).toEqual([expect.stringMatching(/^1:1 W61 /)]);
    expect(await said(file({ subject: '{% if data.x %}Hi{% endif %}' }))).toEqual([
      expect.stringMatching(/^2:12 W60 /),
    ]);
    expect(await said(file({ subject: 'long '.repeat(20) }))).toEqual([
      expect.stringMatching(/^2:12 W60 .*has 99 letters/),
    ]);
    const font = '<mjml><mj-head><mj-font name="Raleway" href="https://fonts.example/x.css" /></mj-head>';
    expect(await said(file({}).replace('<mjml>', font))).toEqual([expect.stringMatching(/^4:16 W59 /)]);
    const style = '<mjml><mj-head><mj-style>@import url(https://fonts.example/x.css);</mj-style></mj-head>';
    expect(await said(file({}).replace('<mjml>', style))).toEqual([expect.stringMatching(/^4:26 W59 /)]);
  });

  it('that is marketing and says nowhere where the shop is', async () => {
    const without = file({ topic: 'offers' }).replace('{{ shop.address }}', 'Bye');
    expect(await said(without)).toEqual([expect.stringMatching(/^4:1 W62 .*print \{\{ shop\.address \}\}/)]);
    const bare = { ...deps, settings: settings({ senders: deps.settings.senders }) };
    const codes = async (topic: string) =>
      (await checkTemplate(KEY, file({ topic }), bare)).remarks.map(({ code }) => code);
    expect(await codes('offers')).toEqual(['W62', 'W63']);
    expect(await codes('orders')).toEqual(['W63']);
  });

  it('only when nothing is wrong with it', async () => {
    expect(await said(file({ topic: 'ofers' }, `${UNSUBSCRIBE}<img src="a.png">`))).toEqual([
      expect.stringMatching(/ E15 /),
    ]);
  });
});
