import * as z from 'zod';
import { type Event, eventSchema, postedEventSchema } from '#shared/event/event.ts';
import { eventFaults } from '#shared/event/faults.ts';
import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import { isOwnType } from '#shared/event/own.ts';
import { putEvents } from '#shared/event/put.ts';
import { type HttpRequest, type HttpResponse, jsonAnswer } from '#shared/http.ts';
import type { Clock } from '#shared/ports.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';
import { notTaken, refusalOf, type SignedDeps } from '#shared/webhook/refusal.ts';

export type IngestDeps = KeepDeps & SignedDeps & { readonly clock: Clock };

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
  if (source !== 'generic') return jsonAnswer(404, { error: 'no such source; post to /webhooks/generic' });
  const body = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  const { headers } = request;
  const refused = await refusalOf({ headers, body, source, now: deps.clock.now() }, deps);
  if (refused) return refused;
  const read = readEvents(body.toString('utf8'), source);
  if ('error' in read) return jsonAnswer(400, read);
  return (await keep(read.events, deps)) ? accepted(read, deps) : notTaken();
}

function accepted(
  { events, rejected }: { events: readonly Event[]; rejected: readonly Rejected[] },
  deps: IngestDeps,
): HttpResponse {
  deps.metrics.count('EventsAccepted', events.length);
  if (rejected.length > 0) deps.metrics.count('EventsRejected', rejected.length);
  const status = events.length === 0 ? 400 : 202;
  return jsonAnswer(status, { accepted: events.length, ...(rejected.length > 0 && { rejected }) });
}

function readEvents(text: string, source: string): { events: Event[]; rejected: Rejected[] } | { error: string } {
  const json = postedJson(text);
  if ('error' in json) return json;
  const { posted } = json;
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
