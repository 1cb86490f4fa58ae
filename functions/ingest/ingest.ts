import * as z from 'zod';
import { type Event, eventSchema, postedEventSchema } from '#shared/event/event.ts';
import { eventFaults } from '#shared/event/faults.ts';
import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import { isOwnType } from '#shared/event/own.ts';
import { putEvents } from '#shared/event/put.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Clock, Secrets } from '#shared/ports.ts';
import { isLongEnough, verifyStandardWebhook } from './standard-webhooks.ts';

export type IngestDeps = KeepDeps & {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly secretId: string;
};

const MOST_BYTES = 1_000_000;
const MOST_EVENTS = 500;

const batchSchema = z.union([
  z.strictObject({ events: z.array(z.unknown()).min(1).max(MOST_EVENTS) }),
  z.array(z.unknown()).min(1).max(MOST_EVENTS),
]);

type Rejected = { readonly index: number; readonly error: string };

/**
 * Takes events from a storefront: `POST /webhooks/generic`, one event or a batch, signed. Answers 2xx only once every
 * accepted event lies on the bus or in the overflow queue; what is wrong with the others is said in the answer, by
 * position. It decides nothing.
 */
export async function ingest(request: HttpRequest, deps: IngestDeps): Promise<HttpResponse> {
  const source = request.pathParameters?.['source'] ?? '';
  if (source !== 'generic') return answer(404, { error: 'no such source; post to /webhooks/generic' });
  const body = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > MOST_BYTES)
    return answer(413, { error: `a request has at most ${MOST_BYTES} bytes; send smaller batches` });
  const secrets = await deps.secrets.get(deps.secretId);
  if (!secrets.every(isLongEnough))
    deps.log.error('a webhook secret has fewer than 24 bytes: nothing that it signs is taken', { source });
  const verdict = verifyStandardWebhook(request.headers, body, secrets, deps.clock.now());
  if (verdict !== 'valid') {
    deps.metrics.count('WebhookRefused', 1, { source, verdict });
    // Without a secret it is the shop's deployment that is at fault, and the storefront may come again.
    return verdict === 'no-secret'
      ? answer(503, { error: 'not taken; send it again' })
      : answer(401, { error: 'the signature is missing or wrong' });
  }
  const read = readEvents(body.toString('utf8'), source);
  if ('error' in read) return answer(400, read);
  return (await keep(read.events, deps)) ? accepted(read, deps) : answer(503, { error: 'not taken; send it again' });
}

function accepted(
  { events, rejected }: { events: readonly Event[]; rejected: readonly Rejected[] },
  deps: IngestDeps,
): HttpResponse {
  deps.metrics.count('EventsAccepted', events.length);
  if (rejected.length > 0) deps.metrics.count('EventsRejected', rejected.length);
  const status = events.length === 0 ? 400 : 202;
  return answer(status, { accepted: events.length, ...(rejected.length > 0 && { rejected }) });
}

function readEvents(text: string, source: string): { events: Event[]; rejected: Rejected[] } | { error: string } {
  let posted: unknown;
  try {
    posted = JSON.parse(wellFormed(text));
  } catch (error) {
    return { error: `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
  const batch = batchSchema.safeParse(posted);
  const isBatch = Array.isArray(posted) || (typeof posted === 'object' && posted !== null && 'events' in posted);
  if (isBatch && !batch.success)
    return { error: `a batch is a list of 1 to ${MOST_EVENTS} events, or {"events": [...]}` };
  const items: readonly unknown[] = !batch.success
    ? [posted]
    : Array.isArray(batch.data)
      ? batch.data
      : batch.data.events;
  const read = items.map((item, index) => readOne(item, index, source));
  return {
    events: read.flatMap((one) => ('event' in one ? [one.event] : [])),
    rejected: read.flatMap((one) => ('error' in one ? [one] : [])),
  };
}

/** A pair of escaped halves, half a pair, or another escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./gs;
const HALF = '\\ud800'.length;

/** JSON without half characters, as texts have that were cut inside an emoji: no table holds them. */
const wellFormed = (json: string): string =>
  json.replaceAll(ESCAPES, (written) => (written.length === HALF ? '\\ufffd' : written));

function readOne(item: unknown, index: number, source: string): { event: Event } | Rejected {
  const parsed = postedEventSchema.safeParse(item);
  if (parsed.success && !isOwnType(parsed.data.type)) return { event: { ...parsed.data, source } };
  if (parsed.success)
    return { index, error: `type: "${parsed.data.type}" is a word of Tropa's own, which says so itself` };
  return { index, error: eventFaults(parsed.error, item).join('; ').slice(0, 500) };
}

/** True when every event is durable. */
async function keep(events: readonly Event[], deps: IngestDeps): Promise<boolean> {
  try {
    await keepEvents(events, deps);
    return true;
  } catch (error) {
    deps.log.error('the overflow queue refused events too', { events: events.length }, error);
    return false;
  }
}

/** Brings an event from the overflow queue back to the bus. Throws while the bus still refuses it. */
export async function drain(body: unknown, deps: Pick<IngestDeps, 'bus'>): Promise<void> {
  await putEvents(deps.bus, [eventSchema.parse(body)]);
}

const answer = (statusCode: number, body: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
