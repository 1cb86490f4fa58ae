import timers from 'node:timers/promises';
import { clickable } from '#apps/local/inbox.ts';
import type { MailEntry } from '#apps/local/mails.ts';
import { PROGRAMS } from '#apps/local/ses-events.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Message } from '#shared/message/message.ts';
import type { Mail } from '#shared/ports.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { InboxDeps } from './deps.ts';
import { CLICKED_BY_PROGRAM, messageOf, OPENED_BY_PROGRAM } from './facts.ts';
import { seeOther } from './layout.ts';
import { addressOf, VIEWS, type View } from './mail-views.ts';
import { html, type Markup } from './markup.ts';
import { refusal } from './refusal.ts';

export const ANSWERS = ['Open', 'Click', 'Bounce', 'Complaint', 'Unsubscribe', ...PROGRAMS] as const;
export type Answer = (typeof ANSWERS)[number];

const LABELS: Readonly<Record<Answer, string>> = {
  Open: 'Open',
  Click: 'Click',
  Bounce: 'Bounce',
  Complaint: 'Complain',
  Unsubscribe: 'Unsubscribe',
  ProxyOpen: "Opened by Apple's proxy",
  Scan: 'Clicked by a scanner',
};
/** In words, and where it is noted. */
const TRACES: Readonly<Record<Answer, { says: string; at: (message: Message) => Instant | undefined }>> = {
  Open: { says: 'opened', at: ({ facts }) => facts.opened },
  Click: { says: 'clicked', at: ({ facts }) => facts.clicked },
  Bounce: { says: 'bounced', at: ({ facts }) => facts.bounced },
  Complaint: { says: 'complained', at: ({ facts }) => facts.complained },
  Unsubscribe: { says: 'unsubscribed', at: ({ facts }) => facts.unsubscribed },
  ProxyOpen: { says: OPENED_BY_PROGRAM, at: ({ machineOpened }) => machineOpened },
  Scan: { says: CLICKED_BY_PROGRAM, at: ({ machineClicked }) => machineClicked },
};
/** Of these it takes a minute until it is known that no person did it. */
const SLOW: readonly Answer[] = ['Scan'];

/** Looks at what became of an answer so often, so many milliseconds apart. */
const LOOKS = 100;
const LOOK_EVERY = 10;

/** The buttons with which one plays the customer. */
export function answerForm({ id }: MailEntry, mail: Mail, view: View): Markup {
  const missing = unsubscribeToken(mail) === undefined;
  return html`<form class="answers" method="post" action="/mails/${encodeURIComponent(id)}/answer" aria-label="Answer as the customer">
<input type="hidden" name="view" value="${view}">
${ANSWERS.map(
  (kind) =>
    html`<button name="kind" value="${kind}"${kind === 'Unsubscribe' && missing ? html` disabled` : ''}>${LABELS[kind]}</button>`,
)}
${linkChoice(mail)}
${missing ? html`<p class="hint">Nobody can unsubscribe from this mail: it is transactional and has no List-Unsubscribe header.</p>` : undefined}
</form>`;
}

/** Which link "Click" is on, where there are several. */
function linkChoice(mail: Mail): Markup | undefined {
  const links = clickable(mail).map(({ name, href }) => name ?? href);
  if (links.length < 2) return undefined;
  return html`<label>Link <select name="link">${links.map((link) => html`<option>${link}</option>`)}</select></label>`;
}

/** What the last answer has led to. It takes the focus, so that it is read out and the keyboard goes on from there. */
export function notice(kind: Answer | undefined, message: Message | undefined): Markup | undefined {
  if (!kind) return undefined;
  const { says, at } = TRACES[kind];
  const later = SLOW.includes(kind)
    ? 'Within two minutes it is known that it was nobody; load the page again then.'
    : 'It is not noted yet; load the page again.';
  const text = message && at(message) !== undefined ? `Noted: ${says}.` : `Told to Tropa: ${says}. ${later}`;
  return html`<p class="notice" role="status" tabindex="-1" autofocus>${text}</p>`;
}

/** `POST /mails/{id}/answer` with `kind`: answers a mail as its reader or the mailbox would, and shows it again. */
export async function answerMail(request: HttpRequest, deps: InboxDeps): Promise<HttpResponse> {
  const found = deps.mails.find(request.pathParameters?.['id'] ?? '');
  const form = formOf(request);
  const kind = ANSWERS.find((name) => name === form.get('kind'));
  const view = VIEWS.find((name) => name === form.get('view')) ?? 'html';
  if (!found) return refusal(request, 404);
  if (!kind || !(await tell(kind, found, deps, form.get('link') ?? undefined))) return refusal(request, 400);
  if (!SLOW.includes(kind)) await noted(found.entry, TRACES[kind].at, deps);
  const address = addressOf(found.entry.id, view);
  return seeOther(`${address}${address.includes('?') ? '&' : '?'}done=${kind}`);
}

function formOf({ body = '', isBase64Encoded }: HttpRequest): URLSearchParams {
  return new URLSearchParams(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body);
}

/** False when the mail cannot be answered so. */
async function tell(
  kind: Answer,
  { entry, mail }: { entry: MailEntry; mail: Mail | undefined },
  deps: InboxDeps,
  link: string | undefined,
) {
  if (kind !== 'Unsubscribe') return deps.act(entry.id, kind, link);
  const token = mail && unsubscribeToken(mail);
  return token !== undefined && (await deps.unsubscribe(token));
}

/** The token in the address that a mailbox posts to when its reader presses its unsubscribe button (RFC 8058). */
function unsubscribeToken({ headers }: Mail): string | undefined {
  const header = headers.find(({ name }) => name.toLowerCase() === 'list-unsubscribe');
  return /<https?:[^>]*\/u\/([^/>?#]+)>/.exec(header?.value ?? '')?.[1];
}

/** Answers go through bus and queue, as SES's would. A moment's patience lets the next page show what they led to. */
async function noted(
  entry: MailEntry,
  at: (message: Message) => Instant | undefined,
  { table }: InboxDeps,
): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const message = await messageOf(table, entry);
    if (!message || at(message) !== undefined) return;
    await timers.setTimeout(LOOK_EVERY);
  }
}
