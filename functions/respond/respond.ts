import type { KeepDeps } from '#shared/event/keep.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import { verify } from '#shared/link/token.ts';
import type { FactDeps } from '#shared/message/record-fact.ts';
import type { Clock, Secrets } from '#shared/ports.ts';
import { loadMessage } from '#shared/store/messages.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { asSaid } from '#shared/store/said.ts';
import type { TemplateLibrary } from '#shared/template/library.ts';
import { confirm } from './confirm.ts';
import { preferences } from './preferences.ts';
import { schema } from './schema.ts';
import { unsubscribe } from './unsubscribe.ts';
import { view } from './view.ts';
import { plainPage } from './visit.ts';

export type RespondDeps = FactDeps &
  KeepDeps & {
    readonly clock: Clock;
    readonly secrets: Secrets;
    readonly linkSecretId: string;
    readonly templates: TemplateLibrary;
  };

const ACTS = { unsubscribe, preferences, view, confirm };

/**
 * The public face of links in mails. What a link does is signed into its token, and whoever holds the token may do it:
 * the path is for people to read.
 */
export async function respond(request: HttpRequest, deps: RespondDeps): Promise<HttpResponse> {
  if (request.pathParameters?.['file'] !== undefined) return schema(request);
  const { table, published } = deps;
  const settings = await published.settings();
  const secrets = await deps.secrets.get(deps.linkSecretId);
  const link = verify(request.pathParameters?.['token'] ?? '', secrets);
  if (!link) return plainPage(404, { request, settings }, 'notFoundTitle', 'notFound');
  const { method } = request.requestContext.http;
  if (!['GET', 'HEAD', 'POST'].includes(method))
    return plainPage(405, { request, settings }, 'notFoundTitle', 'notFound');
  const [known, message] = await Promise.all([
    loadProfile(table, link.contact),
    loadMessage(table, link.contact, link.message),
  ]);
  const profile = known && (await asSaid(table, known, settings, deps.clock.now()));
  return ACTS[link.act]({ request, settings, link, profile, message, secret: secrets[0] ?? '' }, deps);
}
