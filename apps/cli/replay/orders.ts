import { type Derived, eventId, type Placed, type Subject } from '#apps/cli/replay/source.ts';

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

/** A contact's first event of that type is also when they became a customer: a registration goes before it. */
export function* withRegistration(derived: Iterable<Derived>, first: string): Generator<Derived> {
  let registered = false;
  for (const one of derived) {
    if (!registered && 'event' in one && one.event.type === first) {
      registered = true;
      const { at, source, identities, traits } = one.event;
      const who = identities.externalId ?? identities.email ?? identities.phone ?? identities.anonymousId ?? '';
      const registration = { at, source, identities, ...(traits ? { traits } : {}) };
      const id = eventId(source, 'registration', who);
      yield { event: { ...registration, id, type: 'registration', data: {} }, place: one.place, uses: [] };
    }
    yield one;
  }
}
