import type { StoredEvent } from '#shared/event/event.ts';
import type { EventQuery, Facts } from './scope.ts';

/**
 * Facts as they will be if nothing happens: a span that begins later is a part of the one that was asked for first, so
 * that looking ahead reads nothing more.
 */
export function laterFacts(facts: Facts): Facts {
  const known = new Map<string, { since: string; events: readonly StoredEvent[] }>();
  return {
    ...delegated(facts),
    events(query: EventQuery) {
      const name = JSON.stringify([query.types, query.limit]);
      const { since = '' } = query;
      const before = known.get(name);
      if (before && before.since <= since) return before.events.filter(({ at }) => at >= since);
      const events = facts.events(query);
      known.set(name, { since, events });
      return events;
    },
  };
}

/** The same facts; the events that are asked for are also put into `seen`. */
export const watched = (facts: Facts, seen: StoredEvent[]): Facts => ({
  ...delegated(facts),
  events(query) {
    const events = facts.events(query);
    seen.push(...events);
    return events;
  },
});

const delegated = (facts: Facts): Omit<Facts, 'events'> => ({
  messages: (query) => facts.messages(query),
  passages: (journeys) => facts.passages(journeys),
  counted: () => facts.counted(),
  entries: (journey, cap) => facts.entries(journey, cap),
  heldCode: (...asked) => facts.heldCode(...asked),
  freeCode: (...asked) => facts.freeCode(...asked),
  call: (...asked) => facts.call(...asked),
});
