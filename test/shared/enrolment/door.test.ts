import { describe, expect, it } from 'vitest';
import { joinedDoor } from '#shared/enrolment/door.ts';
import type { Door } from '#shared/enrolment/enrolment.ts';

const day = (n: number) => `2026-03-0${n}T09:00:00.000Z`;
const door = (given: Partial<Door> = {}): Door => ({ v: 1, entries: 1, outcomes: {}, ...given });
const quiet = (at: number, until: number, event = 'e') => ({
  until: day(until),
  trigger: { event, type: 'cart.updated', at: day(at) },
});

/** The same whichever of the two contacts was the older. */
function joined(a: Door, b: Door): Door {
  expect(joinedDoor(b, a)).toEqual(joinedDoor(a, b));
  return joinedDoor(a, b);
}

describe('what a journey remembers of two contacts who are one', () => {
  it('is nothing more where neither has more', () => {
    expect(joined(door({ entries: 0 }), door({ entries: 0 }))).toEqual({ v: 1, entries: 0, outcomes: {} });
  });

  it('is all their entries, and the last of them', () => {
    expect(joined(door({ entries: 2, lastEntry: day(1) }), door({ entries: 3, lastEntry: day(4) }))).toEqual({
      ...{ v: 1, entries: 5, lastEntry: day(4), outcomes: {} },
    });
    expect(joined(door(), door({ lastEntry: day(2) })).lastEntry).toBe(day(2));
  });

  it('is how often each outcome came, and when last', () => {
    const a = door({ outcomes: { finished: { at: day(3), n: 2 }, left: { at: day(1), n: 1 } } });
    const b = door({ outcomes: { finished: { at: day(2), n: 3 }, converted: { at: day(5), n: 1 } } });
    expect(joined(a, b).outcomes).toEqual({
      finished: { at: day(3), n: 5 },
      left: { at: day(1), n: 1 },
      converted: { at: day(5), n: 1 },
    });
  });

  it('is looked at when the earlier of them is', () => {
    expect(joined(door({ due: day(4) }), door({ due: day(2) })).due).toBe(day(2));
    expect(joined(door({ due: day(4) }), door()).due).toBe(day(4));
  });

  it('is the quiet time of the newer match, of two at one moment the longer', () => {
    expect(joined(door({ quiet: quiet(1, 9) }), door({ quiet: quiet(2, 5) })).quiet).toEqual(quiet(2, 5));
    expect(joined(door({ quiet: quiet(2, 5) }), door({ quiet: quiet(2, 6) })).quiet).toEqual(quiet(2, 6));
    expect(joined(door({ quiet: quiet(1, 9) }), door()).quiet).toEqual(quiet(1, 9));
  });

  it('changes neither of the two', () => {
    const a = door({ outcomes: { left: { at: day(1), n: 1 } } });
    joinedDoor(a, door({ outcomes: { left: { at: day(2), n: 1 }, finished: { at: day(2), n: 1 } } }));
    expect(a).toEqual(door({ outcomes: { left: { at: day(1), n: 1 } } }));
  });
});
