import { INSIDE_LIMIT } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Message } from '#shared/message/message.ts';
import { type Counts, countMessage, countPassage } from '#shared/report/counts.ts';
import { AT } from '#shared/store/counters.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { contactOf, journeyIn, kindOf } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { Person } from './person.ts';
import { readable } from './readable.ts';

/**
 * Counters against rows. Counters are behind, and rows change while they are read, one contact after the other, for hours. So
 * nothing is compared but what is certain: what rows say that stood before the moment at which the counters were read, and
 * stands still.
 */

/** When the counters were read: they know all that was written before `from`, and nothing of after `to`. */
export type Cut = { readonly from: Instant; readonly to: Instant };

/** Counters are a minute or two behind, and clocks differ by less than two. */
const BEHIND = 15 * 60_000;
const SKEW = 2 * 60_000;

/** Of counters that were read at that moment, while the shop goes on. */
export const cutAt = (read: Instant): Cut => ({ from: plusMillis(read, -BEHIND), to: plusMillis(read, SKEW) });

/** Of one journey, by version and counter. */
export type Tables = Readonly<Record<string, Counts>>;

/** What the rows say of a journey's counters. */
export type Bounds = {
  readonly least: Tables;
  /** Of `inside`: more it cannot be. */
  readonly most: Tables;
  /** Passages that may have stood at any step just then, of any version. */
  readonly moving: number;
  /** Passages of which nobody knows anything. */
  readonly unread: number;
};

export const NO_BOUNDS: Bounds = { least: {}, most: {}, moving: 0, unread: 0 };

/** Of a fact, SES may tell hours later than it happened. */
const TOLD_LATE = 24 * 3_600_000;

/** Adds what a person's rows say, by journey. What they have brought along from other contacts may have been added already. */
export function addPerson({ profile, rows }: Person, cut: Cut, to: Map<string, Bounds>): void {
  const add = (journey: string, change: (bounds: Bounds) => Bounds): void =>
    void to.set(journey, change(to.get(journey) ?? NO_BOUNDS));
  for (const row of rows) {
    const isOwn = contactOf(row) === profile.contact;
    const isPassage = kindOf(row) === 'enrolment';
    const passage = isPassage ? readable(() => readEnrolment(row)) : undefined;
    if (passage) add(passage.journey, (bounds) => withPassage(bounds, passage, isOwn, cut));
    else if (isPassage) add(journeyIn(row), (bounds) => ({ ...bounds, unread: bounds.unread + 1 }));
    const message = isOwn && kindOf(row) === 'message' ? readable(() => readMessage(row)) : undefined;
    if (message) add(message.journey, (bounds) => ({ ...bounds, least: withMessage(bounds.least, message, cut) }));
  }
}

function withPassage(bounds: Bounds, passage: Enrolment, isOwn: boolean, { from, to }: Cut): Bounds {
  const { version, first = version, entered, ended, state, cursor, begun } = passage;
  const isHeld = state === 'held';
  const wasThere = entered <= from;
  const isOver = state !== 'inside';
  const mayBeInside = !isHeld && entered <= to && !(isOver && ended !== undefined && ended < from);
  const isInside = !isHeld && wasThere && (!isOver || (ended !== undefined && ended > to));
  const since = [cursor?.began ?? entered, begun?.at ?? entered];
  const stands = isInside && !isOver && since.every((at) => at <= from);
  const isSettled = isHeld ? wasThere : ended !== undefined && ended < from;
  const counts: [number, Counts][] = [
    [first, { entries: Number(wasThere), inside: Number(isInside) }],
    ...(stands ? [[version, { [`${AT}${cursor?.step ?? ''}`]: 1 }] satisfies [number, Counts]] : []),
    ...(isSettled ? [[first, outcomeOf(passage)] satisfies [number, Counts]] : []),
  ];
  return {
    ...bounds,
    least: isOwn ? counts.reduce((sums, [of, more]) => plus(sums, of, more), bounds.least) : bounds.least,
    most: mayBeInside ? plus(bounds.most, first, { inside: 1 }) : bounds.most,
    moving: bounds.moving + Number(mayBeInside && !(isOwn && stands)),
  };
}

/** How it ended. A goal may be reached afterwards: that is left out. */
function outcomeOf({ state, outcome }: Enrolment): Counts {
  const { entries: _, ...counts } = countPassage(undefined, { state, outcome });
  return counts;
}

function withMessage(least: Tables, message: Message, { from }: Cut): Tables {
  const known = plusMillis(from, -TOLD_LATE);
  const facts = Object.fromEntries(Object.entries(message.facts).filter(([, at]) => at < known));
  const { [`messages/${message.step}/unknown`]: _, ...counts } = countMessage(undefined, {
    step: message.step,
    facts,
    ...(message.reason !== undefined && { reason: message.reason }),
  });
  return plus(least, message.version, counts);
}

function plus(sums: Tables, version: number, more: Counts): Tables {
  const before = sums[version] ?? {};
  const added = Object.entries(more)
    .filter(([, n]) => n !== 0)
    .map(([name, n]) => [name, (before[name] ?? 0) + n] as const);
  return added.length === 0 ? sums : { ...sums, [version]: { ...before, ...Object.fromEntries(added) } };
}

/** A counter that cannot be right: by how much it is too low, or, below zero, too high. At least. */
export type Off = { readonly version: number; readonly counter: string; readonly by: number };

/**
 * Counters of a journey, as they were read, that the rows contradict. Of `gone` contacts, who were merged or erased meanwhile,
 * the rows may have been passed by.
 */
export function countersOff(counted: Tables, { least, most, moving, unread }: Bounds, gone: number): Off[] {
  const unseen = gone * INSIDE_LIMIT + unread;
  return Object.entries(counted).flatMap(([version, counts]) => {
    const low = least[version] ?? {};
    const names = new Set([...Object.keys(counts), ...Object.keys(low)]);
    return [...names].flatMap((counter) => {
      const [is, lowest] = [counts[counter] ?? 0, low[counter] ?? 0];
      const highest = highestOf(counter, lowest, most[version] ?? {}, moving);
      const by = is < lowest ? lowest - is : Math.min(0, highest + unseen - is);
      return by === 0 ? [] : [{ version: Number(version), counter, by }];
    });
  });
}

/** Of what only grows nobody can say: rows leave, and their counts stay. */
function highestOf(counter: string, lowest: number, most: Counts, moving: number): number {
  if (counter === 'inside') return most['inside'] ?? 0;
  return counter.startsWith(AT) ? lowest + moving : Number.POSITIVE_INFINITY;
}
