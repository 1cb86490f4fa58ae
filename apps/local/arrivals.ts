import { eventSchema } from '#shared/event/event.ts';
import { isOwnType } from '#shared/event/own.ts';
import { privacyRequestedSchema } from '#shared/event/privacy.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import { unreadSchema } from '#shared/source/unread.ts';
import { fromMillis, type Instant } from '#shared/time/instant.ts';

/**
 * What came of something that arrived. `refused`: its sender was told so. `ignored`: there is nothing to do about it.
 * `answered`: what a customer asks by law was done. `unusable`: it lies among the dead letters. The others are those of enrol.
 */
export type Outcome = 'recorded' | 'duplicate' | 'parked' | 'erased' | 'answered' | 'refused' | 'ignored' | 'unusable';

export type Arrival = {
  readonly n: number;
  /** By the clock of the machine. */
  readonly arrived: Instant;
  readonly source: string;
  /** Of an event its type, of a delivery what its sender calls it. */
  readonly what: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** Of events: their id, when they happened, and whose they are. */
  readonly event?: string;
  readonly at?: Instant;
  readonly identities?: Readonly<Record<string, string | undefined>>;
};

/** Older ones are forgotten. */
const KEPT = 500;

/** What has arrived lately, for whoever sets a storefront up and looks on. It is kept in memory only. */
export class Arrivals {
  readonly #kept: Arrival[] = [];
  #last = 0;

  note(one: Omit<Arrival, 'n' | 'arrived'>): void {
    this.#last += 1;
    this.#kept.push({ n: this.#last, arrived: fromMillis(Date.now()), ...one });
    if (this.#kept.length > KEPT) this.#kept.shift();
  }

  /** Those after the nth; all that are kept where so many never were, as after a restart. */
  since(n: number): readonly Arrival[] {
    return n > this.#last ? [...this.#kept] : this.#kept.filter((one) => one.n > n);
  }

  get last(): number {
    return this.#last;
  }

  /** What enrol made of an event. What Tropa says itself has not arrived. */
  enrolled(detail: unknown, outcome: Outcome, reason?: string): void {
    const event = eventSchema.safeParse(detail).data;
    if (event && isOwnType(event.type)) return;
    this.note({
      source: event?.source ?? 'unknown',
      what: event?.type ?? 'what is no event',
      outcome,
      ...(reason !== undefined && { reason }),
      ...(event && { event: event.id, at: event.at, identities: event.identities }),
    });
  }

  /** What a customer asks by law, which is no event. */
  asked(detail: unknown, outcome: Outcome): void {
    const request = privacyRequestedSchema.safeParse(detail).data;
    if (!request) return;
    const { source, kind, id, at, identities } = request;
    this.note({ source, what: `a request by law (${kind})`, outcome, event: id, at, identities });
  }

  /** A delivery that nobody could read. */
  unread(body: unknown, reason: string): void {
    const delivery = unreadSchema.safeParse(body).data?.delivery;
    if (delivery) this.note({ source: delivery.source, what: topicOf(delivery.headers), outcome: 'unusable', reason });
  }

  /** What ingest has answered; of what it took, enrol says more. */
  answered(request: HttpRequest, { statusCode, body }: HttpResponse): void {
    const said: unknown = JSON.parse(body);
    const delivery = { source: request.pathParameters?.['source'] ?? '', what: topicOf(request.headers) };
    if (statusCode >= 400 && !has(said, 'rejected'))
      this.note({ ...delivery, outcome: 'refused', reason: `${statusCode}: ${textOf(said, 'error')}` });
    if (has(said, 'ignored')) this.note({ ...delivery, outcome: 'ignored', reason: textOf(said, 'ignored') });
    for (const one of rejectedIn(said)) this.note({ ...delivery, outcome: 'refused', reason: textOf(one, 'error') });
  }
}

const has = <Name extends string>(said: unknown, name: Name): said is Record<Name, unknown> =>
  typeof said === 'object' && said !== null && name in said;

const textOf = (said: unknown, name: string): string => (has(said, name) ? String(said[name]) : '');

const rejectedIn = (said: unknown): unknown[] =>
  has(said, 'rejected') && Array.isArray(said.rejected) ? said.rejected : [];

const TOPICS = ['x-shopify-topic', 'shopify-topic', 'x-wc-webhook-topic'];

const topicOf = (headers: HttpRequest['headers']): string =>
  TOPICS.map((name) => headers[name]).find((topic) => topic !== undefined) ?? 'a delivery';
