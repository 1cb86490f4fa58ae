import { describe, expect, it } from 'vitest';
import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { goalMoment, hearState, isConcerned } from '#shared/enrolment/state.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { compiled, wait, waitFor } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { NOW, turn } from '#test/build/turn.ts';
import { scope } from '#test/shared/condition/build.ts';

const HOUR = 3_600_000;
const at = (hours: number, ms = 0) => plusMillis(NOW, hours * HOUR + ms);

const journey = compiled({
  goal: { if: { trait: 'points', gte: 10 }, window: 'P1D' },
  exits: [{ if: { tag: 'vip' } }],
  steps: [waitFor('w', { trait: 'tier', is: 'gold' }), waitFor('later', { tag: 'vip' })],
});

const waits = (until: string, given: Partial<Enrolment> = {}) =>
  enrolment({ next: 'pause', cursor: { step: 'w', visit: 1, began: NOW, wakeAt: until }, ...given });

type Given = { of?: typeof journey; passage?: Enrolment; who?: Partial<Profile>; now?: string; touched?: string[] };

const heard = ({ of = journey, passage = waits(at(10)), who, now = NOW, touched }: Given = {}) =>
  hearState(
    of,
    passage,
    (since) => scope({ now, profile: profile(who), ...(since !== undefined && { since }) }),
    touched && new Set(touched),
  );

describe('what lies on the contact', () => {
  it.each<[string, Partial<Profile>, string[]]>([
    ['nothing that matters', { traits: { points: 9, tier: 'silver' } }, []],
    ['its goal', { traits: { points: 10 } }, ['!goal/state']],
    ['an exit, and no step to come', { tags: ['vip'] }, ['!exit0/state']],
    ['the step where it stands', { traits: { tier: 'gold' } }, ['w/state']],
    [
      'all at once',
      { traits: { points: 11, tier: 'gold' }, tags: ['vip'] },
      ['!goal/state', '!exit0/state', 'w/state'],
    ],
  ])('is heard by a passage inside where it makes true %s', (_, who, listeners) => {
    expect(heard({ who })).toEqual(listeners);
  });

  it('is heard only by whom it concerns, where that is known', () => {
    const who = { traits: { points: 11, tier: 'gold' } };
    expect(heard({ who, touched: ['trait:tier'] })).toEqual(['w/state']);
    expect(heard({ who, touched: ['tag'] })).toEqual([]);
    expect(heard({ who, touched: [] })).toEqual([]);
  });

  it('is heard by the goal alone of one that is over, until its window ends', () => {
    const passage = waits(at(10), { state: 'finished', cursor: null });
    const who = { traits: { points: 11, tier: 'gold' }, tags: ['vip'] };
    expect(heard({ passage, who, now: at(24) })).toEqual(['!goal/state']);
    expect(heard({ passage, who, now: at(24, 1) })).toEqual([]);
    expect(heard({ who, now: at(24, 1) })).not.toContain('!goal/state');
  });

  it('is heard by no goal that has been counted', () => {
    expect(heard({ passage: waits(at(10), { converted: { at: NOW } }), who: { traits: { points: 11 } } })).toEqual([]);
  });

  it('is heard by nobody who asks for nothing on it', () => {
    const listening = compiled({ goal: { if: { event: 'purchase' } }, steps: [waitFor('w', { event: 'x' })] });
    expect(heard({ of: listening, who: { tags: ['vip'] } })).toEqual([]);
  });

  it('concerns a journey by what it asks for', () => {
    expect(isConcerned(journey, new Set(['trait:points']), {})).toBe(true);
    expect(isConcerned(journey, new Set(['tag']), {})).toBe(true);
    expect(isConcerned(journey, new Set(['trait:other']), {})).toBe(false);
  });
});

/** Warsaw is an hour ahead: from 15:00 there is from 14:00, five hours from now. */
const evening = { now: { from: '15:00', to: '16:00' } };

