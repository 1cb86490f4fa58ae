import { describe, expect, it } from 'vitest';
import { context, end, facts, said, send, wait } from '#test/build/checked.ts';

const skip = (id: string, to: string) => ({ type: 'skip', id, to });
const branch = (id: string, steps: object[], otherwise?: object[]) => ({
  type: 'branch',
  id,
  cases: [{ if: { sample: 5 }, steps }],
  ...(otherwise && { otherwise }),
});
const repeat = (id: string, steps: object[], more: object = {}) => ({ type: 'repeat', id, times: 4, steps, ...more });
const known = context({
  journeys: {
    beans: facts({ trigger: 'manual', enrols: [] }),
    loop: facts({ trigger: 'manual', enrols: ['j'] }),
    'abandoned-cart': facts({ trigger: 'event', enrols: [] }),
  },
});
const manual = { trigger: { type: 'manual' } };
const enrol = (journey: string) => ({ type: 'enrol', id: 'go', journey });

describe('ways through a journey', () => {
  it.each([
    [
      'E29 Nobody reaches "y": every way before it ends. Move it up, or remove it.',
      [skip('s', 'z'), send('y'), wait('w'), send('z')],
    ],
    [
      'E29 Nobody reaches "y": every way before it ends. Move it up, or remove it.',
      [branch('b', [skip('s', 'z')], [end('e')]), send('y'), end('z')],
    ],
    [
      'E31 "skip" goes forward only; "a" is above. To do it again use "repeat".',
      [send('a'), wait('w'), skip('s', 'a')],
    ],
    ['E31 "skip" goes forward only; "s" is above. To do it again use "repeat".', [skip('s', 's')]],
    [
      'E31 "skip" goes forward only; "b" is above. To do it again use "repeat".',
      [branch('b', [skip('s', 'b')]), wait('w'), send('z')],
    ],
    [
      'E32 "offer" lies inside another arm; one can skip to a later step of this list or of one around it.',
      [branch('b', [skip('s', 'offer')], [send('offer')]), wait('w')],
    ],
    [
      'E15 There is no step "ofer". Did you mean "offer"?',
      [branch('b', [skip('s', 'ofer')]), wait('w'), send('offer')],
    ],
    [
      'E33 "r" would send 8 messages at once. Put a wait into it.',
      [repeat('r', [send('a'), branch('b', [send('c')])])],
    ],
    [
      'E33 "r" can run 4 times in one moment: not every way through it takes time. Put a wait with "for" into it.',
      [repeat('r', [branch('b', [wait('w')])])],
    ],
    // On Thursday at six the window is open for every pass.
    [
      'E33 "r" can send 4 messages at once: not every way through it takes time. Put a wait with "for" into it.',
      [repeat('r', [wait('w', { until: { days: ['thu'], at: '18:00' } }), send('a')])],
    ],
    [
      'E33 "r" can send 4 messages at once: not every way through it takes time. Put a wait with "for" into it.',
      [repeat('r', [{ type: 'waitFor', id: 'w', for: { tag: 'vip' }, upTo: 'P1D' }, send('a')])],
    ],
    [
      'E33 "r" can send 4 messages at once: not every way through it takes time. Put a wait with "for" into it.',
      [repeat('r', [branch('b', [skip('s', 'a')]), wait('w'), send('a')])],
    ],
    [
      'E39 Some have no "trial.endsAt", or it is past. Say "missed": "end" or "continue".',
      [wait('w', { until: { trait: 'trial.endsAt' } })],
    ],
  ])('are told: %s', (expected, steps) => {
    expect(said({ steps })).toContain(expected);
  });

  it.each([
    [
      'a repeat that waits for what becomes of its mail',
      [
        repeat('r', [
          send('a'),
          {
            type: 'waitFor',
            id: 'w',
            for: { any: [{ message: 'a', is: 'clicked' }, { event: 'purchase' }] },
            upTo: 'P1D',
          },
        ]),
      ],
    ],
    ['a skip over steps that others reach', [branch('b', [skip('s', 'z')]), send('y'), wait('w'), send('z')]],
    [
      'a skip out of a repeat',
      [repeat('r', [wait('w'), branch('b', [skip('s', 'z')])]), send('y'), wait('v'), end('z')],
    ],
    ['a step behind arms that all skip to it', [branch('b', [skip('s', 'z')], [skip('t', 'z')]), send('z')]],
    ['a repeat that waits in every arm', [repeat('r', [branch('b', [wait('w')], [wait('v')]), send('a')])]],
    [
      'a repeat with an end that may be over at once',
      [repeat('r', [wait('w'), end('e')], { until: { sample: 5 } }), send('z')],
    ],
    [
      'what happened to a message of the pass before',
      [repeat('r', [branch('b', [], [send('x')]), wait('w'), send('a')])],
    ],
    ['a date that may be missing, where it is said', [wait('w', { until: { trait: 'trial.endsAt' }, missed: 'end' })]],
  ])('are taken: %s', (_, steps) => {
    expect(said({ steps })).toEqual([]);
  });
});

describe('journeys that start and end others', () => {
  it.each([
    ['E15 There is no journey "bean". Did you mean "beans"?', { steps: [enrol('bean')] }],
    [
      'E46 "abandoned-cart" is started by an event. Only "manual" journeys can be enrolled into: give it the trigger { "type": "manual" }.',
      { steps: [enrol('abandoned-cart')] },
    ],
    [
      'E46 "j" is started by an event. Only "manual" journeys can be enrolled into: give it the trigger { "type": "manual" }.',
      { steps: [enrol('j')] },
    ],
    [
      'E34 "go" starts this very journey again, with no wait between. Put one before it.',
      { ...manual, steps: [enrol('j')] },
    ],
    [
      'E34 "go" starts this very journey again, with no wait between. Put one before it.',
      { ...manual, steps: [enrol('loop')] },
    ],
    [
      'E34 "again" starts this very journey again. Choose another event, or use "repeat".',
      { steps: [{ type: 'emit', id: 'again', event: 'cart.updated' }] },
    ],
    [
      'E15 There is no journey "bean". Did you mean "beans"?',
      { steps: [{ type: 'leave', id: 'x', journey: ['beans', 'bean'] }] },
    ],
    ['E15 To leave "j" itself, use the step "end".', { steps: [{ type: 'leave', id: 'x', journey: 'j' }] }],
  ])('are told: %s', (expected, changes) => {
    expect(said(changes, known)).toContain(expected);
  });

  it('are taken when they do not run in a circle', () => {
    expect(said({ steps: [enrol('beans'), { type: 'leave', id: 'x', journey: 'beans' }] }, known)).toEqual([]);
    expect(said({ ...manual, steps: [wait('w'), enrol('loop')] }, known)).toEqual([]);
  });
});
