import { expect, it } from 'vitest';
import { dependsOnProfile, eventTypesOf, ownMessagesOf, walk } from '#shared/condition/leaves.ts';
import { conditionOf } from './build.ts';

const nested = conditionOf({
  all: [
    {
      event: ['purchase', 'order.placed'],
      where: {
        any: [
          { data: 'total', gt: 1 },
          { data: 'vip', is: true },
        ],
      },
    },
    { not: { any: [{ message: 'reminder', is: 'clicked' }, { event: 'purchase' }] } },
    { message: 'reminder', is: 'opened' },
    { message: 'welcome/hello' },
    { message: 'any' },
    { message: 'nudge' },
  ],
});

it('the leaves of a condition come from left to right, each "where" inside its leaf', () => {
  const subjects = [...walk(nested)].map((leaf) => Object.keys(leaf)[0]);
  expect(subjects).toEqual(['event', 'message', 'event', 'message', 'message', 'message', 'message']);
});

it('the types of events are named once', () => {
  expect(eventTypesOf(nested)).toEqual(['purchase', 'order.placed']);
  expect(eventTypesOf(conditionOf({ tag: 'vip' }))).toEqual([]);
  expect(eventTypesOf(conditionOf({ any: [{ event: 'purchase' }, { not: { event: 'any' } }] }))).toBe('any');
});

it('only messages of the same passage are its own', () => {
  expect(ownMessagesOf(nested)).toEqual(['reminder', 'nudge']);
});

it.each<[object, boolean]>([
  [{ trait: 'a', is: 1 }, true],
  [{ not: { tag: 'vip' } }, true],
  [{ any: [{ event: 'purchase' }, { consent: 'offers' }] }, true],
  [{ segment: 'big' }, true],
  [{ reachable: 'email' }, true],
  [{ journey: 'welcome' }, true],
  [{ trigger: 'total', gt: { trait: 'purchases.average' } }, true],
  [{ event: 'purchase', where: { data: 'sku', is: ['x', { trait: 'favourite' }] } }, true],
  [{ event: 'purchase', since: { trait: 'visits.last' } }, true],
  [{ event: 'purchase', where: { data: 'trait', is: 'trait' } }, false],
  [{ message: 'reminder', is: 'clicked' }, false],
  [{ trigger: 'total', gt: 5 }, false],
  [{ any: [{ sample: 10 }, { now: { days: ['sat'] } }] }, false],
])('that %j depends on the profile: %s', (condition, expected) => {
  expect(dependsOnProfile(conditionOf(condition))).toBe(expected);
});
