import { describe, expect, it } from 'vitest';
import { said, send, wait } from '#test/build/checked.ts';

const later = (what: string, instead: string) => `E50 ${what} not available yet. ${instead}`;
const consents = { consent: 'offers' };
const step = (type: string, more: object) => ({ steps: [{ type, id: 'x', ...more }] });

describe('what the language has and this version does not run', () => {
  it.each([
    [
      later('"products" are', 'Write them into the template.'),
      { steps: [send('x', { products: { list: 'new', count: 3 } })] },
    ],
    [later('"survey" is', 'Put a link for each answer into the mail.'), { steps: [send('x', { survey: 'nps' })] }],
    [
      later('An automatic winner is', 'Use "winner": "manual".'),
      step('split', {
        arms: [
          { name: 'a', weight: 50, steps: [] },
          { name: 'b', weight: 50, steps: [] },
        ],
        experiment: { metric: 'goal', winner: { after: 'P14D', confidence: 95 } },
      }),
    ],
    [
      later('Answers to surveys are', 'Ask which link was clicked.'),
      { goal: { if: { message: 'first', is: ['clicked', 'answered'] } } },
    ],
  ])('is refused: %s', (expected, changes) => {
    expect(said(changes)).toEqual([expected]);
  });

  it('is refused where a mail would go by another channel', () => {
    expect(said({ steps: [send('x', { channel: ['push', 'email'] })] })).toContain(
      later('Channels other than email are', 'Say "channel": "email".'),
    );
  });
});

describe('what this version runs', () => {
  it.each([
    [
      'a quiet trigger with a filter',
      { trigger: { type: 'event', event: ['a', 'b'], where: { data: 'total', gt: 0 }, quietFor: 'PT1H' } },
    ],
    [
      'a door with a key and a pause',
      { entry: { if: consents, key: 'orderId', again: { after: 'P7D', atMost: 3, whileInside: 'ignore' } } },
    ],
    [
      'conditions at the door',
      {
        entry: {
          if: {
            all: [
              consents,
              { trait: 'points', gte: 3 },
              { trigger: 'total', gt: 5 },
              { tag: 'a' },
              { event: 'b', within: 'P30D', gte: 3 },
              { sample: 50 },
              { now: { days: ['mon'] } },
              { reachable: 'email' },
              { not: { segment: 'vip' } },
            ],
          },
        },
      },
    ],
    [
      'a goal with all it has',
      {
        goal: {
          if: { any: [{ event: 'purchase' }, { message: 'first', is: 'clicked' }] },
          window: 'P7D',
          leave: false,
          value: 'total',
        },
      },
    ],
    ['a journey that a segment starts', { trigger: { type: 'segment', segment: 'vip', when: 'enters' } }],
    [
      'states in goal, exits and waitFor',
      {
        goal: { if: { any: [{ segment: 'vip' }, { trait: 'points', gte: 5 }] } },
        exits: [{ if: { not: { consent: 'offers' } } }, { if: { journey: 'j' } }, { if: { tag: 'vip' } }],
        steps: [
          send('first'),
          {
            type: 'waitFor',
            id: 'w',
            for: {
              any: [{ message: 'any', is: 'clicked' }, { not: { reachable: 'email' } }, { now: { days: ['sat'] } }],
            },
            upTo: 'P1D',
          },
        ],
      },
    ],
    ['exits', { exits: [{ if: { event: 'a', where: { data: 'id', is: { trigger: 'id' } } }, outcome: 'gone' }] }],
    [
      'waits',
      {
        steps: [
          wait('a', { for: 'P1D', until: { from: '10:00', to: '20:00' } }),
          wait('b', { until: '2026-12-24T10:00' }),
          wait('c', { for: { trait: 'cycle', times: 0.9, otherwise: 'P30D' } }),
        ],
      },
    ],
    [
      'updates',
      {
        steps: [
          {
            type: 'update',
            id: 'u',
            set: { tier: 'gold' },
            unset: ['trial'],
            add: { points: 5 },
            tag: ['x'],
            untag: ['y'],
          },
        ],
      },
    ],
    [
      'an experiment that a person decides',
      step('split', {
        arms: [
          { name: 'a', weight: 50, steps: [] },
          { name: 'b', weight: 50, steps: [] },
        ],
        experiment: { metric: 'goal', winner: 'manual' },
      }),
    ],
    [
      'a call, and what it was answered',
      {
        steps: [
          { type: 'call', id: 'c', endpoint: 'crm', answer: true },
          { type: 'update', id: 'u', set: { tier: { step: 'c.tier' } } },
        ],
      },
    ],
    ['a call to a colleague', step('call', { endpoint: 'a' })],
    ['a priority', { priority: 80 }],
    ['publishing as usual', { publish: { inside: 'finish' } }],
  ])('is accepted: %s', (_, changes) => {
    expect(said(changes)).toEqual([]);
  });
});
