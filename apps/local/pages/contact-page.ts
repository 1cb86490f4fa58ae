import { stripVTControlCharacters } from 'node:util';
import { type Look, lookAt } from '#apps/cli/look.ts';
import { printContact } from '#apps/cli/print-contact.ts';
import { printWhy } from '#apps/cli/print-why.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { InboxDeps } from './deps.ts';
import { page } from './layout.ts';
import { html } from './markup.ts';
import { refusal } from './refusal.ts';

/** `GET /contacts/{contact}`: who it is, what they agreed to and did, and where they are in each journey, and why. */
export async function contactPage(request: HttpRequest, deps: InboxDeps): Promise<HttpResponse> {
  const look = await lookFor(request, deps);
  if (!look) return refusal(request, 404);
  const text = `${printContact(look.shown)}\n${printWhy(look.why)}`;
  return page({
    title: 'A contact',
    clock: { now: deps.clock.now(), zone: await deps.zone() },
    content: html`<p><a href="/">All mails</a></p>
<h1>A contact</h1>
<pre tabindex="0">${stripVTControlCharacters(text)}</pre>`,
  });
}

/** `GET /api/contacts/{contact}`: the same for the command line, which cannot open the state of a shop that runs. */
export const contactJson = async (request: HttpRequest, deps: InboxDeps): Promise<object> => ({
  look: (await lookFor(request, deps)) ?? null,
});

function lookFor(request: HttpRequest, { table, published, clock }: InboxDeps): Promise<Look | undefined> {
  const journey = new URLSearchParams(request.rawQueryString).get('journey') ?? undefined;
  return lookAt(request.pathParameters?.['contact'] ?? '', journey, { table, published, now: clock.now() });
}
