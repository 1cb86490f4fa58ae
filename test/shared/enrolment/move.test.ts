import { describe, expect, it } from 'vitest';
import type { Enrolment, Heard } from '#shared/enrolment/enrolment.ts';
import { carriedOver, heardAnew, moveTo } from '#shared/enrolment/move.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { compiled, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { KnownFacts, scope } from '#test/shared/condition/build.ts';

const ENTERED = '2026-03-02T09:00:00.000Z';
const HOUR = 3_600_000;
const at = (hours: number, ms = 0) => plusMillis(ENTERED, hours * HOUR + ms);
const NOW = at(48);

type Cursor = NonNullable<Enrolment['cursor']>;
const on = (step: string, cursor: Partial<Cursor> = {}, given: Partial<Enrolment> = {}) =>
  enrolment({
    turn: 3,
    next: 'pause',
    cursor: { step, visit: 2, began: at(10), wakeAt: at(99), ...cursor },
    ...given,
  });

type Steps = readonly object[];
const versions = (from: Steps, to: Steps, moved?: Record<string, string>) => ({
  from: compiled({ steps: from }, 1),
  to: compiled({ steps: to, ...(moved && { publish: { inside: 'move', moved } }) } as object, 2),
});
const move = (passage: Enrolment, from: Steps, to: Steps, moved?: Record<string, string>) =>
  moveTo(passage, versions(from, to, moved), {}, NOW);

describe('a passage that an edit takes along', () => {
  const waits = [wait('think'), tag('end')];

  it('is on the new version in its next leg, and remembers by which it entered', () => {
    expect(move(on('think'), waits, waits)).toMatchObject({
      ...{ version: 2, first: 1, leg: 2, turn: 3, next: 'start' },
      begun: { at: NOW, turn: 3, vain: 0 },
    });
    expect(move(on('think', {}, { first: 1, version: 4 }), waits, waits).first).toBe(1);
  });

  it('goes on waiting on the same step, reckoned from when that began', () => {
    const there = { step: 'think', visit: 2, began: at(10), wakeAt: NOW, moved: true };
    expect(move(on('think'), waits, [tag('more'), wait('think', 'P9D')]).cursor).toEqual(there);
    expect(move(on('think', { stalled: at(20) }), waits, waits).cursor).toEqual({ ...there, stalled: at(20) });
  });

  it.each<[string, Partial<Cursor>, Steps, Record<string, string>?]>([
    ['that is of another kind now', {}, [waitFor('think', { event: 'x' })]],
    ['that it had not begun', { phase: 'arriving', visit: 0 }, waits],
    ['that the edit names instead', {}, [wait('rest'), tag('end')], { think: 'rest' }],
  ])('arrives anew on a step %s', (_, cursor, to, moved) => {
    expect(move(on('think', { stalled: at(20), ...cursor }), waits, to, moved).cursor).toEqual({
      step: moved?.['think'] ?? 'think',
      ...{ visit: 0, began: NOW, wakeAt: NOW, phase: 'arriving', stalled: at(20) },
    });
    expect(move(on('think', cursor), waits, to, moved).cursor).not.toHaveProperty('stalled');
  });

  it('before its first turn has nothing to go on with', () => {
    const fresh = enrolment();
    expect(move(fresh, waits, waits)).toMatchObject({ version: 2, cursor: null });
    expect(move(fresh, waits, waits)).not.toHaveProperty('passed');
  });

  it('runs no step again that it has behind it and that lies ahead now', () => {
    const visits = { hello: 1, early: 1 };
    const passage = on('think', {}, { visits, passed: ['old'] });
    const to = [send('early'), wait('think'), send('hello'), send('new')];
    expect(move(passage, [send('early'), send('hello'), wait('think')], to).passed).toEqual(['hello']);
    expect(move(passage, waits, waits)).not.toHaveProperty('passed');
  });
});

describe('a repeat', () => {
  const again = (...steps: object[]) => ({ type: 'repeat', id: 'again', times: 5, steps });
  const inside = [again(send('hello'), wait('think'))];

  it('that an edit has put around a passage finds it in the first pass', () => {
    expect(move(on('think'), [wait('think')], inside).passes).toEqual({ again: 1 });
    expect(move(on('think'), [wait('think')], [wait('think')])).not.toHaveProperty('passes');
  });

  it('that was around it before is in the same pass, in which its steps come again', () => {
    const passage = on('think', {}, { passes: { again: 3 }, visits: { hello: 3, more: 3 } });
    const moved = move(passage, inside, [again(wait('think'), send('hello')), send('more')]);
    expect(moved.passes).toEqual({ again: 3 });
    expect(moved.passed).toEqual(['more']);
  });

  it('begins the same pass anew for who is sent to it', () => {
    const passage = on('think', {}, { passes: { again: 3 } });
    expect(move(passage, inside, [again(send('hello'))], { think: 'again' }).passes).toEqual({ again: 2 });
    const waiting = on('again', {}, { passes: { again: 3 } });
    expect(move(waiting, inside, inside).passes).toEqual({ again: 3 });
  });
});

const heard = (n: number, event = 'e'): Heard => ({ n, event, type: 'purchase', at: ENTERED });

