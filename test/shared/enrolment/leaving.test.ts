import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { goalUntil } from '#shared/enrolment/wake.ts';
import { compiled, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { NOW, type Situation, turn } from '#test/build/turn.ts';
import { happened } from '#test/shared/condition/build.ts';

const LATER = '2026-03-03T09:00:00.000Z';
const waiting: Partial<Enrolment> = {
  cursor: { step: 'w', visit: 1, began: NOW, wakeAt: LATER },
  next: 'pause',
  turn: 1,
};
const heard = (...ids: string[]): Pick<Enrolment, 'heard'> => ({
  heard: Object.fromEntries(ids.map((id) => [id, { n: 1, event: 'e1', type: 'purchase', at: NOW }])),
});
const bought = { if: { event: 'purchase' } };
const left = { if: { event: 'order.cancelled' }, outcome: 'cancelled' };
const steps = [wait('w'), send('s')];

/** State and outcome after a turn of a passage that waits, and what it said. */
const ending = (journey: object, passage: Partial<Enrolment>, given: Situation = {}) => {
  const { enrolment, messages } = turn(compiled({ steps, ...journey }), { ...waiting, ...passage }, given);
  return [enrolment.state, enrolment.outcome, messages.length];
};

describe('before each step and at each wake', () => {
  it('the goal comes first', () => {
    expect(ending({ goal: bought, exits: [left] }, heard('!goal/0', '!exit0/0', '!unsubscribed'))).toEqual([
      'converted',
      'converted',
      0,
    ]);
  });

  it('then the exits, in their order', () => {
    const exits = [
      { if: { tag: 'staff' }, outcome: 'staff' },
      left,
      { if: { event: 'order.cancelled' }, outcome: 'second' },
    ];
    expect(ending({ exits }, heard('!exit1/0', '!exit2/0', '!unsubscribed'))).toEqual(['exited', 'cancelled', 0]);
    const staff = { profile: { tags: ['staff'] } };
    expect(ending({ exits }, heard('!exit1/0'), staff)).toEqual(['exited', 'staff', 0]);
  });

  it('then withdrawn consent', () => {
    expect(ending({ exits: [left] }, heard('!unsubscribed'))).toEqual(['exited', 'unsubscribed', 0]);
  });

  it('then the step', () => {
    expect(ending({ goal: bought, exits: [left] }, {}, { now: LATER })).toEqual(['finished', 'finished', 1]);
  });

  it('also where a step of the same turn has made them true', () => {
    const change = { type: 'update', id: 'u', tag: ['vip'] };
    const journey = { steps: [change, send('s')] };
    const [state, outcome, said] = ending(
      { ...journey, exits: [{ if: { tag: 'vip' }, outcome: 'rich' }] },
      { cursor: null },
    );
    expect([state, outcome, said]).toEqual(['exited', 'rich', 0]);
    expect(ending({ ...journey, goal: { if: { tag: 'vip' } } }, { cursor: null })).toEqual([
      'converted',
      'converted',
      0,
    ]);
  });

  it('even before the first', () => {
    const journey = { goal: bought, steps: [send('s')] };
    expect(ending(journey, { cursor: null, next: 'start', ...heard('!goal/0') })).toEqual([
      'converted',
      'converted',
      0,
    ]);
  });

  it('even after the last', () => {
    const journey = { goal: { if: { tag: 'z' } }, steps: [tag('z')] };
    expect(ending(journey, { cursor: null })).toEqual(['converted', 'converted', 0]);
  });

  it('exits without a label are called left', () => {
    expect(ending({ exits: [{ if: { event: 'order.cancelled' } }] }, heard('!exit0/0'))).toEqual(['exited', 'left', 0]);
  });
});

describe('the goal', () => {
  it('counts once, with the event that made it true and what it was worth', () => {
    const purchase = happened('purchase', '2026-03-02T10:00', { total: 40 });
    const one = { '!goal/0': { n: 1, event: purchase.id, type: 'purchase', at: purchase.at } };
    const journey = compiled({ goal: { ...bought, value: 'total', leave: false }, steps });
    const first = turn(journey, { ...waiting, heard: one }, { events: [purchase] }).enrolment;
    expect(first.converted).toEqual({ at: NOW, event: purchase.id, value: 40 });
    const later = turn(journey, first, { now: LATER, events: [] }).enrolment;
    expect(later.converted).toEqual(first.converted);
  });

  it('is worth nothing where the event does not say, or says no number', () => {
    const purchase = happened('purchase', '2026-03-02T10:00', { total: 'much' });
    const one = { '!goal/0': { n: 1, event: purchase.id, type: 'purchase', at: purchase.at } };
    const journey = compiled({ goal: { ...bought, value: 'total' }, steps });
    expect(turn(journey, { ...waiting, heard: one }, { events: [purchase] }).enrolment.converted).toEqual({
      at: NOW,
      event: purchase.id,
    });
  });

  it('that does not leave is counted, and the passage goes on and ends as converted', () => {
    const journey = compiled({ goal: { ...bought, leave: false }, steps });
    const after = turn(journey, { ...waiting, ...heard('!goal/0') }).enrolment;
    expect(after).toMatchObject({ state: 'inside', converted: { event: 'e1' }, cursor: { step: 'w' } });
    const end = turn(journey, after, { now: LATER });
    expect(end.enrolment).toMatchObject({ state: 'converted', outcome: 'finished' });
    expect(end.messages).toHaveLength(1);
  });

  it('may be made of several things, and counts when all are there', () => {
    const both = { goal: { if: { all: [{ event: 'purchase' }, { event: 'order.delivered' }] } } };
    expect(ending(both, heard('!goal/0'))).toEqual(['inside', undefined, 0]);
    expect(ending(both, heard('!goal/0', '!goal/1'))).toEqual(['converted', 'converted', 0]);
  });

  it('counts to the end of its window, a fortnight unless it says otherwise, and no longer', () => {
    const now = '2026-03-16T09:00:00.000Z';
    expect(goalUntil(compiled({ goal: bought }), NOW, 'Europe/Warsaw')).toBe(now);
    const long = { ...waiting.cursor, step: 'w', visit: 1, began: NOW, wakeAt: '2027-01-01T00:00:00.000Z' };
    expect(ending({ goal: bought }, { cursor: long, ...heard('!goal/0') }, { now })).toEqual([
      'converted',
      'converted',
      0,
    ]);
    const late = { now: '2026-03-16T09:00:00.001Z' };
    expect(ending({ goal: bought }, { cursor: long, ...heard('!goal/0') }, late)).toEqual(['inside', undefined, 0]);
    expect(ending({ goal: { ...bought, window: 'P30D' } }, { cursor: long, ...heard('!goal/0') }, late)).toEqual([
      'converted',
      'converted',
      0,
    ]);
  });

  it('is never made by the trigger itself, also where events have to be read for it', () => {
    const trigger = { ...happened('purchase', '2026-03-02T10:00', { total: 40 }), id: 'cart-0', at: NOW };
    const sum = { goal: { if: { event: 'purchase', sum: 'total', gte: 40 } } };
    const passage = { trigger: { event: 'cart-0', type: 'purchase', at: NOW } };
    expect(ending(sum, passage, { events: [trigger], profile: { last: { purchase: NOW } } })).toEqual([
      'inside',
      undefined,
      0,
    ]);
    const next = happened('purchase', '2026-03-02T10:00', { total: 40 });
    expect(ending(sum, passage, { events: [trigger, next] })).toEqual(['converted', 'converted', 0]);
  });
});

describe('a passage that leaves', () => {
  it('takes nothing more along', () => {
    const { enrolment } = turn(compiled({ goal: bought, steps: [waitFor('w', { event: 'x' }), send('s')] }), {
      ...waiting,
      ...heard('!goal/0'),
    });
    expect(enrolment).toMatchObject({ cursor: null, next: 'finished', ended: NOW });
  });
});
