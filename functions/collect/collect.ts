import { browserEvent, browserSchema } from '#shared/collect/browser-event.ts';
import { admit, type Pace } from '#shared/collect/pace.ts';
import { SNIPPET } from '#shared/collect/snippet.ts';
import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Clock } from '#shared/ports.ts';
import { toMillis } from '#shared/time/instant.ts';
import { postedJson } from '#shared/webhook/posted-json.ts';

export type CollectDeps = KeepDeps & {
  readonly clock: Pick<Clock, 'now'>;
  /** The keys that pages of the shop have. They are no secrets. */
  readonly keys: readonly string[];
  /** When each key's next request would have come at an even pace. */
  readonly free: Map<string, number>;
};

/** Of one key, in one process: a shop with a million pages a day has twelve a second. */
const PACE: Pace = { perSecond: 200, atOnce: 400 };
const MOST_BYTES = 32_768;
const HOUR = 3600;

/** A page of the shop may read the answer, wherever the shop is. */
const CORS = { 'access-control-allow-origin': '*' };

const say = (statusCode: number, error: string): HttpResponse => ({
  statusCode,
  headers: { ...CORS, 'content-type': 'application/json' },
  body: JSON.stringify({ error }),
});

/**
 * What browsers of visitors say: `POST /collect/{key}`, a list of what was looked at and put into the cart. Answers 204
 * once it is kept. `GET /collect/tropa.js` is the script that says it.
 */
export async function collect(request: HttpRequest, deps: CollectDeps): Promise<HttpResponse> {
  if (request.requestContext.http.method !== 'POST') return snippet();
  const key = request.pathParameters?.['key'] ?? '';
  if (!deps.keys.includes(key)) return refuse(401, 'there is no such write key', deps);
  const now = deps.clock.now();
  const free = admit(deps.free.get(key) ?? 0, toMillis(now), PACE);
  if (free === undefined) return refuse(429, 'too much at once; say it again later', deps);
  deps.free.set(key, free);
  const body = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > MOST_BYTES) return refuse(413, `at most ${MOST_BYTES} bytes`, deps);
  const json = postedJson(body.toString('utf8'));
  const list = browserSchema.safeParse('posted' in json ? json.posted : undefined);
  if (!list.success) return refuse(400, 'a list of 1 to 20 events', deps);
  const events = list.data.map((said) => browserEvent(said, now)).filter((event) => event !== undefined);
  return keep(events, list.data.length - events.length, deps);
}

async function keep(
  events: Parameters<typeof keepEvents>[0],
  refused: number,
  deps: CollectDeps,
): Promise<HttpResponse> {
  if (refused > 0) deps.metrics.count('CollectRefused', refused, { status: '400' });
  if (events.length === 0) return say(400, 'nothing that a browser may say: see docs/browser.md');
  try {
    await keepEvents(events, deps);
  } catch (error) {
    deps.log.error('the overflow queue refused, too', { events: events.length }, error);
    return say(503, 'not taken; say it again');
  }
  deps.metrics.count('EventsAccepted', events.length, { source: 'browser' });
  return { statusCode: 204, headers: CORS, body: '' };
}

function refuse(status: number, error: string, { metrics }: CollectDeps): HttpResponse {
  metrics.count('CollectRefused', 1, { status: String(status) });
  return say(status, error);
}

const snippet = (): HttpResponse => ({
  statusCode: 200,
  headers: { ...CORS, 'content-type': 'text/javascript; charset=utf-8', 'cache-control': `public, max-age=${HOUR}` },
  body: SNIPPET,
});