describe('what a moved passage has heard', () => {
  const exits = (...types: string[]) => types.map((event) => ({ if: { event } }));
  const carried = (from: object, to: object, before: Enrolment['heard'], step = 'w') =>
    carriedOver(on(step, {}, { heard: before }), { from: compiled(from, 1), to: compiled(to, 2) });

  it('stays with who listens for the same, wherever that stands in the file now', () => {
    const from = { goal: { if: { event: 'purchase' } }, steps: [waitFor('w', { event: 'page.viewed' })] };
    const to = {
      goal: { if: { any: [{ event: 'registration' }, { event: 'purchase' }] } },
      steps: [waitFor('w', { any: [{ event: 'x' }, { event: 'page.viewed' }] })],
    };
    expect(carried(from, to, { '!goal/0': heard(2), 'w/0': heard(3, 'f') })).toEqual({
      '!goal/1': heard(2),
      'w/1': heard(3, 'f'),
    });
  });

  it('is that of an exit for any exit that listens for the same, a goal’s for none of them', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'order.cancelled'];
    const from = { goal: { if: { event: 'order.cancelled' } }, exits: exits(...many), steps: [wait('w')] };
    const to = { exits: exits('order.cancelled', 'b'), steps: [wait('w')] };
    expect(carried(from, to, { '!exit11/0': heard(1) })).toEqual({ '!exit0/0': heard(1) });
    expect(carried(from, to, { '!goal/0': heard(1) })).toEqual({});
    const back = { exits: exits(...many), steps: [wait('w')] };
    expect(carried(to, back, { '!exit0/0': heard(1) })).toEqual({ '!exit11/0': heard(1) });
  });

  it('is forgotten where nobody listens for it any more, or another step does', () => {
    const from = { steps: [waitFor('w', { event: 'page.viewed' })] };
    expect(carried(from, { steps: [waitFor('w', { event: 'x' })] }, { 'w/0': heard(1) })).toEqual({});
    expect(carried(from, { steps: [waitFor('v', { event: 'page.viewed' })] }, { 'w/0': heard(1) })).toEqual({});
    const later = { steps: [wait('v'), waitFor('w', { event: 'page.viewed' })] };
    expect(carried(later, later, { 'w/0': heard(1) }, 'v')).toEqual({});
  });

  it('is what it was told from outside, too', () => {
    const orders = { '!unsubscribed': heard(1), '!leave': heard(1) };
    expect(carried({ steps: [] }, { steps: [] }, { ...orders, '!goal/state': heard(1) })).toEqual(orders);
  });
});

describe('what a moved passage would have heard', () => {
  const happened = (id: string, type: string, when: string, arrived = when): StoredEvent => ({
    ...{ id, type, data: {} },
    at: when,
    arrived,
  });
  const trigger = { event: 'cart-0', type: 'cart.updated', at: ENTERED, arrived: ENTERED };
  const anew = (from: object, to: object, events: StoredEvent[], step = 'w') =>
    heardAnew(
      on(step, {}, { trigger }),
      { from: compiled(from, 1), to: compiled(to, 2) },
      scope({ now: NOW, facts: new KnownFacts({ events }) }),
    );

  it('by a new goal or exit is what has happened since the trigger, but for the trigger', () => {
    const to = { goal: { if: { event: ['purchase', 'cart.updated'] } }, exits: [{ if: { event: 'x' } }], steps: [] };
    const events = [
      happened('cart-0', 'cart.updated', ENTERED),
      happened('before', 'purchase', at(-1)),
      happened('first', 'purchase', at(1)),
      happened('last', 'purchase', at(2)),
    ];
    expect(anew({ steps: [] }, to, events)).toEqual({
      '!goal/0': { n: 2, event: 'first', type: 'purchase', at: at(1) },
    });
  });

  it('by a waitFor is what has arrived since the step began, of a day before at most', () => {
    const to = { steps: [waitFor('w', { event: 'purchase' }), waitFor('later', { event: 'purchase' })] };
    const events = [
      happened('stale', 'purchase', at(10 - 24, -1), at(11)),
      happened('known', 'purchase', at(9), at(10, -1)),
      happened('late', 'purchase', at(10 - 24), at(10)),
      { ...happened('now', 'purchase', at(12)), arrived: undefined },
    ];
    expect(anew({ steps: [wait('w')] }, to, events as StoredEvent[])).toEqual({
      'w/0': { n: 2, event: 'late', type: 'purchase', at: at(10 - 24) },
    });
  });

  it('is nothing by who listened before, by who does not hear it, and of messages', () => {
    const where = { data: 'total', gte: 5 };
    const asked = { steps: [waitFor('w', { event: 'purchase' })] };
    const events = [happened('one', 'purchase', at(12))];
    expect(anew(asked, asked, events)).toEqual({});
    expect(anew({ steps: [] }, { steps: [waitFor('w', { event: 'purchase', where })] }, events)).toEqual({});
    const ofMail = { steps: [send('s'), waitFor('w', { message: 's', is: 'clicked' })] };
    expect(anew({ steps: [] }, ofMail, events)).toEqual({});
  });
});
