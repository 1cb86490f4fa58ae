import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import { privacyRequested } from '#shared/event/privacy.ts';
import { type HttpRequest, type HttpResponse, jsonAnswer } from '#shared/http.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Clock } from '#shared/ports.ts';
import { type Delivery, type Read, readFacts, type Source, type Told } from '#shared/source/source.ts';
import { SOURCE_NAMES, sourceNamed } from '#shared/source/sources.ts';
import { keepUnread } from '#shared/source/unread.ts';
import { notTaken, refusalOf, type SignedDeps } from '#shared/webhook/refusal.ts';

export type IngestDeps = KeepDeps &
  SignedDeps & {
    readonly clock: Clock;
    /** Of the secret that the source `generic` signs with. */
    readonly secretId: string;
    /** What the names of the other sources' secrets begin with; the source's name follows. */
    readonly sourceSecrets: string;
    /** Of a source the shops that may post: storefronts sign the body, and not the header that names the shop. @default any */
    readonly shops?: Readonly<Record<string, readonly string[]>>;
  };

/**
 * Takes what a storefront posts to `/webhooks/<source>`. Answers 2xx only once everything that it tells lies on the bus or
 * in the overflow queue, or is kept there as it came because nobody could read it. It decides nothing.
 */
export async function ingest(request: HttpRequest, deps: IngestDeps): Promise<HttpResponse> {
  const name = request.pathParameters?.['source'] ?? '';
  const source = sourceNamed(name);
  if (!source) return jsonAnswer(404, { error: `no such source; post to ${SOURCE_NAMES.map(pathOf).join(' or ')}` });
  const body = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  const { headers } = request;
  const delivery = { headers, text: body.toString('utf8') };
  const greeted = source.greet?.(delivery);
  if (greeted) return greeted;
  const secretId = name === 'generic' ? deps.secretId : `${deps.sourceSecrets}${name}`;
  const signed = { headers, body, source: name, scheme: source.scheme, secretId, now: deps.clock.now() };
  return (
    (await refusalOf(signed, deps)) ??
    refusalOfShop(name, source, delivery, deps) ??
    (await take(name, source, delivery, deps))
  );
}

function refusalOfShop(
  name: string,
  source: Source,
  delivery: Delivery,
  { shops = {}, metrics }: IngestDeps,
): HttpResponse | undefined {
  const known = ownOf(shops, name) ?? [];
  if (known.length === 0 || !source.shopOf || known.includes(source.shopOf(delivery) ?? '')) return undefined;
  metrics.count('WebhookRefused', 1, { source: name, verdict: 'other-shop' });
  return jsonAnswer(401, { error: 'this shop is not one of "shopifyShops" in tropa.stage.json' });
}

const pathOf = (name: string): string => `/webhooks/${name}`;

async function take(name: string, source: Source, delivery: Delivery, deps: IngestDeps): Promise<HttpResponse> {
  const told = source.tell(delivery);
  if ('ignored' in told) {
    deps.metrics.count('DeliveriesIgnored', 1, { source: name });
    return jsonAnswer(200, { accepted: 0, ignored: told.ignored });
  }
  const read = readOf(told, name);
  const isWhole = read.rejected.length === 0;
  try {
    const put = 'privacy' in told ? [privacyRequested(told.privacy, name)] : read.events;
    if (put.length > 0) await keepEvents(put, deps);
    if (!isWhole && source.mends === 'operator') await keepUnread(name, source, delivery, deps);
  } catch (error) {
    deps.log.error('the overflow queue refused, too', { source: name, events: read.events.length }, error);
    return notTaken();
  }
  deps.metrics.count('EventsAccepted', read.events.length, { source: name });
  if (!isWhole) deps.metrics.count('EventsRejected', read.rejected.length, { source: name });
  if ('error' in told && source.mends === 'sender') return jsonAnswer(400, told);
  return source.mends === 'sender' ? answerSender(read) : jsonAnswer(200, { accepted: read.events.length });
}

function readOf(told: Exclude<Told, { ignored: string }>, name: string): Read {
  if ('facts' in told) return readFacts(told.facts, name);
  return { events: [], rejected: 'error' in told ? [{ index: 0, error: told.error }] : [] };
}

const answerSender = ({ events, rejected }: Read): HttpResponse =>
  jsonAnswer(events.length === 0 ? 400 : 202, { accepted: events.length, ...(rejected.length > 0 && { rejected }) });
