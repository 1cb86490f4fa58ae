import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { compiled, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { NOW, turnInput } from '#test/build/turn.ts';

const DAY = 86_400_000;
const WEEK = plusMillis(NOW, 7 * DAY);
const on = (step: string, cursor: object = {}): Partial<Enrolment> => ({
  cursor: { step, visit: 1, began: plusMillis(NOW, -DAY), wakeAt: NOW, ...cursor },
  next: 'pause',
  turn: 1,
});
const paused = (steps: object[], passage: Partial<Enrolment> = {}, more: object = {}, now = NOW) =>
  runTurn({ ...turnInput(compiled({ steps, ...more }), passage, { now }), paused: true });

describe('a journey that is paused', () => {
  it('runs no step: who has not begun stands before the first, and looks by themselves in a week', () => {
    const { enrolment, messages } = paused([send('hello'), wait('w')]);
    expect(messages).toEqual([]);
    expect(enrolment).toMatchObject({
      next: 'pause',
      cursor: { step: 'hello', visit: 0, began: NOW, phase: 'arriving', stalled: NOW, lookAt: WEEK },
    });
  });

  it.each([
    ['a wait', wait('w', 'P3D')],
    ['a waitFor', waitFor('w', { event: 'x' }, { upTo: 'P3D' })],
  ])('lets %s go on until it comes due', (_, step) => {
    const { enrolment } = paused([step, tag('end')], on('w', { wakeAt: plusMillis(NOW, 2 * DAY) }));
    expect(enrolment.cursor).toMatchObject({ began: plusMillis(NOW, -DAY), wakeAt: plusMillis(NOW, 2 * DAY) });
    for (const name of ['stalled', 'lookAt']) expect(enrolment.cursor).not.toHaveProperty(name);
  });

  it.each([
    ['a wait', wait('w', 'P1D')],
    ['a waitFor', waitFor('w', { event: 'x' }, { upTo: 'P1D', otherwise: [tag('no')] })],
  ])('has %s that has come due stand still where it is, since then', (_, step) => {
    const before = on('w');
    const { enrolment, changes } = paused([step, tag('end')], before);
    expect(enrolment.cursor).toEqual({ ...before.cursor, turned: NOW, stalled: NOW, lookAt: WEEK });
    expect([changes, enrolment.left, enrolment.state]).toEqual([[], {}, 'inside']);
    const later = paused([step, tag('end')], enrolment, {}, WEEK).enrolment;
    expect(later.cursor).toEqual({ ...before.cursor, turned: WEEK, stalled: NOW, lookAt: plusMillis(WEEK, 7 * DAY) });
  });

  it('counts goals, and lets those leave whom an exit lets', () => {
    const heard = (id: string) => ({ heard: { [id]: { n: 1, event: 'e', type: 'purchase', at: NOW } } });
    const goal = { goal: { if: { event: 'purchase' } } };
    expect(paused([wait('w')], { ...on('w'), ...heard('!goal/0') }, goal).enrolment.state).toBe('converted');
    const exits = { exits: [{ if: { event: 'purchase' } }] };
    expect(paused([wait('w')], { ...on('w'), ...heard('!exit0/0') }, exits).enrolment.outcome).toBe('left');
  });

  it('finishes who has nothing left to do', () => {
    expect(paused([]).enrolment).toMatchObject({ state: 'finished', cursor: null });
  });

  it('goes on from where it stood, when it is live again, and remembers since when it was due', () => {
    const { enrolment } = paused([send('hello'), wait('w')]);
    const input = turnInput(compiled({ steps: [send('hello'), wait('w')] }), enrolment, { now: WEEK });
    const { messages, enrolment: after } = runTurn(input);
    expect(messages).toMatchObject([{ step: 'hello', visit: 1 }]);
    expect(after.cursor).toMatchObject({ step: 'w', began: WEEK });
    expect(after.cursor).not.toHaveProperty('stalled');
  });
});
