import type { MailEntry } from '#apps/local/mails.ts';
import { mimeOf } from '#apps/local/mime.ts';
import { CONFIGURATION_SET } from '#apps/local/ses-events.ts';
import type { HttpResponse } from '#shared/http.ts';
import type { Mail } from '#shared/ports.ts';
import { time } from './layout.ts';
import { html, type Markup } from './markup.ts';

export const VIEWS = ['html', 'text', 'headers', 'source'] as const;
export type View = (typeof VIEWS)[number];

const NAMES: Readonly<Record<View, string>> = { html: 'HTML', text: 'Text', headers: 'Headers', source: 'Source' };

export const addressOf = (id: string, view: View): string =>
  `/mails/${encodeURIComponent(id)}${view === 'html' ? '' : `?view=${view}`}`;

/** Links and no script-driven tabs: they work everywhere, and each view has an address of its own. */
export const tabs = (id: string, current: View): Markup => html`<nav class="tabs" aria-label="Views of the mail">
${VIEWS.map(
  (view) =>
    html`<a href="${addressOf(id, view)}"${view === current ? html` aria-current="page"` : ''}>${NAMES[view]}</a>`,
)}
</nav>`;

export const viewOf = (entry: MailEntry, mail: Mail, view: View, zone: string): Markup =>
  SHOWN[view](entry, mail, zone);

const SHOWN: Readonly<Record<View, (entry: MailEntry, mail: Mail, zone: string) => Markup>> = {
  html: ({ id }) =>
    html`<iframe class="mail" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" src="/mails/${encodeURIComponent(id)}/html"></iframe>`,
  text: (_, { text }) => html`<pre class="mail" tabindex="0" aria-label="The mail as text">${text}</pre>`,
  source: (entry, mail) =>
    html`<pre class="mail" tabindex="0" aria-label="The mail as it is sent">${mimeOf(mail, entry)}</pre>`,
  headers: (entry, mail, zone) => html`${pairs('Headers', headersOf(entry, mail, zone))}
${pairs('SES tags', Object.entries({ ...mail.tags, 'ses:configuration-set': CONFIGURATION_SET }))}`,
};

type Pair = readonly [name: string, value: string | Markup];

const headersOf = (
  { id, at }: MailEntry,
  { from, to, replyTo, subject, headers }: Mail,
  zone: string,
): readonly Pair[] => [
  ['From', from],
  ['To', to],
  ...(replyTo === undefined ? [] : [['Reply-To', replyTo] satisfies Pair]),
  ['Subject', subject],
  ['Date', time(at, zone)],
  ['Message-ID', id],
  ...headers.map(({ name, value }): Pair => [name, value]),
];

const pairs = (caption: string, values: readonly Pair[]): Markup => html`<table class="pairs">
<caption>${caption}</caption>
${values.map(([name, value]) => html`<tr><th scope="row">${name}</th><td><bdi>${value}</bdi></td></tr>`)}
</table>`;

/**
 * The mail itself, for the frame. Whoever opens its address directly gets the same sandbox: no scripts, no forms, an
 * origin of its own. Its links open new pages, as a mailbox has it.
 */
export const frame = (mail: Mail): HttpResponse => ({
  statusCode: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy':
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
  },
  body: withTarget(mail.html ?? html`<pre>${mail.text}</pre>`.text),
});

/** In front of a document without a head, the tag would turn it to quirks mode. */
const withTarget = (body: string): string =>
  /<head[\s>]/i.test(body)
    ? body.replace(/<head(\s[^>]*)?>/i, '$&<base target="_blank">')
    : `<!doctype html><base target="_blank">${body}`;
