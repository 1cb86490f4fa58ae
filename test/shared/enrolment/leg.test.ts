import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { executionName } from '#shared/enrolment/ids.ts';
import { isHopeless, isWornOut, legEnd, nextLegOf, strandedOf, triedAgainAt } from '#shared/enrolment/leg.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';

const DAY = 86_400_000;
const BEGAN = '2026-03-02T09:00:00.000Z';
const after330 = plusMillis(BEGAN, 330 * DAY);

describe('a leg', () => {
  it('lasts eleven months from when it began, the first from the entry', () => {
    expect(legEnd(enrolment())).toBe(after330);
    const later = plusMillis(BEGAN, DAY);
    expect(legEnd(enrolment({ begun: { at: later, turn: 0, vain: 0 } }))).toBe(plusMillis(after330, DAY));
  });

  it('is worn out at its end, or after a thousand turns of its own', () => {
    expect(isWornOut(enrolment(), plusMillis(after330, -1))).toBe(false);
    expect(isWornOut(enrolment(), after330)).toBe(true);
    expect(isWornOut(enrolment({ turn: 999 }), BEGAN)).toBe(false);
    expect(isWornOut(enrolment({ turn: 1000 }), BEGAN)).toBe(true);
    expect(isWornOut(enrolment({ turn: 1500, begun: { at: BEGAN, turn: 501, vain: 0 } }), BEGAN)).toBe(false);
  });

  it('is followed by the next, which forgets token and attempt, and that the passage was put aside', () => {
    const now = plusMillis(BEGAN, DAY);
    const before = enrolment({ turn: 5, token: 't', attempt: 2, stranded: true });
    const next = nextLegOf(before, now);
    expect(next).toMatchObject({ leg: 2, next: 'start', begun: { at: now, turn: 5, vain: 0 } });
    for (const gone of ['token', 'attempt', 'stranded']) expect(next).not.toHaveProperty(gone);
  });

  it('that is put aside has no token any more', () => {
    const aside = strandedOf(enrolment({ token: 't', attempt: 2 }));
    expect(aside.stranded).toBe(true);
    for (const gone of ['token', 'attempt']) expect(aside).not.toHaveProperty(gone);
  });
});

describe('legs that break off without a turn', () => {
  const afterLegs = (legs: number, from = enrolment()): Enrolment =>
    Array.from({ length: legs }).reduce<Enrolment>((one) => nextLegOf(one, BEGAN), from);

  it('are counted until a turn is taken', () => {
    expect(afterLegs(3).begun).toMatchObject({ turn: 0, vain: 3 });
    expect(nextLegOf({ ...afterLegs(3), turn: 1 }, BEGAN).begun).toMatchObject({ turn: 1, vain: 0 });
  });

  it('are hopeless after ten in a row, unless it was put aside and is tried again', () => {
    expect(isHopeless(afterLegs(8))).toBe(false);
    expect(isHopeless(afterLegs(9))).toBe(true);
    expect(isHopeless({ ...afterLegs(9), turn: 1 })).toBe(false);
    expect(isHopeless(strandedOf(afterLegs(9)))).toBe(false);
  });

  it('are tried again a day later, and not after forty', () => {
    expect(triedAgainAt(afterLegs(38), BEGAN)).toBe(plusMillis(BEGAN, DAY));
    expect(triedAgainAt(afterLegs(39), BEGAN)).toBeUndefined();
  });
});

describe('the error that a leg has broken off by', () => {
  const broken = nextLegOf(enrolment(), BEGAN, 'TypeError');

  it('is remembered until a leg takes a turn, unless a newer one is known', () => {
    expect(broken.begun).toEqual({ at: BEGAN, turn: 0, vain: 1, by: 'TypeError' });
    expect(nextLegOf(broken, BEGAN).begun?.by).toBe('TypeError');
    expect(nextLegOf(broken, BEGAN, 'Conflict').begun?.by).toBe('Conflict');
    expect(nextLegOf({ ...broken, turn: 1 }, BEGAN).begun).toEqual({ at: BEGAN, turn: 1, vain: 0 });
  });

  it('is remembered of a passage that is put aside', () => {
    expect(strandedOf(broken).begun).toEqual(broken.begun);
    expect(strandedOf(broken, 'Conflict').begun).toEqual({ ...broken.begun, by: 'Conflict' });
    expect(strandedOf({ ...broken, turn: 1 }).begun?.by).toBe('TypeError');
    expect(strandedOf(enrolment()).begun).toEqual({ at: BEGAN, turn: 0, vain: 0 });
  });
});

it('the name of its execution is one that Step Functions takes, however long its journey is called', () => {
  const { id } = enrolment();
  expect(executionName('cart', id, 2)).toBe(`cart-${id}-2`);
  expect(executionName('j'.repeat(64), id, 1234567)).toBe(`${'j'.repeat(40)}-${id}-1234567`);
});
