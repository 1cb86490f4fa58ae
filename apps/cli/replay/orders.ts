import { type Derived, eventId, type Placed, type Subject } from '#apps/cli/replay/source.ts';
import type { Event } from '#shared/event/event.ts';

/** Rows that are one thing, an order as a rule, and the row that closed it. */
export type Order<R> = { readonly lines: readonly Placed<R>[]; readonly closing: Placed<R> };

/**
 * Puts rows with the same key together, wherever they stand, and the orders into their sequence. An order counts when
 * its last line was written: before that it was not whole.
 */
export function ordersOf<R extends Subject>(rows: Iterable<Placed<R>>, key: (row: R) => string): Order<R>[] {
  const orders = [...Map.groupBy(rows, key).values()].flatMap((lines) => {
    const [first, ...others] = lines;
    if (!first) return [];
    return [{ lines, closing: others.reduce((last, line) => (line.at > last.at ? line : last), first) }];
  });
  return orders.sort((a, b) => order(a.closing, b.closing));
}

const order = <R extends Subject>(a: Placed<R>, b: Placed<R>): number =>
  a.at === b.at ? a.place - b.place : a.at < b.at ? -1 : 1;

/**
 * A contact's first event of that type is also when they became a customer: a registration goes before it. Which one is
 * the first shows only when it is taken, so each brings it along.
 */
export function* withRegistration(derived: Iterable<Derived>, first: string): Generator<Derived> {
  for (const one of derived) {
    const isFirst = 'event' in one && one.event.type === first;
    yield isFirst ? { ...one, before: () => registrationBefore(one.event) } : one;
  }
}

function registrationBefore({ at, source, identities, traits }: Event): Event {
  const who = identities.externalId ?? identities.email ?? identities.phone ?? identities.anonymousId ?? '';
  const id = eventId(source, 'registration', who);
  return { id, type: 'registration', at, source, identities, ...(traits ? { traits } : {}), data: {} };
}
