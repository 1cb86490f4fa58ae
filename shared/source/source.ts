import { flatten } from '#shared/contact/coerce.ts';
import { isReckoned } from '#shared/contact/derived.ts';
import { type Event, postedEventSchema } from '#shared/event/event.ts';
import { eventFaults } from '#shared/event/faults.ts';
import { isOwnType } from '#shared/event/own.ts';
import type { PrivacyRequest } from '#shared/event/privacy.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { Scheme } from '#shared/webhook/refusal.ts';

/** A request of a storefront, whose signature has been verified. */
export type Delivery = {
  /** Names in lower case. */
  readonly headers: HttpRequest['headers'];
  readonly text: string;
};

/**
 * What a delivery tells. `ignored`: a word for what there is nothing to do about, such as a topic that no journey can use.
 * `error`: why it could not be read as a whole. `privacy`: what a customer asks of the shop itself, by law.
 */
export type Told =
  | { readonly facts: readonly unknown[] }
  | { readonly privacy: PrivacyRequest }
  | { readonly ignored: string }
  | { readonly error: string };

/**
 * A storefront, or whatever else posts. It says how it signs, what its deliveries tell, and by which id a fact is known:
 * an event's id follows from the fact alone, never from the delivery, so that one order is one purchase however many
 * deliveries tell of it (ADR 0059).
 */
export type Source = {
  readonly scheme: Scheme;
  /** Headers that `tell` looks at: they are kept with a delivery that nobody could read. */
  readonly reads: readonly string[];
  /** The shop that a delivery names, for sources that may take only some. */
  readonly shopOf?: (delivery: Delivery) => string | undefined;
  /** Never throws: bodies are what anybody at all may have written. */
  readonly tell: (delivery: Delivery) => Told;
  /**
   * Who can mend what is wrong. A `sender` who reads answers is told; for a platform, whose answers nobody reads, the
   * delivery is kept for the operator.
   */
  readonly mends: 'sender' | 'operator';
  /** The answer to what is no delivery and signed by nobody, such as a ping; undefined for everything else. */
  readonly greet?: (delivery: Delivery) => HttpResponse | undefined;
};

export type Rejected = { readonly index: number; readonly error: string };
export type Read = { readonly events: readonly Event[]; readonly rejected: readonly Rejected[] };

/** The facts that are events, and by their position what is wrong with the others. */
export function readFacts(facts: readonly unknown[], source: string): Read {
  const events: Event[] = [];
  const rejected: Rejected[] = [];
  for (const [index, fact] of facts.entries()) {
    const parsed = postedEventSchema.safeParse(fact);
    if (!parsed.success) rejected.push({ index, error: eventFaults(parsed.error, fact).join('; ').slice(0, 500) });
    else if (isOwnType(parsed.data.type))
      rejected.push({ index, error: `type: "${parsed.data.type}" is a word of Tropa's own, which says so itself` });
    else if (source === 'generic' && reckonedIn(parsed.data) !== undefined)
      rejected.push({
        index,
        error: `traits: Tropa reckons "${reckonedIn(parsed.data)}" itself, from the events; leave it out, or call it otherwise`,
      });
    else events.push({ ...parsed.data, source });
  }
  return { events, rejected };
}

/** A trait that no shop can say. Whoever writes the events can mend it; what platforms say of it is left out later. */
const reckonedIn = ({ traits = {} }: Pick<Event, 'traits'>): string | undefined =>
  flatten(traits).find(([path]) => isReckoned(path))?.[0];
