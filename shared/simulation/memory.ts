import type { Call } from '#shared/call/call.ts';
import { fieldsOf } from '#shared/condition/lookup.ts';
import type { EventQuery, EventRef, Fields, PassageFact, PassageFacts } from '#shared/condition/scope.ts';
import type { FreeCode, HeldCode } from '#shared/coupon/coupon.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { CountedEntries } from '#shared/enrolment/places.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { isOwnType } from '#shared/event/own.ts';
import type { Message } from '#shared/message/message.ts';
import { type Counted, NOTHING_SENT } from '#shared/sending/caps.ts';
import type { Instant } from '#shared/time/instant.ts';
import { Codes } from './codes.ts';

/** What is known of one contact, all of it at hand: the facts of a simulation. */
export class Memory implements PassageFacts {
  /** By type, the newest first. */
  readonly #events = new Map<string, StoredEvent[]>();
  readonly #byId = new Map<string, StoredEvent>();
  readonly #said: Message[] = [];
  readonly #messages = new Map<string, Message>();
  readonly calls = new Map<string, Call>();
  readonly codes: Codes;
  readonly passagesByName = new Map<string, Enrolment>();
  #counted: Counted = NOTHING_SENT;

  /** `coupons`: codes of pools, where they are to be those and no others. */
  constructor(coupons?: Readonly<Record<string, readonly string[]>>) {
    this.codes = new Codes(coupons);
  }

  /** False when it is known already. */
  remember(event: StoredEvent): boolean {
    if (this.#byId.has(event.id)) return false;
    this.#byId.set(event.id, event);
    const known = this.#events.get(event.type);
    if (known) insert(known, event);
    else this.#events.set(event.type, [event]);
    return true;
  }

  /** A new message, or what has become of one. */
  say(message: Message): void {
    if (this.#messages.has(message.id)) this.#said[this.#said.findIndex(({ id }) => id === message.id)] = message;
    else this.#said.unshift(message);
    this.#messages.set(message.id, message);
  }

  count(counted: Counted): void {
    this.#counted = counted;
  }

  events({ types, since, limit }: EventQuery): readonly StoredEvent[] {
    const lists =
      types === 'any'
        ? [...this.#events].flatMap(([type, events]) => (isOwnType(type) ? [] : [events]))
        : types.flatMap((type) => {
            const events = this.#events.get(type);
            return events ? [events] : [];
          });
    const all = lists.length === 1 ? (lists[0] ?? []) : lists.flat().sort(newestFirst);
    const end = since === undefined ? all.length : all.findIndex(({ at }) => at < since);
    const count = end < 0 ? all.length : end;
    return all.slice(0, limit === undefined ? count : Math.min(limit, count));
  }

  trigger(ref: EventRef): Fields | undefined {
    if (ref.data) return { ...ref.data, at: ref.at, type: ref.type, id: ref.event };
    const event = this.#byId.get(ref.event);
    return event && fieldsOf(event);
  }

  message(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  /** Newest first. */
  messages({ journey, since }: { journey?: string; since?: Instant } = {}): readonly Message[] {
    return this.#said.filter(
      (message) =>
        (journey === undefined || message.journey === journey) && (since === undefined || message.queuedAt >= since),
    );
  }

  passages(journeys: readonly string[]): readonly PassageFact[] {
    return [...this.passagesByName.values()].flatMap(({ journey, state, outcome, entered, ended }) => {
      if (!journeys.includes(journey)) return [];
      return [
        { journey, state, entered, ...(outcome !== undefined && { outcome }), ...(ended !== undefined && { ended }) },
      ];
    });
  }

  counted(): Counted {
    return this.#counted;
  }

  /** What others have taken is not known here: no cap of an entry is full. */
  entries(): readonly CountedEntries[] {
    return [];
  }

  heldCode(pool: string): HeldCode | undefined {
    return this.codes.held(pool);
  }

  call(id: string): Call | undefined {
    return this.calls.get(id);
  }

  freeCode(pool: string): FreeCode | undefined {
    return this.codes.free(pool);
  }
}

const newestFirst = (a: StoredEvent, b: StoredEvent): number => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0);

/** Nearly always the newest comes last, and its place is the first. */
function insert(events: StoredEvent[], event: StoredEvent): void {
  const place = events.findIndex(({ at }) => at <= event.at);
  if (place < 0) events.push(event);
  else events.splice(place, 0, event);
}
