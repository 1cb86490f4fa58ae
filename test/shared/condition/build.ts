import type { Call } from '#shared/call/call.ts';
import type { Condition } from '#shared/condition/condition.ts';
import { conditionSchema } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import type { EventQuery, Facts, PassageFact, Scope } from '#shared/condition/scope.ts';
import type { FreeCode, HeldCode } from '#shared/coupon/coupon.ts';
import type { CountedEntries } from '#shared/enrolment/places.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import type { Message } from '#shared/message/message.ts';
import { type Counted, NOTHING_SENT } from '#shared/sending/caps.ts';
import type { Json } from '#shared/store/table.ts';
import { localInstant } from '#shared/time/local.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

/** A Sunday noon in Warsaw, where the shop and the contact are. */
export const NOW = '2026-11-22T11:00:00.000Z';

let events = 0;

/** An event that happened then, by the clock of Warsaw. */
export const happened = (type: string, at: string, data: Record<string, Json> = {}): StoredEvent => {
  events += 1;
  return { id: `e${events}`, type, at: localInstant(at, 'Europe/Warsaw'), data };
};

export const message = (given: Partial<Message> = {}): Message => ({
  v: 1,
  id: 'm1',
  contact: 'c1',
  journey: 'cart',
  key: '',
  n: 1,
  version: 1,
  step: 'reminder',
  visit: 1,
  channel: 'email',
  topic: 'offers',
  lane: 'marketing',
  template: 'cart-reminder',
  queuedAt: '2026-11-20T09:00:00.000Z',
  state: 'done',
  facts: {},
  ...given,
});

/** Facts that remember what they were asked for. */
export class KnownFacts implements Facts {
  readonly asked: EventQuery[] = [];
  readonly #events: readonly StoredEvent[];
  readonly #messages: readonly Message[];
  readonly #passages: readonly PassageFact[];
  readonly #counted: Counted;
  readonly #held: Record<string, HeldCode>;
  readonly #free: Record<string, FreeCode>;
  readonly #calls: Record<string, Call>;
  readonly #entries: Record<string, readonly CountedEntries[]>;

  constructor(known: {
    events?: StoredEvent[];
    messages?: Message[];
    passages?: PassageFact[];
    counted?: Counted;
    entries?: Record<string, readonly CountedEntries[]>;
    held?: Record<string, HeldCode>;
    free?: Record<string, FreeCode>;
    calls?: Record<string, Call>;
  }) {
    this.#events = (known.events ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1));
    this.#messages = (known.messages ?? []).toSorted((a, b) => (a.queuedAt < b.queuedAt ? 1 : -1));
    this.#passages = known.passages ?? [];
    this.#counted = known.counted ?? NOTHING_SENT;
    this.#entries = known.entries ?? {};
    this.#held = known.held ?? {};
    this.#free = known.free ?? {};
    this.#calls = known.calls ?? {};
  }

  events(query: EventQuery): readonly StoredEvent[] {
    this.asked.push(query);
    return this.#events
      .filter((event) => query.types === 'any' || query.types.includes(event.type))
      .filter((event) => query.since === undefined || event.at >= query.since)
      .slice(0, query.limit);
  }

  messages({ journey, since }: { journey?: string; since?: string }): readonly Message[] {
    return this.#messages
      .filter((m) => journey === undefined || m.journey === journey)
      .filter((m) => since === undefined || m.queuedAt >= since);
  }

  passages(journeys: readonly string[]): readonly PassageFact[] {
    return this.#passages.filter((passage) => journeys.includes(passage.journey));
  }

  counted(): Counted {
    return this.#counted;
  }

  entries(_: string, cap: string): readonly CountedEntries[] {
    return this.#entries[cap] ?? [];
  }

  heldCode(pool: string): HeldCode | undefined {
    return this.#held[pool];
  }

  freeCode(pool: string): FreeCode | undefined {
    return this.#free[pool];
  }

  call(id: string): Call | undefined {
    return this.#calls[id];
  }
}

/** Newest time of each type, as a profile that has folded these events has it. */
export const lastOf = (folded: readonly StoredEvent[]): Record<string, string> => {
  const last: Record<string, string> = {};
  for (const { type, at } of folded) if ((last[type] ?? '') < at) last[type] = at;
  return last;
};

/** Everything that a condition may ask about; of a contact of whom nothing is known unless the test says it. */
export const scope = (given: Partial<Scope> = {}): Scope => ({
  now: NOW,
  settings: settings(),
  segments: {},
  profile: profile(),
  file: 'cart',
  facts: new KnownFacts({}),
  ...given,
});

/** A contact who has done this: on the profile and in the store. */
export const havingDone = (happenings: StoredEvent[], given: Partial<Scope> = {}): Scope & { facts: KnownFacts } => ({
  ...scope({ profile: profile({ last: lastOf(happenings) }), ...given }),
  facts: new KnownFacts({ events: happenings }),
});

/** The answer to a condition as a file writes it. */
export const ask = (written: unknown, given: Scope): boolean => evaluate(conditionOf(written), given);

export const conditionOf = (written: unknown): Condition => conditionSchema.parse(written);
