import type { Call } from '#shared/call/call.ts';
import { fieldsOf } from '#shared/condition/lookup.ts';
import type { EventQuery, EventRef, Fields, PassageFact, PassageFacts } from '#shared/condition/scope.ts';
import type { FreeCode, HeldCode } from '#shared/coupon/coupon.ts';
import type { CountedEntries } from '#shared/enrolment/places.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import type { Message } from '#shared/message/message.ts';
import type { Instant } from '#shared/time/instant.ts';
import { loadCallAbout } from './calls.ts';
import { type CountedRow, loadCounted, NOTHING_COUNTED } from './caps.ts';
import { findFreeCode, loadHeldCode } from './codes.ts';
import { loadPassages } from './enrolments.ts';
import { loadEvent, queryEvents } from './events.ts';
import { loadMessages, loadMessageTo } from './messages.ts';
import { loadEntries } from './places.ts';
import type { Table } from './table.ts';

/** More rounds of asking and loading than any condition of 256 KB can need. */
const ROUNDS = 50;

/**
 * Facts of one person, read when somebody asks for them. A decision asks, gets what is there, and is asked again once
 * the missing rows are loaded: it stays a pure function, and no row is read that it does not look at.
 */
export class ContactFacts implements PassageFacts {
  readonly #table: Table;
  readonly #parts: readonly [string, ...string[]];
  readonly #arriving: StoredEvent | undefined;
  readonly #draw: string;
  readonly #events = new Map<string, readonly StoredEvent[]>();
  readonly #messages = new Map<string, Message | undefined>();
  readonly #said = new Map<string, readonly Message[]>();
  readonly #passages = new Map<string, readonly PassageFact[]>();
  readonly #triggers = new Map<string, Fields | undefined>();
  readonly #caps = new Map<string, CountedRow>();
  readonly #entries = new Map<string, readonly (CountedEntries | undefined)[]>();
  readonly #held = new Map<string, HeldCode | undefined>();
  readonly #calls = new Map<string, Call | undefined>();
  readonly #free = new Map<string, FreeCode | undefined>();
  readonly #missing = new Map<string, () => Promise<void>>();

  /**
   * `parts`: the contact, and those that were merged into it (see partsOf).
   * `arriving`: an event that is being recorded with this very decision: it has happened, and is not in the table yet.
   * `draw`: what decides which free code is found; who tries again draws anew.
   */
  constructor(
    table: Table,
    parts: readonly [string, ...string[]],
    { arriving, draw = parts[0] }: { arriving?: StoredEvent; draw?: string } = {},
  ) {
    this.#table = table;
    this.#parts = parts;
    this.#arriving = arriving;
    this.#draw = draw;
  }

  events(query: EventQuery): readonly StoredEvent[] {
    const name = JSON.stringify(query);
    return this.#ask(this.#events, name, () => this.#loadEvents(query)) ?? [];
  }

  trigger(ref: EventRef): Fields | undefined {
    if (ref.data) return { ...ref.data, at: ref.at, type: ref.type, id: ref.event };
    return this.#ask(this.#triggers, ref.event, async () => {
      const event = await loadEvent(this.#table, this.#parts, ref);
      return event && fieldsOf(event);
    });
  }

  message(id: string): Message | undefined {
    return this.#ask(this.#messages, id, () => loadMessageTo(this.#table, this.#parts, id));
  }

  /** Newest first. All of the contact's messages are read at once: their ids say nothing of their time. */
  messages({ journey, since }: { journey?: string; since?: Instant }): readonly Message[] {
    const all = this.#ask(this.#said, '', () => loadMessages(this.#table, this.#parts)) ?? [];
    return all.filter(
      (message) =>
        (journey === undefined || message.journey === journey) && (since === undefined || message.queuedAt >= since),
    );
  }

  /** Passages that have ended are known for 90 days. */
  passages(journeys: readonly string[]): readonly PassageFact[] {
    return journeys.flatMap(
      (journey) =>
        this.#ask(this.#passages, `J#${journey}`, () => loadPassages(this.#table, this.#parts, journey)) ?? [],
    );
  }

  counted(): CountedRow {
    return this.#ask(this.#caps, '', () => loadCounted(this.#table, this.#parts[0])) ?? NOTHING_COUNTED;
  }

  entries(journey: string, cap: string): readonly (CountedEntries | undefined)[] {
    return this.#ask(this.#entries, `${journey}#${cap}`, () => loadEntries(this.#table, journey, cap)) ?? [];
  }

  heldCode(pool: string): HeldCode | undefined {
    return this.#ask(this.#held, pool, () => loadHeldCode(this.#table, this.#parts, pool));
  }

  freeCode(pool: string): FreeCode | undefined {
    return this.#ask(this.#free, pool, () => findFreeCode(this.#table, pool, this.#draw));
  }

  call(id: string): Call | undefined {
    return this.#ask(this.#calls, id, () => loadCallAbout(this.#table, this.#parts, id));
  }

  /** Makes a decision with everything that it asks for loaded. */
  async settle<T>(decide: () => T): Promise<T> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const decision = decide();
      if (this.#missing.size === 0) return decision;
      const loads = [...this.#missing.values()];
      this.#missing.clear();
      await Promise.all(loads.map((load) => load()));
    }
    throw new Error(`a decision asked for more facts after ${ROUNDS} rounds`);
  }

  async #loadEvents(query: EventQuery): Promise<StoredEvent[]> {
    const stored = await queryEvents(this.#table, this.#parts, query);
    const event = this.#arriving;
    const asked = event && (query.types === 'any' || query.types.includes(event.type));
    if (!asked || (query.since !== undefined && event.at < query.since)) return stored;
    const later = stored.filter(({ at }) => at > event.at);
    return [...later, event, ...stored.slice(later.length)].slice(0, query.limit);
  }

  #ask<T>(known: Map<string, T>, name: string, load: () => Promise<T>): T | undefined {
    if (!known.has(name)) this.#missing.set(name, async () => void known.set(name, await load()));
    return known.get(name);
  }
}
