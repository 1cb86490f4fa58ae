import { describe, expect, it } from 'vitest';
import { WATCHING_LIMIT } from '#shared/contact/profile.ts';
import { endedFromOutside, leaveDoor, leaveProfile, watchedUntil } from '#shared/enrolment/closing.ts';
import { destinationOf } from '#shared/enrolment/move.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { compiled, send } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';

const ENDED = '2026-03-05T09:00:00.000Z';
const later = (ms: number): string => plusMillis(ENDED, ms);
const over = enrolment({ state: 'finished', ended: ENDED });

describe('a passage that others end', () => {
  it.each(['merged', 'erased'] as const)('has left as %s, a turn further', (outcome) => {
    const ended = endedFromOutside(enrolment({ turn: 3, cursor: { step: 'w' } as never }), outcome, ENDED);
    expect(ended).toMatchObject({ turn: 4, cursor: null, next: 'finished', ended: ENDED, state: 'exited', outcome });
  });
});

describe('a passage that is over watches for its goal', () => {
  const withGoal = compiled({ goal: { if: { event: 'purchase' }, window: 'P7D' }, steps: [send('s')] });

  it('until its window ends, which began with the entry', () => {
    expect(watchedUntil(withGoal, over, 'UTC')).toBe('2026-03-09T09:00:00.000Z');
  });

  it('not while it is inside, once it has converted, or without a goal', () => {
    expect(watchedUntil(withGoal, enrolment(), 'UTC')).toBeUndefined();
    expect(watchedUntil(withGoal, { ...over, converted: { at: ENDED, event: 'e' } }, 'UTC')).toBeUndefined();
    expect(watchedUntil(compiled({ steps: [send('s')] }), over, 'UTC')).toBeUndefined();
  });

  it('on its profile, which is no longer inside', () => {
    const inside = profile({ inside: { 'cart##1': {}, 'welcome##1': {} } as never });
    const after = leaveProfile(inside, over, later(1));
    expect(Object.keys(after.inside)).toEqual(['welcome##1']);
    expect(after.watching).toEqual({ 'cart##1': { version: 1, until: later(1) } });
    expect(leaveProfile(inside, over, undefined).watching).toEqual({});
    expect(leaveProfile(inside, over, ENDED).watching).toEqual({});
  });

  it('beside those that still watch, of which the ones that end soonest go first', () => {
    const watching = Object.fromEntries(
      Array.from({ length: WATCHING_LIMIT }, (_, i) => [`j${i}##1`, { version: 1, until: later(i * 1000) }]),
    );
    const old = { 'gone##1': { version: 1, until: later(-1) } };
    expect(leaveProfile(profile({ watching: old }), over, undefined).watching).toEqual({});
    const after = leaveProfile(profile({ watching }), over, later(500)).watching;
    expect(Object.keys(after)).toHaveLength(WATCHING_LIMIT);
    expect(after).not.toHaveProperty('j0##1');
    expect(after).toHaveProperty('cart##1');
  });
});

describe('the door after a passage', () => {
  it('counts each outcome with its last time', () => {
    const once = leaveDoor(undefined, over);
    expect(once).toEqual({ v: 1, entries: 1, lastEntry: over.entered, outcomes: { finished: { at: ENDED, n: 1 } } });
    const twice = leaveDoor(once, { ...over, ended: later(1), outcome: 'bought' });
    expect(twice.outcomes).toEqual({ finished: { at: ENDED, n: 1 }, bought: { at: later(1), n: 1 } });
    expect(leaveDoor(twice, { ...over, ended: later(2) }).outcomes['finished']).toEqual({ at: later(2), n: 2 });
  });
});

it.each<[string, Record<string, string> | undefined, string | undefined]>([
  ['here', undefined, 'here'],
  ['here', { here: 'end' }, 'here'],
  ['gone', undefined, undefined],
  ['gone', { gone: 'here' }, 'here'],
  ['gone', { gone: 'end' }, 'end'],
  ['gone', { gone: 'nowhere' }, undefined],
])('who stands at %s goes on, as %j says, at %s', (step, moved, to) => {
  expect(destinationOf(step, compiled({ steps: [send('here')] }), moved)).toBe(to);
});
