import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Counted } from '#shared/sending/caps.ts';
import { compiled, send, tag, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { NOW, type Situation, turn } from '#test/build/turn.ts';

// A Monday, ten in the morning in Warsaw.
const EVENING = '2026-03-02T20:30:00.000Z';
const MORNING = '2026-03-03T08:00:00.000Z';
const quiet = settings({ quiet: [{ from: '21:00', to: '09:00' }] });
const capped = settings({ caps: [{ count: 1, per: 'P1D' }] });
const counted: Counted = {
  sent: [{ at: '2026-03-02T08:00:00.000Z', channel: 'email', topic: 'news', journey: 'other' }],
  ever: {},
};

const run = (steps: object[], given: Situation, passage: Partial<Enrolment> = {}) =>
  turn(compiled({ steps }), passage, given);

describe('a send that may not go yet', () => {
  it('pauses the passage until it may, so that a wait after it counts from the sending', () => {
    const steps = [send('s'), wait('w'), tag('z')];
    const paused = run(steps, { now: EVENING, settings: quiet });
    expect(paused.messages).toEqual([]);
    expect(paused.enrolment.cursor).toMatchObject({ step: 's', began: EVENING, wakeAt: MORNING });
    const sent = run(steps, { now: MORNING, settings: quiet }, paused.enrolment);
    expect(sent.messages).toMatchObject([{ step: 's', state: 'queued', queuedAt: MORNING }]);
    expect(sent.enrolment.cursor).toMatchObject({ step: 'w', wakeAt: '2026-03-04T08:00:00.000Z' });
  });

  it.each([
    ['is sent when it may go on the last moment', 'PT11H30M', '2026-03-03T08:00:00.000Z', 'queued', undefined],
    ['is passed over when it may not go in time', 'PT11H', '2026-03-03T07:30:00.000Z', 'done', 'quiet'],
    ['goes now or never', 'PT0S', EVENING, 'done', 'quiet'],
  ])('%s', (_, expires, at, state, reason) => {
    const steps = [send('s', { expires }), tag('z')];
    const first = run(steps, { now: EVENING, settings: quiet });
    const last = at === EVENING ? first : run(steps, { now: at, settings: quiet }, first.enrolment);
    if (at !== EVENING) expect(first.enrolment.cursor?.wakeAt).toBe(at);
    expect(last.messages).toMatchObject([{ state, ...(reason && { reason, facts: { withheld: at } }) }]);
    expect(last.changes).toEqual([{ kind: 'tag', tag: 'z' }]);
  });

  it('waits a day for its turn when the journey says nothing', () => {
    const full = settings({ caps: [{ count: 1, per: 'P7D' }] });
    const steps = [send('s')];
    const first = run(steps, { settings: full, counted });
    expect(first.enrolment.cursor?.wakeAt).toBe('2026-03-03T09:00:00.000Z');
    const last = run(steps, { settings: full, counted, now: '2026-03-03T09:00:00.000Z' }, first.enrolment);
    expect(last.messages).toMatchObject([{ state: 'done', reason: 'cap' }]);
  });

  it('goes as soon as the cap allows it, and counts what the same turn has put out', () => {
    const waits = run([send('s')], { settings: capped, counted });
    expect(waits.enrolment.cursor?.wakeAt).toBe('2026-03-03T08:00:00.000Z');
    const both = run([send('a'), send('b')], { settings: capped });
    expect(both.messages.map(({ step }) => step)).toEqual(['a']);
    expect(both.enrolment.cursor).toMatchObject({ step: 'b', wakeAt: '2026-03-03T09:00:00.000Z' });
  });

  it('is not held back when it is service, but by its own window', () => {
    expect(run([send('s', { topic: 'orders' })], { settings: capped, counted }).messages).toHaveLength(1);
    const when = { from: '12:00', to: '14:00' };
    expect(run([send('s', { topic: 'orders', when })], {}).enrolment.cursor?.wakeAt).toBe('2026-03-02T11:00:00.000Z');
  });

  it('leaves when the goal is reached meanwhile', () => {
    const journey = compiled({ goal: { if: { event: 'purchase' } }, steps: [send('s')] });
    const paused = turn(journey, {}, { now: EVENING, settings: quiet }).enrolment;
    const heard = { '!goal/0': { n: 1, event: 'e', type: 'purchase', at: NOW } };
    const woken = turn(journey, { ...paused, heard }, { now: EVENING, settings: quiet });
    expect(woken).toMatchObject({ messages: [], enrolment: { state: 'converted' } });
  });
});
