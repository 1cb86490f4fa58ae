import { describe, expect, it } from 'vitest';
import { compiled, send, tag, wait, waitFor } from '#test/build/journey.ts';

const branch = (id: string, cases: object[][], otherwise?: object[]) => ({
  type: 'branch',
  id,
  cases: cases.map((steps) => ({ if: { tag: 'x' }, steps })),
  ...(otherwise && { otherwise }),
});
const split = (id: string, ...arms: object[][]) => ({
  type: 'split',
  id,
  arms: arms.map((steps, i) => ({ name: `arm ${i}`, weight: 100 / arms.length, steps })),
});

/** Each step with what comes after it: `next`, and where each arm leads. */
const paths = (steps: object[]) =>
  Object.fromEntries(
    [...compiled({ steps }).nodes].map(([id, { next, arms }]) => [
      id,
      Object.keys(arms).length === 0 ? next : { next, ...arms },
    ]),
  );

describe('the steps of a journey', () => {
  it('without any are none', () => {
    expect(compiled({ steps: [] })).toMatchObject({ first: null });
  });

  it('run from top to bottom', () => {
    expect(compiled({ steps: [send('a'), wait('b')] }).first).toBe('a');
    expect(paths([send('a'), wait('b'), tag('c')])).toEqual({ a: 'b', b: 'c', c: null });
  });

  it('go on after every arm with the next step of the enclosing list', () => {
    const steps = [
      waitFor('w', { event: 'purchase' }, { then: [tag('t'), tag('u')], otherwise: [tag('o')] }),
      tag('z'),
    ];
    expect(paths(steps)).toEqual({ w: { next: 'z', then: 't', otherwise: 'o' }, t: 'u', u: 'z', o: 'z', z: null });
  });

  it('go on after an arm that is empty or not there', () => {
    expect(paths([waitFor('w', { event: 'purchase' }, { then: [] }), tag('z')])).toMatchObject({
      w: { then: 'z', otherwise: 'z' },
    });
    expect(paths([split('s', [tag('a')], []), tag('z')])).toMatchObject({ s: { next: 'z', 0: 'a', 1: 'z' } });
  });

  it('may be nested to any depth, and end together', () => {
    const inner = split('s', [tag('a')], [waitFor('w', { event: 'purchase' }, { then: [tag('t')] })]);
    expect(paths([branch('b', [[inner, tag('c')], [tag('d')]], [tag('e')]), tag('z')])).toEqual({
      b: { next: 'z', 0: 's', 1: 'd', otherwise: 'e' },
      s: { next: 'c', 0: 'a', 1: 'w' },
      a: 'c',
      w: { next: 'c', then: 't', otherwise: 'c' },
      t: 'c',
      c: 'z',
      d: 'z',
      e: 'z',
      z: null,
    });
  });

  it('at the end of the last arm are over', () => {
    expect(paths([branch('b', [[split('s', [tag('a')], [])]])])).toMatchObject({ s: { 0: 'a', 1: null }, a: null });
  });

  it('stand in the table in the order of the file', () => {
    const steps = [branch('b', [[tag('a')], [tag('c')]], [tag('o')]), tag('z')];
    expect([...compiled({ steps }).nodes.keys()]).toEqual(['b', 'a', 'c', 'o', 'z']);
  });
});

describe('what a passage listens for', () => {
  const journey = compiled({
    goal: { if: { event: 'purchase', where: { data: 'total', gt: 10 } } },
    exits: [
      { if: { any: [{ event: 'order.cancelled' }, { tag: 'staff' }, { event: ['a', 'b'] }] }, outcome: 'gone' },
      { if: { message: 'hello', is: ['bounced', 'complained'] } },
    ],
    steps: [
      send('hello'),
      waitFor(
        'read',
        { all: [{ message: 'hello', is: 'clicked' }, { not: { event: 'any' } }] },
        {
          then: [waitFor('paid', { event: 'purchase' })],
        },
      ),
    ],
  });

  it('is every leaf about events and own messages, by owner and place', () => {
    expect(journey.listeners.map(({ id }) => id)).toEqual([
      '!goal/0',
      '!exit0/0',
      '!exit0/1',
      '!exit1/0',
      'read/0',
      'read/1',
      'paid/0',
    ]);
    expect(journey.listeners[0]).toMatchObject({ types: ['purchase'], where: { data: 'total', gt: 10 } });
    expect(journey.listeners[2]).toMatchObject({ types: ['a', 'b'] });
    expect(journey.listeners[3]).toMatchObject({ step: 'hello', statuses: ['bounced', 'complained'] });
    expect(journey.listeners[5]).toMatchObject({ types: 'any' });
  });

  it('is marked in the conditions themselves', () => {
    expect(journey.goal).toMatchObject({ listener: '!goal/0' });
    expect(journey.exits[0]?.if).toMatchObject({
      any: [{ listener: '!exit0/0' }, { tag: 'staff' }, { listener: '!exit0/1' }],
    });
    expect(journey.nodes.get('read')?.listening).toMatchObject({
      all: [{ listener: 'read/0' }, { not: { listener: 'read/1' } }],
    });
  });

  it('does not include messages of other journeys', () => {
    const other = compiled({ steps: [waitFor('w', { any: [{ message: 'welcome/hello' }, { message: 'any' }] })] });
    expect(other.listeners).toEqual([]);
  });

  it('says which events concern a passage at all', () => {
    const quiet = compiled({ goal: { if: { event: 'purchase' } }, steps: [waitFor('w', { event: ['a', 'b'] })] });
    expect(['purchase', 'a', 'b', 'c'].map(quiet.hears)).toEqual([true, true, true, false]);
    expect(journey.hears('whatever')).toBe(true);
    expect(compiled({}).hears('purchase')).toBe(false);
  });
});

describe('a compiled journey', () => {
  it('has an outcome for every exit, and a topic', () => {
    const journey = compiled({
      topic: undefined,
      exits: [{ if: { tag: 'a' } }, { if: { tag: 'b' }, outcome: 'gone' }],
    });
    expect(journey.exits.map(({ outcome }) => outcome)).toEqual(['left', 'gone']);
    expect(journey.topic).toBe('marketing');
  });
});
