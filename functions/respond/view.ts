import type { HttpResponse } from '#shared/http.ts';
import { linkPath } from '#shared/link/token.ts';
import type { Message } from '#shared/message/message.ts';
import { printedBy } from '#shared/message/printed.ts';
import { addressOf } from '#shared/sending/address.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { emailHash, partsOf } from '#shared/store/profiles.ts';
import { withoutLinkTags } from '#shared/template/link-names.ts';
import { render } from '#shared/template/render.ts';
import { privately } from './page.ts';
import type { RespondDeps } from './respond.ts';
import { plainPage, type Visit } from './visit.ts';

/**
 * `/v/{token}`: a mail in the browser, made once more of the template that it was sent with (ADR 0093). Nothing is changed
 * and nobody has read anything: whoever forwards a mail forwards this link.
 */
export async function view(visit: Visit, deps: RespondDeps): Promise<HttpResponse> {
  const { profile, message } = visit;
  if (!profile) return plainPage(200, visit, 'goneTitle', 'gone');
  const html = message && (await htmlOf({ ...visit, profile, message }, deps));
  return html === undefined ? plainPage(404, visit, 'pastTitle', 'past') : shown(html);
}

type Known = Visit & { readonly profile: NonNullable<Visit['profile']>; readonly message: Message };

/** Undefined for what has not gone, and for what is too old: a mail with gaps would say what nobody has sent. */
async function htmlOf({ link, message, profile, settings, secret }: Known, deps: RespondDeps) {
  const { templateVersion, facts } = message;
  const at = facts.sent;
  if (at === undefined || templateVersion === undefined || message.lane !== 'marketing') return undefined;
  const enrolment = await loadEnrolment(deps.table, message);
  if (!enrolment) return undefined;
  // It would print what is known now to whoever has the mailbox that the contact has left.
  const home = addressOf(enrolment, profile);
  if (message.address !== undefined && home !== undefined && emailHash(home) !== message.address) return undefined;
  const template = await deps.templates.version(templateVersion);
  const known = new ContactFacts(deps.table, partsOf(profile));
  const trigger = await known.settle(() => known.trigger(enrolment.trigger));
  if (!trigger && template.variables.some((path) => path.startsWith('trigger'))) return undefined;
  const pathTo = (act: 'unsubscribe' | 'preferences') => `..${linkPath({ ...link, act }, secret)}`;
  // That it can be read in the browser need not be said here.
  const links = { unsubscribeUrl: pathTo('unsubscribe'), preferencesUrl: pathTo('preferences') };
  const scope = printedBy({ message, enrolment, profile, settings, trigger: trigger ?? {}, template, links, at });
  return withoutLinkTags(render(template, scope).html);
}

/** What a shop writes runs nothing here, sends nothing, and shows its images. */
const shown = (body: string): HttpResponse => ({
  statusCode: 200,
  headers: privately(
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  ),
  body,
});
