import { describe, expect, it } from 'vitest';
import { dependsOnState, isTouched, needsOf, touchedBetween, touchedByEvent } from '#shared/condition/needs.ts';
import { profile } from '#test/build/profile.ts';
import { conditionOf } from './build.ts';

const SEGMENTS = {
  vip: conditionOf({ trait: 'points', gte: 100 }),
  nested: conditionOf({ all: [{ segment: 'vip' }, { tag: 'tea' }] }),
  itself: conditionOf({ any: [{ segment: 'itself' }, { tag: 'tea' }] }),
};
const needs = (written: unknown): string[] => [...needsOf(conditionOf(written), SEGMENTS)].sort();

describe('an answer can depend on', () => {
  it.each<[object, string[]]>([
    [{ trait: 'points', gt: 1 }, ['trait:points']],
    [{ trait: 'points', gt: { trait: 'limit' } }, ['trait:limit', 'trait:points']],
    [{ trait: 'born', before: 'now-P18Y' }, ['trait:born', 'trait:timeZone']],
    [{ trait: 'born', every: 'P1Y', next: 'P7D' }, ['trait:born', 'trait:timeZone']],
    [{ tag: 'tea' }, ['tag']],
    [{ consent: 'marketing' }, ['consent']],
    [{ reachable: 'email' }, ['consent', 'trait:email', 'trait:phone']],
    [{ journey: ['cart', 'welcome'], is: 'inside' }, ['journey:cart', 'journey:welcome']],
    [{ message: 'reminder', is: 'clicked' }, []],
    [{ message: 'any', is: 'clicked' }, ['message']],
    [{ event: ['purchase', 'order.placed'] }, ['event:order.placed', 'event:purchase']],
    [{ event: 'any', within: 'P7D' }, ['event:any', 'trait:timeZone']],
    [{ event: 'purchase', where: { data: 'total', gt: { trait: 'limit' } } }, ['event:purchase', 'trait:limit']],
    [{ segment: 'vip' }, ['trait:points']],
    [{ segment: ['vip', 'unknown'] }, ['trait:points']],
    [{ segment: 'nested' }, ['tag', 'trait:points']],
    [{ segment: 'itself' }, ['tag']],
    [{ all: [{ tag: 'tea' }, { not: { trait: 'points', gt: 1 } }] }, ['tag', 'trait:points']],
    [{ now: { from: '10:00', to: '18:00' } }, ['trait:timeZone']],
  ])('%j: %j', (written, names) => {
    expect(needs(written)).toEqual(names);
  });

  it('nothing that a passage listens for by itself, but for the traits that it names', () => {
    const heard = { event: 'purchase', listener: 'goal', where: { data: 'total', gt: { trait: 'limit' } } };
    expect([...needsOf({ ...conditionOf({ event: 'purchase' }), ...heard } as never, SEGMENTS)]).toEqual([
      'trait:limit',
    ]);
  });

  it('the same when it is asked again, and something else where a segment is another', () => {
    const condition = conditionOf({ segment: 'vip' });
    expect([...needsOf(condition, SEGMENTS)]).toEqual(['trait:points']);
    expect([...needsOf(condition, SEGMENTS)]).toEqual(['trait:points']);
    expect([...needsOf(condition, { vip: conditionOf({ tag: 'vip' }) })]).toEqual(['tag']);
  });
});

it.each<[object, boolean]>([
  [{ tag: 'tea' }, true],
  [{ segment: 'vip' }, true],
  [{ message: 'any', is: 'clicked' }, true],
  [{ message: 'reminder', is: 'clicked' }, false],
  [{ any: [{ message: 'reminder' }, { segment: 'vip' }] }, true],
])('that the contact or time can change the answer to %j is %s', (written, depends) => {
  expect(dependsOnState(conditionOf(written))).toBe(depends);
});

it('an answer is touched by what it depends on', () => {
  expect(isTouched(new Set(['tag', 'consent']), new Set(['consent']))).toBe(true);
  expect(isTouched(new Set(['tag']), new Set(['consent']))).toBe(false);
  expect(isTouched(new Set(), new Set(['consent']))).toBe(false);
});

it("an event touches its type and any, unless it is one of the journeys' own", () => {
  expect(touchedByEvent('purchase')).toEqual(['event:purchase', 'event:any']);
  expect(touchedByEvent('message.sent')).toEqual([]);
});

describe('a profile that became another has touched', () => {
  const before = profile({ traits: { points: 1, sizes: ['M'] }, tags: ['tea'], inside: {} });
  it.each<[string, object, string[]]>([
    ['nothing when it says the same', { traits: { points: 1, sizes: ['M'] }, tags: ['tea'] }, []],
    ['a trait with another value', { traits: { points: 2, sizes: ['M'] } }, ['trait:points']],
    ['a trait with another value inside', { traits: { points: 1, sizes: ['L'] } }, ['trait:sizes']],
    ['a trait that is new', { traits: { points: 1, sizes: ['M'], size: 'M' } }, ['trait:size']],
    ['a trait that is gone', { traits: { sizes: ['M'] } }, ['trait:points']],
    ['tags', { tags: ['tea', 'cups'] }, ['tag']],
    ['consents', { consents: { 'email#offers': { state: 'in', at: before.createdAt } } }, ['consent']],
    ['an address', { identities: { ...before.identities, phone: '+48500600700' } }, ['trait:phone']],
    ['a journey that it is inside of', { inside: { 'cart##1': {} } }, ['journey:cart']],
    ['the hours of the contact', { hours: [1, 2] }, ['trait:bestHour']],
    ['when it was created', { createdAt: '2020-01-01T00:00:00.000Z' }, ['trait:createdAt']],
  ])('%s', (_, changes, names) => {
    expect(touchedBetween(before, { ...before, ...changes } as never)).toEqual(names);
  });

  it('all that a new contact has', () => {
    const names = touchedBetween(undefined, before);
    expect(names).toEqual(expect.arrayContaining(['trait:points', 'trait:sizes', 'trait:createdAt', 'tag']));
    expect(names).not.toContain('consent');
  });
});
