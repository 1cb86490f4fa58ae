import type { MailEntry, MailFilter } from '#apps/local/mails.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Message } from '#shared/message/message.ts';
import { counts } from './counts.ts';
import type { InboxDeps } from './deps.ts';
import { badge, messageOf, sourceOf } from './facts.ts';
import { page, time } from './layout.ts';
import { html, type Markup } from './markup.ts';

const PER_PAGE = 50;
const LONGEST_FILTER = 320;

/** All mails, newest first, fifty at a time: `?journey=&to=` choose, `?before=` and `?after=` turn the pages. */
export async function mailList(
  request: HttpRequest,
  { mails, table, clock, zone: zoneNow, summary }: InboxDeps,
): Promise<HttpResponse> {
  const query = new URLSearchParams(request.rawQueryString);
  const filter = { journey: wordOf(query, 'journey'), to: wordOf(query, 'to') };
  const from = { before: numberOf(query, 'before'), after: numberOf(query, 'after') };
  const { entries, newerThan, olderThan } = mails.page(filter, PER_PAGE, from);
  const messages = await Promise.all(entries.map((entry) => messageOf(table, entry)));
  const total = mails.total(filter);
  const zone = await zoneNow();
  return page({
    title: 'Mails',
    clock: { now: clock.now(), zone },
    content: html`<h1>Mails</h1>
${counts(await summary(), mails.total())}
${filterForm(filter, mails.journeys())}
<p class="found">${total === 1 ? '1 mail' : `${total.toLocaleString('en')} mails`}${entries.length === total ? '' : ', newest first'}</p>
${entries.length > 0 ? html`<ul class="mails">${entries.map((entry, i) => row(entry, messages[i], zone))}</ul>` : nothing(filter)}
${turns(filter, newerThan, olderThan)}`,
  });
}

const wordOf = (query: URLSearchParams, name: string): string | undefined =>
  query.get(name)?.trim().slice(0, LONGEST_FILTER) || undefined;

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const filterForm = (
  { journey, to }: MailFilter,
  journeys: readonly string[],
): Markup => html`<form class="filter" role="search" action="/">
<label>Journey <select name="journey"><option value="">All</option>
${journeys.map((id) => html`<option value="${id}"${id === journey ? html` selected` : ''}>${id}</option>`)}
</select></label>
<label>Address <input type="search" name="to" value="${to}" placeholder="part of an address" autocomplete="off" spellcheck="false"></label>
<button>Show</button>
${journey !== undefined || to !== undefined ? html`<a href="/">Show all</a>` : undefined}
</form>`;

const row = (entry: MailEntry, message: Message | undefined, zone: string): Markup => html`<li>
<a class="subject" href="/mails/${encodeURIComponent(entry.id)}"><bdi>${entry.subject || '(no subject)'}</bdi></a>
<span class="to"><bdi>${entry.to}</bdi></span>
<span class="from">${sourceOf(entry)}</span>
<span class="at">${time(entry.at, zone)}</span>
${badge(message)}
</li>`;

const nothing = ({ journey, to }: MailFilter): Markup =>
  journey === undefined && to === undefined
    ? html`<p>No mail has been sent yet. It will stand here as soon as a journey sends one; load the page again then.</p>`
    : html`<p>No mail is like that. <a href="/">Show all</a></p>`;

function turns(filter: MailFilter, newerThan: number | undefined, olderThan: number | undefined): Markup | undefined {
  if (newerThan === undefined && olderThan === undefined) return undefined;
  return html`<nav class="turns" aria-label="Pages">
${newerThan === undefined ? html`<span></span>` : html`<a rel="prev" href="${address(filter, 'after', newerThan)}">Newer</a>`}
${olderThan === undefined ? undefined : html`<a rel="next" href="${address(filter, 'before', olderThan)}">Older</a>`}
</nav>`;
}

function address({ journey, to }: MailFilter, side: string, n: number): string {
  const query = new URLSearchParams({ ...(journey && { journey }), ...(to && { to }), [side]: String(n) });
  return `/?${query}`;
}
