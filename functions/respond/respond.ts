import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import { type LinkPayload, verify } from '#shared/link/token.ts';
import { type FactDeps, recordFact } from '#shared/message/record-fact.ts';
import type { Clock, Secrets } from '#shared/ports.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { loadMessage } from '#shared/store/messages.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { page } from './page.ts';
import { schema } from './schema.ts';

export type RespondDeps = FactDeps &
  KeepDeps & {
    readonly clock: Clock;
    readonly secrets: Secrets;
    readonly linkSecretId: string;
  };

/**
 * The public face of links in mails: `GET /u/{token}` shows a button and changes nothing, since mail scanners follow
 * every link; `POST` unsubscribes at once (RFC 8058), without cookie, login or redirect. Whoever posts again gets the
 * same answer. Mails about an order need no consent and go on, so their link ends advertising, and says so.
 */
export async function respond(request: HttpRequest, deps: RespondDeps): Promise<HttpResponse> {
  if (request.pathParameters?.['file'] !== undefined) return schema(request);
  const token = request.pathParameters?.['token'] ?? '';
  const link = verify(token, await deps.secrets.get(deps.linkSecretId));
  if (!link) return page(404, 'not-found');
  const method = request.requestContext.http.method;
  const isService = kindOfTopic(await deps.published.settings(), link.topic) === 'transactional';
  if (method === 'GET' || method === 'HEAD') return page(200, isService ? 'ask-service' : 'ask');
  if (method !== 'POST') return page(405, 'not-found');
  await unsubscribe(link, isService ? 'marketing' : link.topic, deps);
  return page(200, isService ? 'done-service' : 'done');
}

async function unsubscribe(link: LinkPayload, topic: string, deps: RespondDeps): Promise<void> {
  const { table, clock, metrics } = deps;
  const profile = await loadProfile(table, link.contact);
  // Nobody is left to write to: what the link asks for is so already.
  if (!profile) return;
  const now = clock.now();
  await keepEvents(
    [
      {
        id: `unsubscribed:${link.message}:${now}`,
        type: 'unsubscribed',
        at: now,
        source: 'tropa',
        contact: profile.contact,
        identities: {},
        consents: [
          {
            channel: 'email',
            topic,
            state: 'denied',
            at: now,
            source: 'unsubscribe link',
            wording: 'List-Unsubscribe',
          },
        ],
        data: { topic, channel: 'email' },
      },
    ],
    deps,
  );
  metrics.count('Unsubscribed', 1);
  const message = await loadMessage(table, link.contact, link.message);
  if (message) await recordFact(message, { fact: 'unsubscribed', at: now }, deps);
}
