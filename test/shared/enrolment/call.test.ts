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

  it.each([
    ['that wants the answer', { answer: true }, true, true],
    ['that says what comes otherwise', { otherwise: [tag('failed')] }, true, false],
    ['that wants nothing', {}, false, false],
    ['that wants nothing and has nothing otherwise', { otherwise: [] }, false, false],
  ])('%s is waited for or not', (_, given, waits, answer) => {
    const { calls, enrolment: after } = turn(
      compiled({ steps: [{ type: 'call', id: 'tell', endpoint: 'crm', ...given }] }),
    );
    expect(calls).toMatchObject([{ waits, answer, titles: { journey: 'Cart', step: 'tell' } }]);
    expect(after.state).toBe(waits ? 'inside' : 'finished');
  });

  it('that is not answered in time goes the other way', () => {
    const late = turn(journey, { ...moved, cursor: { ...moved.cursor, began: '2026-03-02T07:50:00.000Z' } }, {});
    expect(late.enrolment.left['tell']).toEqual({ at: '2026-03-02T07:50:00.000Z', ok: false });
    expect(late.changes).toMatchObject([{ tag: 'failed' }, { tag: 'done' }]);
  });

  it('names the contact as the shop does, where that has a name for them', () => {
    expect(made).not.toHaveProperty('externalId');
    expect(turn(journey, {}, { profile: { identities: { externalId: '4711' } } }).calls[0]?.externalId).toBe('4711');
  });

  it('says which fields had no room in its body', () => {
    const body = { small: 1, [`large${'x'.repeat(80)}`]: 'x'.repeat(70_000) };
    const [sent] = turn(compiled({ steps: [{ type: 'call', id: 'tell', endpoint: 'crm', body }] })).calls;
    expect(sent).toMatchObject({ body: { small: 1 }, cut: [`large${'x'.repeat(55)}`] });
    expect(made).not.toHaveProperty('cut');
  });
});
