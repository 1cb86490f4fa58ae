import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { standsStill } from '#shared/enrolment/still.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';

const ENTERED = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
const at = (hours: number, ms = 0) => plusMillis(ENTERED, hours * HOUR + ms);
const waiting = (given: Partial<Enrolment> = {}) =>
  enrolment({ turn: 1, next: 'pause', cursor: { step: 'w', visit: 1, began: ENTERED, wakeAt: at(24) }, ...given });
const OVERDUE = 'overdue: nothing was heard of its execution';

describe('a passage moves', () => {
  it('while it waits, and for two hours after its moment', () => {
    expect(standsStill(waiting(), at(23))).toBeUndefined();
    expect(standsStill(waiting(), at(26))).toBeUndefined();
  });

  it('in the two hours after its entry, or after its newest leg began, in which it takes no turn', () => {
    expect(standsStill(enrolment(), at(2))).toBeUndefined();
    const renewed = waiting({ next: 'start', begun: { at: at(30), turn: 0, vain: 0 } });
    expect(standsStill(renewed, at(32))).toBeUndefined();
  });

  it('no more once it is over', () => {
    for (const state of ['held', 'converted', 'finished', 'exited'] as const)
      expect(standsStill(waiting({ state, stranded: true }), at(99))).toBeUndefined();
  });
});

describe('a passage stands still', () => {
  it('of which nothing was heard for more than two hours, since its moment', () => {
    expect(standsStill(waiting(), at(26, 1))).toEqual({ reason: OVERDUE, since: at(24) });
    const looks = waiting({ cursor: { step: 'w', visit: 1, began: ENTERED, wakeAt: at(99), lookAt: at(24) } });
    expect(standsStill(looks, at(26, 1))).toEqual({ reason: OVERDUE, since: at(24) });
  });

  it('that was never begun, since its entry; whose newest leg never began, since then', () => {
    expect(standsStill(enrolment(), at(2, 1))).toEqual({ reason: OVERDUE, since: ENTERED });
    const renewed = waiting({ next: 'start', begun: { at: at(30), turn: 0, vain: 0 } });
    expect(standsStill(renewed, at(32, 1))).toEqual({ reason: OVERDUE, since: at(30) });
  });

  it('whose execution should have been renewed, however long it waits', () => {
    const long = waiting({ cursor: { step: 'w', visit: 1, began: ENTERED, wakeAt: at(24 * 500) } });
    expect(standsStill(long, at(24 * 330 + 2, 1))).toEqual({ reason: OVERDUE, since: at(24 * 330) });
  });

  it('whose legs break off, with the name of the error', () => {
    const begun = { at: at(1), turn: 1, vain: 1, by: 'Lambda.Unknown' };
    expect(standsStill(waiting({ begun }), at(2))).toEqual({ reason: 'breaks-off: Lambda.Unknown', since: at(1) });
    const { by: _, ...silent } = begun;
    expect(standsStill(waiting({ begun: silent }), at(2))).toEqual({
      reason: 'breaks-off: its executions ended, and nobody has said why',
      since: at(1),
    });
    expect(standsStill(waiting({ begun: { ...begun, vain: 0 } }), at(2))?.reason).toBe('breaks-off: Lambda.Unknown');
    // It has taken a turn since.
    expect(standsStill(waiting({ begun, turn: 2 }), at(2))).toBeUndefined();
  });

  it('that has been put aside, until it is given up', () => {
    const aside = (vain: number) => waiting({ stranded: true, begun: { at: at(1), turn: 1, vain, by: 'TypeError' } });
    expect(standsStill(aside(10), at(2))).toEqual({ reason: 'put-aside: TypeError', since: at(1) });
    expect(standsStill(aside(38), at(2))?.reason).toBe('put-aside: TypeError');
    expect(standsStill(aside(39), at(2))?.reason).toBe('given-up: TypeError');
  });
});
