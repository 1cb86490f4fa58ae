import * as z from 'zod';
import { reasonOf, Unprocessable } from '#shared/errors.ts';
import { isOwnType } from '#shared/event/own.ts';
import { privacyRequestedSchema } from '#shared/event/privacy.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Log } from '#shared/ports.ts';
import { unreadSchema } from './unread.ts';

/**
 * What came of something that arrived. `refused`: its sender was told so. `ignored`: there is nothing to do about it.
 * `answered`: what a customer asks by law was done. `unusable`: it lies among the dead letters. The others are those of enrol.
 */
export type Outcome = 'recorded' | 'duplicate' | 'parked' | 'erased' | 'answered' | 'refused' | 'ignored' | 'unusable';

export type Arrival = {
  readonly source: string;
  /** Of an event its type, of a delivery what its sender calls it. */
  readonly what: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** Of events: their id, when they happened, and whose they are. */
  readonly event?: string;
  readonly at?: string;
  readonly identities?: Readonly<Record<string, string | undefined>>;
};

/** Takes note of what has arrived, or of nothing. */
export type Note = (one: Arrival | undefined) => void;

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  source: z.string(),
  at: z.string(),
  identities: z.record(z.string(), z.string().optional()).default({}),
});

/** What enrol made of an event. What Tropa says itself has not arrived. */
export function enrolledArrival(detail: unknown, outcome: Outcome, reason?: string): Arrival | undefined {
  const event = eventSchema.safeParse(detail).data;
  if (event && isOwnType(event.type)) return undefined;
  return {
    source: event?.source ?? 'unknown',
    what: event?.type ?? 'what is no event',
    outcome,
    ...(reason !== undefined && { reason }),
    ...(event && { event: event.id, at: event.at, identities: event.identities }),
  };
}

/** What a customer asks by law, which is no event. */
export function askedArrival(detail: unknown, outcome: Outcome): Arrival | undefined {
  const request = privacyRequestedSchema.safeParse(detail).data;
  if (!request) return undefined;
  const { source, kind, id, at, identities } = request;
  return { source, what: `a request by law (${kind})`, outcome, event: id, at, identities };
}

/** A delivery that nobody could read. */
export function unreadArrival(body: unknown, reason: string): Arrival | undefined {
  const delivery = unreadSchema.safeParse(body).data?.delivery;
  return delivery && { source: delivery.source, what: topicOf(delivery.headers), outcome: 'unusable', reason };
}

/** Deliveries of a batch that no retry makes readable. Other failures may pass. */
export const unreadArrivals = (
  bodies: readonly unknown[],
  failures: readonly { readonly position: number; readonly error: unknown }[],
): Arrival[] =>
  failures.flatMap(({ position, error }) => {
    const one = error instanceof Unprocessable ? unreadArrival(bodies[position], reasonOf(error)) : undefined;
    return one ? [one] : [];
  });

/** What a sender was answered; of what was taken, enrol says more. `source`: of a path that names none. */
export function answeredArrivals(
  request: HttpRequest,
  { statusCode, body }: HttpResponse,
  source = request.pathParameters?.['source'] ?? '',
): Arrival[] {
  const said: unknown = body === '' ? {} : JSON.parse(body);
  const delivery = { source, what: topicOf(request.headers) };
  const refused = (reason: string): Arrival => ({ ...delivery, outcome: 'refused', reason });
  return [
    ...(statusCode >= 400 && !has(said, 'rejected') ? [refused(`${statusCode}: ${textOf(said, 'error')}`)] : []),
    ...(has(said, 'ignored') ? [{ ...delivery, outcome: 'ignored' as const, reason: textOf(said, 'ignored') }] : []),
    ...rejectedIn(said).map((one) => refused(textOf(one, 'error'))),
  ];
}

/** Does the work; of what is of no use to anybody it tells why. Other failures may pass. */
export async function orTell<T>(work: () => Promise<T>, tell: (reason: string) => void): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unprocessable) tell(reasonOf(error));
    throw error;
  }
}

/** Ids of a shop's own making, and what a stranger posts, may hold addresses and numbers of phones. */
export const hidden = (text: string): string =>
  text
    // Word by word: a pattern with the "@" in it goes through a long word once for each of its letters.
    .replaceAll(/[^\s"':;,<>/]+/g, (word) => (word.includes('@') ? '...@...' : word))
    .replaceAll(/\+\d{6,}/g, '+...');

/** An arrival without people. */
export function withoutPeople<One extends Arrived>({ identities: _, ...one }: One): Omit<One, 'identities'> {
  return {
    ...one,
    source: hidden(one.source),
    what: hidden(one.what),
    ...(one.event !== undefined && { event: hidden(one.event) }),
    ...(one.reason !== undefined && { reason: hidden(one.reason) }),
  };
}
type Arrived = {
  readonly source: string;
  readonly what: string;
  readonly event?: string | undefined;
  readonly reason?: string | undefined;
  readonly identities?: unknown;
};

/** The sentence of log lines that say what arrived, which `tropa webhook tail --stage` reads. */
export const ARRIVED = 'arrived';
const LONGEST = 300;

/** Notes arrivals in a log, which knows nobody. */
export const logged =
  (log: Log): Note =>
  (one) => {
    if (!one) return;
    const { at = '', event = '', reason = '', source, what, outcome } = withoutPeople(one);
    const about = { source, what, outcome, reason, event, at };
    log.info(ARRIVED, Object.fromEntries(Object.entries(about).flatMap(([name, text]) => shortened(name, text))));
  };

const shortened = (name: string, text: string): [string, string][] =>
  text === '' ? [] : [[name, text.slice(0, LONGEST)]];

const has = <Name extends string>(said: unknown, name: Name): said is Record<Name, unknown> =>
  typeof said === 'object' && said !== null && name in said;

const textOf = (said: unknown, name: string): string => (has(said, name) ? String(said[name]) : '');

const rejectedIn = (said: unknown): unknown[] =>
  has(said, 'rejected') && Array.isArray(said.rejected) ? said.rejected : [];

const TOPICS = ['x-shopify-topic', 'shopify-topic', 'x-wc-webhook-topic'];

const topicOf = (headers: HttpRequest['headers']): string =>
  TOPICS.map((name) => headers[name]).find((topic) => topic !== undefined) ?? 'a delivery';