describe('what time will make true', () => {
  const timed = compiled({ steps: [waitFor('w', evening)] });

  it('is told to a passage that means to look later', () => {
    expect(heard({ of: timed, passage: waits(at(6)) })).toEqual(['w/state']);
    expect(heard({ of: timed, passage: waits(at(5, 1)) })).toEqual(['w/state']);
  });

  it('is not told to one that looks by then, or that is not to be woken at all', () => {
    expect(heard({ of: timed, passage: waits(at(5)) })).toEqual([]);
    expect(heard({ of: timed, passage: waits(at(3)) })).toEqual([]);
    const passage = waits(at(6), { cursor: { step: 'w', visit: 1, began: NOW, wakeAt: at(9), lookAt: at(5) } });
    expect(heard({ of: timed, passage })).toEqual([]);
    const over = compiled({ goal: { if: evening, window: 'P1D' }, steps: [] });
    expect(heard({ of: over, passage: enrolment({ state: 'finished' }) })).toEqual([]);
  });

  it('is told of within an hour to nobody: a passage looks once an hour at most', () => {
    const soon = at(4.5);
    expect(heard({ of: timed, passage: waits(at(5.4)), now: soon })).toEqual([]);
    expect(heard({ of: timed, passage: waits(at(5.6)), now: soon })).toEqual(['w/state']);
  });

  it('is nothing to a goal that counts no more by then', () => {
    const goal = (window: string) => compiled({ goal: { if: evening, window }, steps: [wait('w')] });
    expect(heard({ of: goal('PT5H'), passage: waits(at(20)) })).toEqual(['!goal/state']);
    expect(heard({ of: goal('PT4H'), passage: waits(at(20)) })).toEqual([]);
  });
});

describe('a passage that pauses looks again', () => {
  const lookAt = (given: object) => turn(compiled(given)).enrolment.cursor?.lookAt;

  it('when time alone may end the pause, and not otherwise', () => {
    expect(lookAt({ steps: [waitFor('w', evening)] })).toBe(at(5));
    expect(lookAt({ exits: [{ if: evening }], steps: [wait('w', 'P1D')] })).toBe(at(5));
    expect(lookAt({ exits: [{ if: evening }], steps: [wait('w', 'PT5H')] })).toBeUndefined();
    expect(lookAt({ exits: [{ if: { tag: 'vip' } }], steps: [wait('w', 'P1D')] })).toBeUndefined();
  });

  it('for the first of several, and at the earliest in an hour', () => {
    const early = { now: { from: '12:00', to: '13:00' } };
    expect(lookAt({ exits: [{ if: evening }, { if: early }], steps: [wait('w', 'P1D')] })).toBe(at(2));
    const next = { now: { from: '10:30', to: '13:00' } };
    expect(lookAt({ exits: [{ if: next }], steps: [wait('w', 'P1D')] })).toBe(at(1));
  });

  it('for a goal while it counts', () => {
    const goal = (window: string) => lookAt({ goal: { if: evening, window }, steps: [wait('w', 'P1D')] });
    expect(goal('PT5H')).toBe(at(5));
    expect(goal('PT4H')).toBeUndefined();
  });
});

describe('the goal of a passage that is over', () => {
  const ending = enrolment({ state: 'finished', ended: NOW });
  const moment = (until: string, given: Partial<Enrolment> = {}, goal: object | undefined = evening) =>
    goalMoment(
      compiled({ ...(goal && { goal: { if: goal } }), steps: [] } as object),
      { ...ending, ...given },
      scope({ now: NOW }),
      until,
    );

  it('comes true by time, if that is in time and it has not been counted', () => {
    expect(moment(at(6))).toBe(at(5));
    expect(moment(at(5))).toBe(at(5));
    expect(moment(at(5, -1))).toBeUndefined();
    expect(moment(at(6), { converted: { at: NOW } })).toBeUndefined();
  });

  it('never does by time where it asks for something else, or there is none', () => {
    expect(moment(at(6), {}, { tag: 'vip' })).toBeUndefined();
    expect(goalMoment(compiled({ steps: [] }), ending, scope({ now: NOW }), at(6))).toBeUndefined();
  });
});
