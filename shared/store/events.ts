import type { EventQuery } from '#shared/condition/scope.ts';
import { type Event, eventSchema, type StoredEvent, storedEventSchema } from '#shared/event/event.ts';
import { isOwnType } from '#shared/event/own.ts';
import { type Instant, plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { firstOf } from './first-of.ts';
import { eventKey, eventRange, receiptKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import type { Row, Table, Write } from './table.ts';

const DAY = 86_400_000;

/** How long what is recorded is kept. */
export type Retention = {
  readonly eventDays: number;
  /** Undefined: for ever, as in a replay, whose file may be played again at any time. */
  readonly receiptDays?: number;
};

/** How many days back a repeated event is still known: an older one is parked, since it might have been counted. */
export const RECEIPT_DAYS = 35;

/**
 * What is told again whenever its order changes, months later too, and by a storefront that does not say when it happened.
 * Their receipts stay: there are few of them, and each would count once more.
 */
export const TOLD_FOR_EVER = new Set(['purchase', 'order.delivered', 'order.cancelled', 'order.refunded']);

/**
 * What the receipt of an event says: it was recorded, for this contact. `more`: journeys that it may start and that its
 * transaction had no room for. `puts`: happenings that follow from it, put on the bus once it is recorded. `from`: when
 * the days of its retention begin: on arrival, or in the future where the event says that it is of then.
 */
export const putReceipt = (
  event: Event,
  contact: string,
  from: Instant,
  retention: Retention,
  { more, puts }: { readonly more: readonly string[]; readonly puts: readonly Event[] },
): Write => ({
  kind: 'put',
  row: rowOf(receiptKey(event.id), {
    v: 1,
    contact,
    more: more.length > 0 ? more : undefined,
    puts: puts.length > 0 ? puts : undefined,
    // An import of history may come again much later than a webhook would.
    expires:
      retention.receiptDays === undefined || event.historic || TOLD_FOR_EVER.has(event.type)
        ? undefined
        : toEpochSeconds(plusMillis(from, retention.receiptDays * DAY)),
  }),
  if: { absent: true },
});

/** The journeys that a recorded event has still to be held against. */
export const moreOf = (receipt: Row | undefined): string[] => {
  const more = receipt?.['more'];
  return Array.isArray(more) ? more.filter((id) => typeof id === 'string') : [];
};

/** The happenings that follow from a recorded event. */
export const putsOf = (receipt: Row): Event[] => eventSchema.array().parse(receipt['puts'] ?? []);

/** What is left of them. Its writers also write the profile, whose `rev` puts them in a row. */
export const noteMore = (event: string, more: readonly string[]): Write => ({
  kind: 'update',
  key: receiptKey(event),
  change: more.length > 0 ? { set: [[['more'], more]] } : { remove: [['more']] },
  if: { exists: true },
});

/** The event itself. One that carries consent is the proof of it and stays. */
export const putEvent = (event: Event, contact: string, now: Instant, retention: Retention): Write => ({
  kind: 'put',
  row: rowOf(eventKey(contact, event.type, event.at, event.id), {
    v: 1,
    id: event.id,
    type: event.type,
    at: event.at,
    arrived: now,
    data: event.data,
    consents: event.consents,
    expires: event.consents?.length ? undefined : toEpochSeconds(plusMillis(event.at, retention.eventDays * DAY)),
  }),
});

const readEvent = readOnce((row): StoredEvent => storedEventSchema.parse(row));

export async function loadEvent(
  table: Table,
  parts: readonly string[],
  ref: { type: string; at: Instant; event: string },
): Promise<StoredEvent | undefined> {
  const row = await firstOf(
    table,
    parts.map((contact) => eventKey(contact, ref.type, ref.at, ref.event)),
  );
  return row && readEvent(row);
}

/** A person's events of these types, newest first. One query a type and part; `any` reads all events in the span. */
export async function queryEvents(table: Table, parts: readonly string[], query: EventQuery): Promise<StoredEvent[]> {
  const limit = query.limit === undefined ? {} : { limit: query.limit };
  if (query.types === 'any') {
    const rows = await Promise.all(parts.map((contact) => table.query(eventRange(contact))));
    return newestFirst(
      rows
        .flat()
        .map(readEvent)
        .filter(({ type, at }) => !isOwnType(type) && (query.since === undefined || at >= query.since)),
    ).slice(0, query.limit);
  }
  const lists = await Promise.all(
    query.types.flatMap((type) =>
      parts.map((contact) => table.query({ ...eventRange(contact, type, query.since), reverse: true, ...limit })),
    ),
  );
  return newestFirst(lists.flat().map(readEvent)).slice(0, query.limit);
}

const newestFirst = (events: StoredEvent[]): StoredEvent[] =>
  events.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
