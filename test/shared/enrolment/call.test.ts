import { describe, expect, it } from 'vitest';
import { compiled, tag } from '#test/build/journey.ts';
import { NOW, turn } from '#test/build/turn.ts';

const asking = { type: 'call', id: 'tell', endpoint: 'crm', answer: true, otherwise: [tag('failed')] };
const journey = compiled({ steps: [asking, tag('done')] });

/** A passage that an edit has taken along while it stood on the call. */
const BEGAN = '2026-03-02T08:50:00.000Z';
const moved = { next: 'pause', cursor: { step: 'tell', visit: 1, began: BEGAN, wakeAt: NOW, moved: true } } as const;
const made = turn(journey).calls[0];
if (!made) throw new Error('nobody was called');
const { id } = made;

describe('a call', () => {
  it('is waited for an hour and some minutes', () => {
    expect(turn(journey).enrolment.cursor).toMatchObject({ step: 'tell', wakeAt: '2026-03-02T10:05:00.000Z' });
  });

  it('is not made again because an edit has moved the passage that waits for it', () => {
    const { calls, enrolment: after } = turn(journey, moved, {
      calls: { [id]: made },
      now: '2026-03-02T09:10:00.000Z',
    });
    expect(calls).toEqual([]);
    expect(after.cursor).toMatchObject({ step: 'tell', wakeAt: '2026-03-02T09:55:00.000Z' });
  });

  it('that was answered meanwhile lets the moved passage go on', () => {
    const done = { ...made, state: 'done', ok: true, reply: { tier: 'gold' } } as const;
    const { calls, enrolment: after } = turn(journey, moved, { calls: { [id]: done } });
    expect(calls).toEqual([]);
    expect(after).toMatchObject({ state: 'finished', left: { tell: { ok: true, tier: 'gold' } } });
  });

  it('of many in a row leaves room in what a turn writes', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ type: 'call', id: `c${i}`, endpoint: 'crm' }));
    expect(turn(compiled({ steps: many })).calls).toHaveLength(10);
  });
});
