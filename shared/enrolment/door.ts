import { ownOf } from '#shared/own-of.ts';
import { earlierOf, type Instant, laterOf } from '#shared/time/instant.ts';
import type { Door } from './enrolment.ts';

/** What a journey remembers of two contacts who are one: entries and outcomes together, and the quiet time of the newer match. */
export function joinedDoor(a: Door, b: Door): Door {
  const outcomes = { ...a.outcomes };
  for (const [outcome, { at, n }] of Object.entries(b.outcomes)) {
    const known = ownOf(outcomes, outcome);
    outcomes[outcome] = known ? { at: laterOf(known.at, at), n: known.n + n } : { at, n };
  }
  const lastEntry = either(a.lastEntry, b.lastEntry, laterOf);
  const due = either(a.due, b.due, earlierOf);
  const quiet = a.quiet && b.quiet ? newer(a.quiet, b.quiet) : (a.quiet ?? b.quiet);
  return {
    v: 1,
    entries: a.entries + b.entries,
    outcomes,
    ...(lastEntry !== undefined && { lastEntry }),
    ...(quiet && { quiet }),
    ...(due !== undefined && { due }),
  };
}

type Quiet = NonNullable<Door['quiet']>;

const newer = (a: Quiet, b: Quiet): Quiet => {
  if (a.trigger.at !== b.trigger.at) return a.trigger.at > b.trigger.at ? a : b;
  return a.until >= b.until ? a : b;
};

/** Of two times that may be missing. */
const either = (a: Instant | undefined, b: Instant | undefined, of: (a: Instant, b: Instant) => Instant) =>
  a === undefined || b === undefined ? (a ?? b) : of(a, b);
