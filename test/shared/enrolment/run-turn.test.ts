import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { compiled, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { NOW, type Situation, turn } from '#test/build/turn.ts';

const LATER = '2026-03-03T09:00:00.000Z';
const update = (id: string, changes: object) => ({ type: 'update', id, ...changes });

/** The tags that a turn put on the contact, in order: where it went. */
const way = (steps: object[], passage: Partial<Enrolment> = {}, given: Situation = {}): string[] =>
  turn(compiled({ steps }), passage, given).changes.flatMap((change) => (change.kind === 'tag' ? [change.tag] : []));

/** A passage that stands on this step since NOW. */
const on = (step: string, wakeAt = LATER, more: object = {}): Partial<Enrolment> => ({
  cursor: { step, visit: 1, began: NOW, wakeAt, ...more },
  next: 'pause',
  turn: 1,
});

describe('a turn', () => {
  it('runs every step that it can without waiting', () => {
    const { enrolment, messages } = turn(compiled({ steps: [tag('a'), send('s'), tag('b'), wait('w'), tag('c')] }));
    expect(messages.map(({ step }) => step)).toEqual(['s']);
    expect(enrolment).toMatchObject({
      state: 'inside',
      next: 'pause',
      cursor: { step: 'w', visit: 1, began: NOW, wakeAt: LATER },
      visits: { a: 1, s: 1, b: 1 },
    });
  });

  it('goes on where the passage stands', () => {
    expect(way([tag('a'), wait('w'), tag('b')], on('w'), { now: LATER })).toEqual(['b']);
  });

  it('changes nothing when its moment has not come', () => {
    const passage = on('w');
    const { enrolment, messages, changes } = turn(compiled({ steps: [wait('w'), send('s')] }), passage, {
      now: '2026-03-03T08:59:59.999Z',
    });
    expect([messages, changes]).toEqual([[], []]);
    expect(enrolment).toMatchObject({ ...passage, state: 'inside' });
  });

  it('ends after the last step as finished', () => {
    const { enrolment } = turn(compiled({ steps: [tag('a')] }));
    expect(enrolment).toMatchObject({
      state: 'finished',
      outcome: 'finished',
      next: 'finished',
      ended: NOW,
      cursor: null,
    });
  });

  it('of a journey without steps ends at once', () => {
    expect(turn(compiled({})).enrolment).toMatchObject({ state: 'finished', outcome: 'finished' });
  });

  it('passes a step over whose condition is not met, with its arms', () => {
    const guarded = {
      ...waitFor('w', { event: 'purchase' }, { then: [tag('t')], otherwise: [tag('o')] }),
      if: { tag: 'vip' },
    };
    expect(way([guarded, { ...tag('x'), if: { tag: 'vip' } }, tag('z')])).toEqual(['z']);
    expect(way([{ ...tag('x'), if: { tag: 'vip' } }], {}, { profile: { tags: ['vip'] } })).toEqual(['x']);
  });

  it('asks a step for its condition once, when it comes to it', () => {
    const guarded = { ...wait('w'), if: { tag: 'vip' } };
    expect(way([guarded, tag('z')], on('w'), { now: NOW })).toEqual([]);
  });

  it('sees what its own steps have changed', () => {
    const steps = [
      update('u', { set: { tier: 'gold' }, tag: ['vip'] }),
      {
        type: 'branch',
        id: 'b',
        cases: [{ if: { all: [{ trait: 'tier', is: 'gold' }, { tag: 'vip' }] }, steps: [tag('yes')] }],
        otherwise: [tag('no')],
      },
    ];
    expect(way(steps)).toEqual(['vip', 'yes']);
  });

  it('is the same whenever it is run with the same input', () => {
    const steps = [
      send('s'),
      {
        type: 'split',
        id: 'x',
        arms: [
          { name: 'a', weight: 50, steps: [tag('a')] },
          { name: 'b', weight: 50, steps: [tag('b')] },
        ],
      },
      wait('w'),
    ];
    const journey = compiled({ steps });
    expect(turn(journey)).toEqual(turn(journey));
  });

  it('that would never end stops loudly', () => {
    const journey = compiled({ steps: [{ type: 'wait', id: 'a', until: '2026-03-01T10:00' }] });
    const node = journey.nodes.get('a');
    if (!node) throw new Error('no node');
    const endless = { ...journey, nodes: new Map([['a', { ...node, next: 'a' }]]) };
    expect(() => turn(endless)).toThrow(/20000 steps/);
  });

  it('of a passage on a step that its version does not have stops loudly', () => {
    expect(() => turn(compiled({ steps: [tag('a')] }), on('gone'))).toThrow(/version 1 does not have/);
  });

  it('that is full ends before the next step, and the next turn begins in the same moment', () => {
    const many = Array.from({ length: 100 }, (_, i) => send(`s${i}`));
    const journey = compiled({ steps: [...many, tag('z')] });
    let passage: Partial<Enrolment> = {};
    const sent: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const result = turn(journey, passage);
      sent.push(result.messages.length);
      passage = result.enrolment;
      if (n < 2) expect(passage.cursor).toMatchObject({ wakeAt: NOW, phase: 'arriving' });
    }
    expect(sent).toEqual([40, 40, 20]);
    expect(passage).toMatchObject({ state: 'finished', visits: { s0: 1, s40: 1, s80: 1, z: 1 } });
    expect(new Set(Object.values(passage.messages ?? {})).size).toBe(100);
  });
});
