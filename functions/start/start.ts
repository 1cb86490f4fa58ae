import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import { JOURNEY_REQUESTED } from '#shared/event/own.ts';
import { type HttpRequest, type HttpResponse, jsonAnswer } from '#shared/http.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Clock } from '#shared/ports.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import type { Catalogue } from '#shared/store/journeys.ts';
import { profileKey } from '#shared/store/keys.ts';
import type { Published } from '#shared/store/published.ts';
import type { Table } from '#shared/store/table.ts';
import { notTaken, refusalOf, type SignedDeps } from '#shared/webhook/refusal.ts';
import { standardWebhooks } from '#shared/webhook/standard-webhooks.ts';
import { type Rejected, readBody, readStart, type Start } from './read-starts.ts';

export type StartDeps = KeepDeps &
  SignedDeps & {
    readonly table: Pick<Table, 'batchGet'>;
    readonly published: Pick<Published, 'catalogue' | 'version'>;
    /** Of the secret that callers sign with. */
    readonly secretId: string;
    /** Of the shop: when a start was asked for. */
    readonly clock: Pick<Clock, 'now'>;
    /** Of whoever signs. On the laptop, where the shop's time is made up, it is another. */
    readonly signers: Pick<Clock, 'now'>;
  };

/**
 * Asks for the entry of contacts to a `manual` journey: `POST /v1/journeys/{id}/start`, one or a list, signed. Answers 202
 * only once every start that is right lies on the bus or in the overflow queue; what is wrong with the others is said in
 * the answer, by position. Whether they enter is decided where all entries are, by the journey's rules.
 */
export async function start(request: HttpRequest, deps: StartDeps): Promise<HttpResponse> {
  const { headers, pathParameters, isBase64Encoded } = request;
  const body = Buffer.from(request.body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const signed = { source: 'start', scheme: standardWebhooks, secretId: deps.secretId, now: deps.signers.now() };
  const refused = await refusalOf({ headers, body, ...signed }, deps);
  if (refused) return refused;
  const read = readBody(body.toString('utf8'));
  if ('error' in read) return jsonAnswer(400, read);
  const found = await find(pathParameters?.['id'] ?? '', deps);
  if ('error' in found) return jsonAnswer(found.status, { error: found.error });
  const asked = { journey: found.journey, request: headers['webhook-id'] ?? '', now: deps.clock.now() };
  const starts = await known(
    read.items.map((item, index) => readStart(item, index, asked)),
    deps,
  );
  const events = starts.flatMap((one) => ('event' in one ? [one.event] : []));
  const rejected = starts.flatMap((one) => ('error' in one ? [one] : []));
  if (!(await keep(events, deps))) return notTaken();
  return answered(found.journey.id, events.length, rejected, deps);
}

type Found =
  | { readonly journey: CompiledJourney }
  /** 404: there is no such journey. 409: it is none that this can start, as it is now. */
  | { readonly status: 404 | 409; readonly error: string };

async function find(id: string, { published }: StartDeps): Promise<Found> {
  const { journeys } = await published.catalogue({ requested: id });
  const live = ownOf(journeys, id);
  if (!live) return { status: 404, error: `there is no journey "${id}".${meant(id, journeys)}` };
  const journey = await published.version(id, live.version);
  const { type } = journey.definition.trigger;
  if (type !== 'manual')
    return { status: 409, error: `"${id}" starts by its trigger "${type}"; only "manual" journeys are started here` };
  if (live.status !== 'live')
    return { status: 409, error: `"${id}" is ${live.status}: nobody enters. Set its "status" to "live"` };
  return { journey };
}

const meant = (id: string, journeys: Catalogue['journeys']): string =>
  didYouMean(
    id,
    Object.keys(journeys).filter((name) => ownOf(journeys, name)?.events.includes(JOURNEY_REQUESTED)),
  );

/** Those whose contact, where it is named by its own id, is one. */
async function known(starts: readonly (Start | Rejected)[], { table }: StartDeps): Promise<(Start | Rejected)[]> {
  const named = [...new Set(starts.flatMap((one) => ('event' in one ? (one.event.contact ?? []) : [])))];
  const rows = await table.batchGet(named.map(profileKey));
  const strangers = new Set(named.filter((_, i) => rows[i] === undefined));
  return starts.map((one) => {
    if ('error' in one || !strangers.has(one.event.contact ?? '')) return one;
    return { index: one.index, error: 'contact: nobody has this id; name them by "identities" instead' };
  });
}

/** True when every event is durable. */
async function keep(events: readonly Start['event'][], deps: StartDeps): Promise<boolean> {
  try {
    await keepEvents(events, deps);
    return true;
  } catch (error) {
    deps.log.error('the overflow queue refused starts too', { starts: events.length }, error);
    return false;
  }
}

function answered(
  journey: string,
  accepted: number,
  rejected: readonly Rejected[],
  { metrics }: StartDeps,
): HttpResponse {
  if (accepted > 0) metrics.count('StartsAccepted', accepted, { journey });
  if (rejected.length > 0) metrics.count('StartsRejected', rejected.length, { journey });
  return jsonAnswer(accepted === 0 ? 422 : 202, { accepted, ...(rejected.length > 0 && { rejected }) });
}
