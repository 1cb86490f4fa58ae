import { describe, expect, it } from 'vitest';
import { diffJourneys, isSame } from '#shared/journey/diff.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { journey, send, wait, waitFor } from '#test/build/journey.ts';

const CLICKED = { message: 'hello', is: 'clicked' };
const base = [
  send('hello'),
  wait('think', 'P2D'),
  waitFor('clicked', CLICKED, { then: [send('thanks')] }),
  send('bye'),
];
const steps = (...list: object[]): Journey => journey({ steps: list });
const between = (before: Journey, after: Journey) => diffJourneys(before, after).steps;

it('finds nothing between a journey and itself, nor in notes and the order of keys', () => {
  expect(isSame(diffJourneys(steps(...base), steps(...base)))).toBe(true);
  const noted = journey({ note: 'Hm', steps: [{ note: 'x', template: 'hello', id: 'hello', type: 'send' }] });
  expect(isSame(diffJourneys(steps(send('hello')), noted))).toBe(true);
});

describe('steps', () => {
  it('that are new or gone are named with what they do', () => {
    const after = steps(...base.slice(0, 2), ...base.slice(3), send('nudge', { template: 'nudge' }));
    expect(between(steps(...base), after)).toEqual([
      { step: 'nudge', type: 'send', says: 'Send "nudge"', change: 'added' },
      { step: 'clicked', type: 'waitFor', says: expect.stringMatching(/^Wait until/), change: 'removed' },
      { step: 'thanks', type: 'send', says: 'Send "hello"', change: 'removed' },
    ]);
  });

  it.each([
    ['a length', wait('a', 'P2D'), wait('a', 'P3D'), ['for'], ['Wait 2 days'], ['Wait 3 days']],
    ['a condition', send('a'), send('a', { if: { tag: 'vip' } }), ['if'], [], ['only if they are tagged "vip"']],
    ['a template', send('a'), send('a', { template: 'b' }), ['template'], ['Send "hello"'], ['Send "b"']],
    [
      'a case',
      { type: 'branch', id: 'a', cases: [{ name: 'vip', if: { tag: 'vip' }, steps: [] }] },
      { type: 'branch', id: 'a', cases: [{ name: 'vip', if: { tag: 'gold' }, steps: [] }] },
      ['cases'],
      ['vip: if they are tagged "vip"'],
      ['vip: if they are tagged "gold"'],
    ],
    ['its kind', wait('a'), send('a'), ['type', 'for', 'template'], ['Wait 1 day'], ['Send "hello"']],
    ['a name', wait('a'), { ...wait('a'), name: 'Rest' }, ['name'], [], ['called "Rest"']],
  ])('say %s as it was and as it is', (_, before, after, keys, was, is) => {
    expect(between(steps(before), steps(after))).toMatchObject([
      { step: 'a', change: 'changed', keys, before: was, after: is },
    ]);
  });

  it('may give values of any name to their templates', () => {
    const [change] = between(
      steps(send('a', { data: { id: 1, note: 2 } })),
      steps(send('a', { data: { note: 2, id: 3 } })),
    );
    expect(change).toMatchObject({
      keys: ['data'],
      before: ['with id = 1 and note = 2'],
      after: ['with note = 2 and id = 3'],
    });
  });

  it('are shown as they are written where words do not tell them apart', () => {
    const [change] = between(steps(send('a', { data: {} })), steps(send('a')));
    expect(change).toMatchObject({ keys: ['data'], before: ['data: {}'], after: ['data: nothing'] });
  });

  it('do not change by what changes inside their arms', () => {
    const after = steps(
      ...base.slice(0, 2),
      waitFor('clicked', CLICKED, { then: [send('thanks', { template: 'b' })] }),
      send('bye'),
    );
    expect(between(steps(...base), after).map(({ step }) => step)).toEqual(['thanks']);
  });

  it('that stand elsewhere say where from and where to', () => {
    const after = steps(...base.slice(0, 2), waitFor('clicked', CLICKED), send('thanks'), send('bye'));
    expect(between(steps(...base), after)).toEqual([
      {
        ...{ step: 'thanks', type: 'send', says: 'Send "hello"', change: 'changed', keys: [], before: [], after: [] },
        moved: { from: { within: 'clicked', arm: 'in time' }, to: { behind: 'clicked' } },
      },
    ]);
  });

  it('that change places are as few as can be', () => {
    const after = steps(wait('think', 'P2D'), ...base.slice(2), send('hello'));
    expect(between(steps(...base), after).map(({ step }) => step)).toEqual(['hello']);
  });

  it('have not moved when a case was put before theirs', () => {
    const cases = [{ if: { tag: 'vip' }, steps: [send('a')] }];
    const more = [{ if: { tag: 'staff' }, steps: [] }, ...cases];
    const changes = between(
      steps({ type: 'branch', id: 'who', cases }),
      steps({ type: 'branch', id: 'who', cases: more }),
    );
    expect(changes.map(({ step }) => step)).toEqual(['who']);
  });
});

it('rules beside the steps are said by the row that a picture shows them in', () => {
  const before = journey({ goal: { if: { event: 'purchase' } } });
  const after = journey({
    status: 'paused',
    trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' },
    entry: { again: { after: 'P7D' } },
  });
  expect(diffJourneys(before, after).rules).toEqual([
    { row: 'Status', before: ['live'], after: ['paused: nobody enters, who is inside stands still'] },
    { row: 'Starts', before: ['when cart.updated happens'], after: ['1 hour after the last cart.updated'] },
    { row: 'How often', before: ['once ever'], after: ['again, 7 days after the last time at the soonest'] },
    { row: 'Goal', before: ['purchase happened', 'within 14 days of entry'], after: [] },
  ]);
});
