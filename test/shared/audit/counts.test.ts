import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addPerson, type Bounds, countersOff, cutAt, NO_BOUNDS, type Tables } from '#shared/audit/counts.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { type Counts, countPassage, countStanding } from '#shared/report/counts.ts';
import { enrolmentRow } from '#shared/store/enrolments.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { profile } from '#test/build/profile.ts';

const MINUTE = 60_000;
const READ: Instant = '2026-03-02T12:00:00.000Z';
const minute = (n: number): Instant => plusMillis(READ, n * MINUTE);

/** A way through a journey, in minutes before (below zero) and after the counters were read. */
const lifeArbitrary = fc.record({
  entered: fc.integer({ min: -600, max: 300 }),
  /** How long it stands at each step. */
  stays: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 5 }),
  ends: fc.boolean(),
  /** By how many minutes tally is behind with this passage, and when its row is read. */
  behind: fc.integer({ min: 0, max: 14 }),
  seen: fc.integer({ min: 0, max: 1440 }),
});
type Life = typeof lifeArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** The passage as it stood then; undefined before it began. */
function standing(contact: string, { entered, stays, ends }: Life, then: number): Enrolment | undefined {
  if (entered > then) return undefined;
  const starts = [entered];
  for (const stay of stays) starts.push((starts.at(-1) ?? entered) + stay);
  const at = starts.filter((start) => start <= then).length - 1;
  const end = starts.at(-1) ?? entered;
  const base = enrolment({ contact, entered: minute(entered) });
  if (ends && stays.length > 0 && then >= end)
    return { ...base, cursor: null, state: 'finished', next: 'finished', ended: minute(end) };
  const wakeAt = minute(10_000);
  return { ...base, cursor: { step: `s${at}`, visit: 1, began: minute(starts[at] ?? entered), wakeAt } };
}

const rowsOf = (lives: readonly Life[]) =>
  lives.flatMap((life, i) => {
    const passage = standing(`c${i}`, life, life.seen);
    return passage ? [{ profile: profile({ contact: `c${i}` }), rows: [enrolmentRow(passage, READ)] }] : [];
  });

/** The counters as tally has them when they are read. */
function counted(lives: readonly Life[]): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = (counts: Counts): void => {
    for (const [name, n] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + n;
  };
  for (const [i, life] of lives.entries()) {
    const passage = standing(`c${i}`, life, -life.behind);
    add(countPassage(undefined, passage));
    for (const { counts } of countStanding(undefined, passage)) add(counts);
  }
  return sums;
}

function off(lives: readonly Life[], counts: Record<string, number>, gone = 0) {
  const sums = new Map<string, Bounds>();
  for (const person of rowsOf(lives)) addPerson(person, cutAt(READ), sums);
  const tables: Tables = { 1: counts };
  return countersOff(tables, sums.get('cart') ?? NO_BOUNDS, gone);
}

it('says of no counter that it is wrong, however far behind tally is and whenever each row is read', () => {
  fc.assert(
    fc.property(fc.array(lifeArbitrary, { maxLength: 12 }), (lives) => {
      expect(off(lives, counted(lives))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it('sees each counter that is wrong by more than what was on its way', () => {
  const still: Life = { entered: -300, stays: [100], ends: false, behind: 3, seen: 200 };
  const lives = [still, still, { ...still, ends: true }];
  const right = counted(lives);
  expect(right).toEqual({ entries: 3, inside: 2, finished: 1, 'at/s1': 2 });
  const wrong = (counter: string, by: number) => off(lives, { ...right, [counter]: (right[counter] ?? 0) + by });
  for (const [counter, by] of [
    ['inside', 1],
    ['inside', -1],
    ['at/s1', 3],
    ['at/s0', 1],
    ['at/s1', -2],
    ['entries', -1],
    ['finished', -1],
  ] as const)
    expect(wrong(counter, by)).toEqual([{ version: 1, counter, by: -by }]);
  // Rows leave, and their counts stay.
  expect(wrong('entries', 5)).toEqual([]);
});

it('bears with what the rows of contacts who are gone cannot say', () => {
  expect(off([], { inside: 1, 'at/s0': 1, entries: 1 }, 1)).toEqual([]);
  expect(off([], { inside: 1, entries: 1 })).toEqual([{ version: 1, counter: 'inside', by: -1 }]);
});

it('counts nobody twice who was merged between two looks', () => {
  const passage = standing('c2', { entered: -300, stays: [], ends: false, behind: 0, seen: 0 }, 0);
  const rows = passage ? [enrolmentRow(passage, READ)] : [];
  const sums = new Map<string, Bounds>();
  addPerson({ profile: profile({ contact: 'c2' }), rows }, cutAt(READ), sums);
  addPerson({ profile: profile({ contact: 'c1', aka: ['c2'] }), rows }, cutAt(READ), sums);
  expect(countersOff({ 1: { entries: 1, inside: 1, 'at/s0': 1 } }, sums.get('cart') ?? NO_BOUNDS, 1)).toEqual([]);
});
