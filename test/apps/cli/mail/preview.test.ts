import { expect, it } from 'vitest';
import { mailPreviewCommand } from '#apps/cli/commands/mail-preview.ts';
import { showMails } from '#apps/cli/mail/show.ts';
import { readMime } from '#test/build/mime.ts';
import { folder, Paper } from './folder.ts';

const show = showMails(() => '2026-03-02T10:00:00.000Z');

/** What the command says, and what `look` does before it is interrupted. */
async function preview(words: readonly string[], look: (out: string) => Promise<void> = async () => {}) {
  const [out, err] = [new Paper(), new Paper()];
  const command = mailPreviewCommand(show, { out, err }, () => look(out.text));
  await command.exitOverride().parseAsync([...words, '--port', '0'], { from: 'user' });
  return { out: out.text, err: err.text };
}
const printed = (...words: string[]) => preview([...words, '--no-page']);
const unescaped = (text: string) =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

it('shows a mail in all its languages in the inbox, as HTML, text, headers and source', async () => {
  const { shop, contact } = folder();
  const seen: string[] = [];
  await preview(['hello', '--folder', shop, '--contact', contact], async (out) => {
    const pages = [...out.matchAll(/^(http:\S+)\s+(\S+)$/gm)];
    expect(pages.map(([, , name]) => name)).toEqual(['hello', 'hello.pl']);
    const at = pages[1]?.[1] ?? '';
    for (const view of ['/html', '?view=text', '?view=headers', '?view=source'])
      seen.push(await (await fetch(at + view)).text());
    // Nobody can be played of whom it was sent to.
    expect(seen.join('')).not.toContain('/answer');
  });
  const [html = '', text, headers, source = ''] = seen;
  expect(html).toContain('Cześć, Жанна');
  expect(text).toContain('Cześć, Жанна');
  expect(headers).toMatch(/List-Unsubscribe[\s\S]*https:\/\/shop\.example\/u\/test[\s\S]*One-Click/);
  const raw = unescaped(/<pre[^>]*>([\s\S]*?)<\/pre>/.exec(source)?.[1] ?? '');
  const mime = readMime(raw.replaceAll(/\r?\n/g, '\r\n'));
  expect(mime.headers).toMatchObject({ subject: 'Cześć Жанна', from: 'Żółty Sklep <hello@shop.example>' });
  expect(mime.parts[1]?.body).toContain('Cześć, Жанна');
});

it('says what a mailbox shows of it, and what is printed and was not given', async () => {
  const { shop, contact } = folder();
  const { out } = await printed('hello', '--folder', shop, '--contact', contact, '--locale', 'pl-PL');
  expect(out).toMatch(/^hello\.pl\n {2}Subject {4}Cześć Жанна\n {2}Preheader {2}5\n/);
  expect(out).toContain(`Nothing is printed for contact.colour: ${contact} does not have it.`);
  expect(out).not.toMatch(/contact\.size|email\.mjml/);
  expect(out).toContain('W63');
  expect((await printed('order', '--folder', shop)).out).toContain('none of its own: no marketing');
});

it('takes parts of a sample as well as a contact, and JSON for programs', async () => {
  const { shop, contact } = folder({ contact: { 'name.first': 'Ola' }, trigger: { total: 7 } });
  const { out } = await printed('hello', '--folder', shop, '--contact', contact, '--json');
  expect(JSON.parse(out)).toMatchObject([
    { template: 'hello', subject: 'Hello Ola', preheader: '7', missing: ['contact.colour'] },
    { template: 'hello.pl', subject: 'Cześć Ola' },
  ]);
});

it.each([
  ['helo', {}, /has no mail "helo"\. Did you mean "hello"\?$/],
  ['nothing', {}, /There are: hello, order\.$/],
  ['hello', '{ "name": ', /contact\.json {3}NOT READ\.\n.*1:\d+/],
  ['hello', [1], /is to say what is known of a contact/],
])('says of the mail %s, with %j for a contact, what is wrong', async (template, given, said) => {
  const { shop, contact } = folder(given);
  await expect(printed(template, '--folder', shop, '--contact', contact)).rejects.toThrow(said);
});

it('says that there is no such contact, and how one is written', async () => {
  const { shop } = folder();
  await expect(printed('hello', '--folder', shop, '--contact', 'nobody.json')).rejects.toThrow(
    'There is no nobody.json. It is to be JSON: { "name": { "first": "Ada" } }',
  );
});
