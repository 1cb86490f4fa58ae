import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { hearing, hearLate } from '#shared/enrolment/late.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { compiled } from '#test/build/journey.ts';
import { NOW, turnInput } from '#test/build/turn.ts';

const said = (event: string) => ({ event, type: 'purchase', at: NOW });
const over = (given: Partial<Enrolment> = {}) =>
  enrolment({ state: 'finished', outcome: 'finished', ended: NOW, seq: 4, ...given });

describe('a passage that hears something', () => {
  it('keeps the first word of each listener, counts all of them, and what others have heard', () => {
    const first = hearing(over(), ['!goal/0', 'w/0'], said('a'));
    const second = hearing(first, ['!goal/0'], said('b'));
    expect(second).toMatchObject({
      seq: 6,
      heard: { '!goal/0': { n: 2, ...said('a') }, 'w/0': { n: 1, ...said('a') } },
    });
    expect(over().heard).toEqual({});
  });
});

describe('a passage that is over', () => {
  const both = compiled({ goal: { if: { all: [{ event: 'purchase' }, { event: 'order.delivered' }] } }, steps: [] });
  const late = (passage: Enrolment, listeners: string[], now = NOW) => {
    const { enrolment: _, ...input } = turnInput(both, passage, { now });
    return hearLate(passage, listeners, said('b'), input);
  };
  const half = { heard: { '!goal/0': { n: 1, ...said('a') } } };

  it('converts when its goal has all that it asks for', () => {
    const counted = late(over(half), ['!goal/1', 'w/0']);
    expect(counted).toMatchObject({ state: 'converted', outcome: 'converted', converted: { at: NOW, event: 'a' } });
    expect(Object.keys(counted?.heard ?? {})).toEqual(['!goal/0', '!goal/1']);
  });

  it('remembers a part of its goal for when the rest comes', () => {
    const heard = late(over(), ['!goal/1']);
    expect(heard).toMatchObject({ state: 'finished', outcome: 'finished', heard: { '!goal/1': { n: 1 } } });
    expect(heard).not.toHaveProperty('converted');
  });

  it('hears nothing but what concerns its goal', () => {
    expect(late(over(half), ['w/0', '!exit0/0'])).toBeUndefined();
  });

  it.each(['exited', 'held'] as const)('stays %s, and its goal is counted beside that', (state) => {
    expect(late(over({ ...half, state, outcome: 'left' }), ['!goal/1'])).toMatchObject({
      ...{ state, outcome: 'left' },
      converted: { event: 'a' },
    });
  });

  it('reaches no goal after its window', () => {
    const heard = late(over(half), ['!goal/1'], plusMillis(NOW, 15 * 86_400_000));
    expect(heard).toMatchObject({ state: 'finished' });
    expect(heard).not.toHaveProperty('converted');
  });
});
