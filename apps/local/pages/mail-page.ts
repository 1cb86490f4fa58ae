import { isCall, isOwn, isReport, isTest } from '#apps/local/inbox.ts';
import type { MailEntry } from '#apps/local/mails.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Message } from '#shared/message/message.ts';
import { ANSWERS, answerForm, notice } from './answers.ts';
import type { InboxDeps } from './deps.ts';
import { messageOf, story } from './facts.ts';
import { page, time } from './layout.ts';
import { frame, tabs, VIEWS, viewOf } from './mail-views.ts';
import { html, type Markup } from './markup.ts';
import { refusal } from './refusal.ts';

/** `GET /mails/{id}`: a mail, with `?view=text`, `headers` or `source` in that form, and what became of it. */
export async function mailPage(
  request: HttpRequest,
  { mails, table, clock, zone: zoneNow }: InboxDeps,
): Promise<HttpResponse> {
  const found = mails.find(request.pathParameters?.['id'] ?? '');
  if (!found) return refusal(request, 404);
  const { entry, mail } = found;
  const query = new URLSearchParams(request.rawQueryString);
  const view = VIEWS.find((name) => name === query.get('view')) ?? 'html';
  const done = ANSWERS.find((kind) => kind === query.get('done'));
  const [message, zone] = await Promise.all([messageOf(table, entry), zoneNow()]);
  return page({
    title: entry.subject || '(no subject)',
    clock: { now: clock.now(), zone },
    content: html`<p><a href="/">All mails</a></p>
<h1><bdi>${entry.subject || '(no subject)'}</bdi></h1>
<p class="to">To ${whoOf(entry)}, ${time(entry.at, zone)}</p>
${notice(done, message)}
${mail && !isOwn(entry) ? answerForm(entry, mail, view) : undefined}
<div class="columns">
<section aria-label="The mail">${mail ? html`${tabs(entry.id, view)}${viewOf(entry, mail, view, zone)}` : gone}</section>
<aside>${asideOf(entry, message, zone)}</aside>
</div>`,
  });
}

/** `GET /mails/{id}/html`: what stands in the frame. */
export async function mailFrame(request: HttpRequest, { mails }: InboxDeps): Promise<HttpResponse> {
  const mail = mails.find(request.pathParameters?.['id'] ?? '')?.mail;
  return mail ? frame(mail) : refusal(request, 404);
}

/** Who it went to, and what is known of them. */
const whoOf = ({ to, tags: { contact } }: MailEntry): Markup =>
  contact === undefined
    ? html`<bdi>${to}</bdi>`
    : html`<a href="/contacts/${encodeURIComponent(contact)}"><bdi>${to}</bdi></a>`;

function asideOf(entry: MailEntry, message: Message | undefined, zone: string): Markup {
  if (isReport(entry)) return told;
  if (isCall(entry)) return called(entry);
  if (isTest(entry)) return tested;
  return html`<h2>What became of it</h2>${story(message, zone)}${origin(entry, message)}`;
}

const tested = html`<p>This mail is looked at, and no customer got it. Nothing is counted, and its links do nothing.</p>`;

const told = html`<p>It went to who is named under &quot;authors&quot; in settings.json.</p>`;

const called = (entry: MailEntry): Markup => html`<p>A step "call" tells a colleague.</p>${origin(entry, undefined)}`;

const gone = html`<p>The text of this mail is no longer kept: only the newest mails are. What became of it is.</p>`;

const origin = ({ journey, step }: MailEntry, message: Message | undefined): Markup => html`<h2>Where it comes from</h2>
<table class="pairs">
<tr><th scope="row">journey</th><td><a href="/?journey=${encodeURIComponent(journey)}">${journey}</a>${message ? `, version ${message.version}` : ''}</td></tr>
<tr><th scope="row">step</th><td>${step}</td></tr>
${message ? html`<tr><th scope="row">template</th><td>${message.template}</td></tr><tr><th scope="row">topic</th><td>${message.topic} (${message.lane})</td></tr>` : undefined}
</table>`;
