import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { percentile } from '#shared/enrolment/ids.ts';
import { runTurn } from '#shared/enrolment/run-turn.ts';
import { compiled, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { NOW, type Situation, turn, turnInput } from '#test/build/turn.ts';
import { happened, message } from '#test/shared/condition/build.ts';

const LATER = '2026-03-03T09:00:00.000Z';
const end = (id: string, outcome?: string) => ({ type: 'end', id, ...(outcome && { outcome }) });
const update = (id: string, changes: object) => ({ type: 'update', id, ...changes });

/** The tags that a turn put on the contact, in order: where it went. */
const way = (steps: object[], passage: Partial<Enrolment> = {}, given: Situation = {}): string[] =>
  turn(compiled({ steps }), passage, given).changes.flatMap((change) => (change.kind === 'tag' ? [change.tag] : []));

/** A passage that stands on this step since NOW. */
const on = (step: string, wakeAt = LATER, more: object = {}): Partial<Enrolment> => ({
  cursor: { step, visit: 1, began: NOW, wakeAt, ...more },
  next: 'pause',
  turn: 1,
});
const heard = (...ids: string[]): Pick<Enrolment, 'heard'> => ({
  heard: Object.fromEntries(ids.map((id) => [id, { n: 1, event: 'e1', type: 'purchase', at: NOW }])),
});

describe('a send', () => {
  it('says one thing: its id is the same whenever the turn is run, and another for each passage and step', () => {
    const journey = compiled({
      steps: [send('s', { sender: 'care', data: { percent: 10 } }), send('t', { topic: 'orders' })],
    });
    const [s, t] = turn(journey).messages;
    expect(s).toMatchObject({
      step: 's',
      visit: 1,
      channel: 'email',
      topic: 'offers',
      lane: 'marketing',
      template: 'hello',
      sender: 'care',
      data: { percent: 10 },
      queuedAt: NOW,
      state: 'queued',
      facts: {},
    });
    expect(t).toMatchObject({ topic: 'orders', lane: 'transactional' });
    const other = turn(journey, { id: 'f'.repeat(32) }).messages[0];
    expect(new Set([s?.id, t?.id, other?.id]).size).toBe(3);
    expect(turn(journey).messages[0]?.id).toBe(s?.id);
  });

  it('leaves its channel, and is known to the steps after it', () => {
    const { enrolment, messages } = turn(compiled({ steps: [send('s'), wait('w')] }));
    expect(enrolment.left['s']).toEqual({ at: NOW, channel: 'email' });
    expect(enrolment.messages).toEqual({ s: messages[0]?.id });
  });

  it('takes the channel of the shop unless it names one', () => {
    const sms = settings({ channels: { default: 'sms' } });
    const channelOf = (more: object) =>
      turn(compiled({ steps: [send('s', more)] }), {}, { settings: sms }).messages[0]?.channel;
    expect([channelOf({}), channelOf({ channel: 'push' }), channelOf({ channel: ['email', 'sms'] })]).toEqual([
      'sms',
      'push',
      'email',
    ]);
  });
});

describe('a wait', () => {
  it('by reference lasts as long as a value says', () => {
    const own = { type: 'wait', id: 'w', for: { trait: 'cycle', times: 2, otherwise: 'P9D' } };
    const wakeAt = (traits = {}) =>
      turn(compiled({ steps: [own] }), {}, { profile: { traits } }).enrolment.cursor?.wakeAt;
    expect(wakeAt({ cycle: 'P1D' })).toBe('2026-03-04T09:00:00.000Z');
    expect(wakeAt()).toBe('2026-03-11T09:00:00.000Z');
  });

  it('keeps the end that it had at its beginning', () => {
    const own = { type: 'wait', id: 'w', for: { trait: 'cycle', otherwise: 'P9D' } };
    expect(way([own, tag('z')], on('w'), { now: LATER, profile: { traits: { cycle: 'P90D' } } })).toEqual(['z']);
  });

  it('first lasts for its time, then until its window opens', () => {
    const office = { type: 'wait', id: 'w', for: 'PT4H', until: { days: ['mon'], from: '10:00', to: '11:00' } };
    const steps = [office, tag('z')];
    const first = turn(compiled({ steps }));
    expect(first.enrolment.cursor).toMatchObject({ wakeAt: '2026-03-02T13:00:00.000Z', phase: 'for' });
    const then = turn(compiled({ steps }), first.enrolment, { now: '2026-03-02T13:00:00.000Z' });
    expect(then.enrolment.cursor).toMatchObject({ wakeAt: '2026-03-09T09:00:00.000Z', phase: 'until', began: NOW });
    expect(way(steps, then.enrolment, { now: '2026-03-09T08:59:59.999Z' })).toEqual([]);
    expect(way(steps, then.enrolment, { now: '2026-03-09T09:00:00.000Z' })).toEqual(['z']);
  });

  it('until a window that is open passes at once', () => {
    expect(way([{ type: 'wait', id: 'w', until: { from: '09:00', to: '11:00' } }, tag('z')])).toEqual(['z']);
  });

  it.each([
    ['a moment to come', '2026-03-02T11:00', '2026-03-02T10:00:00.000Z'],
    ['a day', '2026-03-05', '2026-03-04T23:00:00.000Z'],
    ['an instant for all', '2026-03-02T12:00Z', '2026-03-02T12:00:00.000Z'],
  ])('until %s lasts until then', (_, until, wakeAt) => {
    expect(turn(compiled({ steps: [{ type: 'wait', id: 'w', until }] })).enrolment.cursor?.wakeAt).toBe(wakeAt);
  });

  it('until a moment that has passed passes at once', () => {
    expect(way([{ type: 'wait', id: 'w', until: '2026-03-01T10:00' }, tag('z')])).toEqual(['z']);
  });

  it('that was woken by something else goes on waiting', () => {
    const { enrolment } = turn(compiled({ steps: [wait('w')] }), { ...on('w'), ...heard('later/0') }, { now: NOW });
    expect(enrolment.cursor).toMatchObject({ wakeAt: LATER, began: NOW });
  });
});

describe('a waitFor', () => {
  const steps = [waitFor('w', { event: 'purchase' }, { then: [tag('yes')], otherwise: [tag('no')] }), tag('z')];

  it('waits until its time is up, and takes otherwise', () => {
    const { enrolment } = turn(compiled({ steps }));
    expect(enrolment.cursor).toMatchObject({ step: 'w', wakeAt: LATER });
    expect(way(steps, on('w'), { now: '2026-03-03T08:59:59.999Z' })).toEqual([]);
    expect(way(steps, on('w'), { now: LATER })).toEqual(['no', 'z']);
  });

  it('takes then as soon as it has heard, also at the very end', () => {
    expect(way(steps, { ...on('w'), ...heard('w/0') }, { now: NOW })).toEqual(['yes', 'z']);
    expect(way(steps, { ...on('w'), ...heard('w/0') }, { now: LATER })).toEqual(['yes', 'z']);
  });

  it('counts only what was heard after its own entry', () => {
    const { enrolment } = turn(compiled({ steps }), heard('w/0'));
    expect([enrolment.cursor?.step, enrolment.heard]).toEqual(['w', {}]);
  });

  it('keeps what others have heard when it is entered', () => {
    const { enrolment } = turn(compiled({ steps }), heard('w/0', 'later/0'));
    expect(Object.keys(enrolment.heard)).toEqual(['later/0']);
  });

  it('leaves whether it happened', () => {
    const happenedIn = (passage: object, now: string) =>
      turn(compiled({ steps }), passage, { now }).enrolment.left['w'];
    expect(happenedIn({ ...on('w'), ...heard('w/0') }, NOW)).toEqual({ at: NOW, happened: true });
    expect(happenedIn(on('w'), LATER)).toEqual({ at: NOW, happened: false });
  });

  it('waits until all of a condition has come true, and looks at the whole of it at each wake', () => {
    const both = [waitFor('w', { all: [{ event: 'purchase' }, { event: 'page.viewed' }] }, { then: [tag('yes')] })];
    expect(way(both, { ...on('w'), ...heard('w/0') }, { now: NOW })).toEqual([]);
    expect(way(both, { ...on('w'), ...heard('w/0', 'w/1') }, { now: NOW })).toEqual(['yes']);
  });

  it('whose condition stands already passes at once', () => {
    expect(
      way(
        [waitFor('w', { trait: 'tier', is: 'gold' }, { then: [tag('yes')] })],
        {},
        { profile: { traits: { tier: 'gold' } } },
      ),
    ).toEqual(['yes']);
  });

  it('counts events from its beginning where it has to read them', () => {
    const sum = [waitFor('w', { event: 'purchase', sum: 'total', gte: 50 }, { then: [tag('yes')] })];
    const events = [
      happened('purchase', '2026-03-02T09:30', { total: 30 }),
      happened('purchase', '2026-03-02T10:30', { total: 30 }),
    ];
    const passage = { ...on('w'), ...heard('w/0') };
    expect(way(sum, passage, { now: '2026-03-02T10:00:00.000Z', events })).toEqual([]);
    const more = [...events, happened('purchase', '2026-03-02T10:45', { total: 30 })];
    expect(way(sum, passage, { now: '2026-03-02T10:00:00.000Z', events: more })).toEqual(['yes']);
  });

  describe('on a message', () => {
    const clicked = [waitFor('w', { message: 's', is: 'clicked' }, { then: [tag('yes')], otherwise: [tag('no')] })];
    const wayAfter = (facts: object) => way(clicked, on('w'), { now: NOW, own: { s: message({ step: 's', facts }) } });

    it('takes then when it was clicked, whatever came first', () => {
      expect(wayAfter({ sent: NOW })).toEqual([]);
      expect(wayAfter({ clicked: NOW })).toEqual(['yes']);
      expect(way([...clicked], {}, { own: { s: message({ step: 's', facts: { clicked: NOW } }) } })).toEqual(['yes']);
    });

    it.each(['withheld', 'unknown', 'failed', 'bounced'])('that is %s takes otherwise at once', (fact) => {
      expect(wayAfter({ [fact]: NOW })).toEqual(['no']);
    });

    it('that is unknown or failed and was clicked all the same takes then', () => {
      expect(wayAfter({ unknown: NOW, clicked: NOW })).toEqual(['yes']);
    });

    it('that was withheld goes on waiting for what else may happen', () => {
      const either = [
        waitFor('w', { any: [{ message: 's', is: 'clicked' }, { event: 'purchase' }] }, { otherwise: [tag('no')] }),
      ];
      expect(way(either, on('w'), { now: NOW, own: { s: message({ step: 's', facts: { withheld: NOW } }) } })).toEqual(
        [],
      );
    });
  });
});

describe('a branch', () => {
  const branch = {
    type: 'branch',
    id: 'b',
    cases: [
      { if: { tag: 'a' }, steps: [tag('first')] },
      { if: { any: [{ tag: 'a' }, { tag: 'b' }] }, steps: [tag('second')] },
    ],
    otherwise: [tag('other')],
  };

  it.each([
    [['a', 'b'], ['first']],
    [['b'], ['second']],
    [[], ['other']],
  ])('of a contact with the tags %j takes the first true case', (tags, expected) => {
    expect(way([branch], {}, { profile: { tags } })).toEqual(expected);
  });

  it('without otherwise goes on', () => {
    const { otherwise: _, ...bare } = branch;
    expect(way([bare, tag('z')])).toEqual(['z']);
  });

  it('looks at the trigger, at what steps have left and at all that is kept', () => {
    const asks = (condition: object) => ({ type: 'branch', id: 'b', cases: [{ if: condition, steps: [tag('yes')] }] });
    const events = [
      happened('purchase', '2025-01-01T10:00', { total: 30 }),
      happened('purchase', '2025-01-02T10:00', { total: 40 }),
    ];
    expect(way([asks({ trigger: 'total', gte: 40 })], {}, { trigger: { total: 40 } })).toEqual(['yes']);
    expect(way([asks({ step: 'w.happened', is: true })], { left: { w: { happened: true } } })).toEqual(['yes']);
    expect(way([asks({ event: 'purchase', sum: 'total', gte: 70 })], {}, { events })).toEqual(['yes']);
  });
});

describe('a split', () => {
  const split = (...weights: number[]) => ({
    type: 'split',
    id: 'x',
    arms: weights.map((weight, i) => ({ name: `n${i}`, weight, steps: [tag(`arm-${i}`)] })),
  });
  const splitOf = (weights: number[], id = 'x', journey = 'cart') => {
    const definition = compiled({ id: journey, steps: [{ ...split(...weights), id }] });
    return (contact: string) => turn(definition, { contact, journey }).enrolment.left[id]?.['arm'];
  };

  it('gives the same contact always the same arm', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat({ max: 100 }), (contact, weight) => {
        const armOf = splitOf([weight, 100 - weight]);
        expect(armOf(contact)).toBe(armOf(contact));
      }),
      { numRuns: 50 },
    );
  });

  it('gives a contact of a smaller arm the same when the arm grows', () => {
    const [small, large] = [splitOf([20, 80]), splitOf([60, 40])];
    fc.assert(
      fc.property(fc.uuid(), (contact) => {
        if (small(contact) === 'n0') expect(large(contact)).toBe('n0');
      }),
      { numRuns: 100 },
    );
  });

  it('keeps to its weights', () => {
    const counts = [0, 0, 0];
    const armOf = splitOf([10, 30, 60]);
    for (let i = 0; i < 2000; i += 1) {
      const arm = armOf(`contact ${i}`);
      const index = ['n0', 'n1', 'n2'].indexOf(String(arm));
      counts[index] = (counts[index] ?? 0) + 1;
    }
    // Within three standard deviations.
    expect(Math.abs((counts[0] ?? 0) - 200)).toBeLessThan(41);
    expect(Math.abs((counts[1] ?? 0) - 600)).toBeLessThan(62);
  });

  it('gives an arm of 0 to nobody and one of 100 to everybody', () => {
    const armOf = splitOf([0, 100, 0]);
    for (let i = 0; i < 300; i += 1) expect(armOf(`contact ${i}`)).toBe('n1');
  });

  it('is independent of another split, and of the same one in another journey', () => {
    const [x, y, elsewhere] = [splitOf([50, 50]), splitOf([50, 50], 'y'), splitOf([50, 50], 'x', 'welcome')];
    let [both, twice] = [0, 0];
    for (let i = 0; i < 1000; i += 1) {
      const first = x(`contact ${i}`);
      both += Number(first === y(`contact ${i}`));
      twice += Number(first === elsewhere(`contact ${i}`));
    }
    expect(Math.abs(both - 500)).toBeLessThan(48);
    expect(Math.abs(twice - 500)).toBeLessThan(48);
  });

  it.each(['c1', 'c2', 'ann'])('is by sha256, so that %s gets the same arm everywhere and for ever', (contact) => {
    const digest = createHash('sha256').update(`${contact}\u0000cart\u0000x`).digest();
    expect(percentile(contact, 'cart', 'x')).toBe((digest.readUInt32BE(0) * 100) / 2 ** 32);
  });

  it('keeps who has been in it before in their arm, whatever that weighs now, as long as it is there', () => {
    const armOf = (arm: string) =>
      turn(compiled({ steps: [split(0, 100, 0)] }), { left: { x: { at: NOW, arm } } }).enrolment.left['x']?.['arm'];
    expect(['n0', 'n2', 'gone'].map(armOf)).toEqual(['n0', 'n2', 'n1']);
  });

  it('shows any arm to whoever plays it', () => {
    const played = (x: string) =>
      runTurn({ ...turnInput(compiled({ steps: [split(0, 100, 0)] }), {}), arms: { x, other: 'n2' } }).changes;
    expect(played('n0')).toEqual([{ kind: 'tag', tag: 'arm-0' }]);
    expect(played('n2')).toEqual([{ kind: 'tag', tag: 'arm-2' }]);
    expect(played('gone')).toEqual([{ kind: 'tag', tag: 'arm-1' }]);
  });

  it('whose arms do not weigh enough gives the rest to the last', () => {
    const armOf = splitOf([0, 0]);
    for (let i = 0; i < 20; i += 1) expect(armOf(`contact ${i}`)).toBe('n1');
  });

  it('leaves the name of its arm, and an empty arm is a control', () => {
    const control = { type: 'split', id: 'x', arms: [{ name: 'control', weight: 100, steps: [] }] };
    const { enrolment } = turn(compiled({ steps: [control, wait('w')] }));
    expect(enrolment.left['x']).toEqual({ at: NOW, arm: 'control' });
    expect(enrolment.cursor?.step).toBe('w');
  });
});

describe('an update', () => {
  it('says what changes, references resolved, in the order of its parts', () => {
    const step = update('u', {
      set: { tier: { trigger: 'tier' }, size: 4, gone: { trait: 'no.such' } },
      unset: ['trial'],
      add: { points: 100 },
      append: { interests: 'tea' },
      remove: { interests: 'beans' },
      tag: ['vip'],
      untag: ['new'],
    });
    expect(turn(compiled({ steps: [step] }), {}, { trigger: { tier: 'gold' } }).changes).toEqual([
      { kind: 'set', path: 'tier', value: 'gold' },
      { kind: 'set', path: 'size', value: 4 },
      { kind: 'unset', path: 'trial' },
      { kind: 'add', path: 'points', by: 100 },
      { kind: 'append', path: 'interests', value: 'tea' },
      { kind: 'remove', path: 'interests', value: 'beans' },
      { kind: 'tag', tag: 'vip' },
      { kind: 'untag', tag: 'new' },
    ]);
  });
});

describe('an end', () => {
  it('ends the passage by its label, whatever would come after it', () => {
    const { enrolment, changes } = turn(compiled({ steps: [end('e', 'not-bought'), tag('z')] }));
    expect(enrolment).toMatchObject({ state: 'finished', outcome: 'not-bought', next: 'finished' });
    expect(changes).toEqual([]);
    expect(turn(compiled({ steps: [end('e')] })).enrolment.outcome).toBe('finished');
  });
});

describe('a wait until a date of the contact', () => {
  const until = { trait: 'trial.endsAt', before: 'P2D', at: '10:00' };
  const steps = (missed: string, date: object = until) => [{ type: 'wait', id: 'w', until: date, missed }, tag('z')];
  const wakeAt = (traits: Record<string, string>, date: object = until) =>
    turn(compiled({ steps: steps('end', date) }), {}, { profile: { traits } }).enrolment.cursor?.wakeAt;

  it('lasts until then, by the calendar of the contact', () => {
    expect(wakeAt({ 'trial.endsAt': '2026-03-20' })).toBe('2026-03-18T09:00:00.000Z');
    expect(wakeAt({ 'trial.endsAt': '2026-04-02' })).toBe('2026-03-31T08:00:00.000Z');
    const birthday = { trait: 'birthday', every: 'P1Y', at: '10:00' };
    expect(wakeAt({ birthday: '1990-03-01' }, birthday)).toBe('2027-03-01T09:00:00.000Z');
    expect(wakeAt({ birthday: '--03-03' }, birthday)).toBe('2026-03-03T09:00:00.000Z');
  });

  it.each([
    ['missing', {}],
    ['past', { 'trial.endsAt': '2026-03-03' }],
    ['more than a year ahead', { 'trial.endsAt': '2027-03-05' }],
    ['no date', { 'trial.endsAt': 'soon' }],
  ])('does what the journey says when it is %s', (_, traits) => {
    expect(way(steps('continue'), {}, { profile: { traits } })).toEqual(['z']);
    const { enrolment, changes } = turn(compiled({ steps: steps('end') }), {}, { profile: { traits } });
    expect(changes).toEqual([]);
    expect(enrolment).toMatchObject({ state: 'finished', outcome: 'finished' });
  });

  it('follows the trait, earlier and later, and passes at its moment', () => {
    const journey = compiled({ steps: steps('end') });
    const first = turn(journey, {}, { profile: { traits: { 'trial.endsAt': '2026-03-20' } } }).enrolment;
    const then = (date: string, now: string) =>
      turn(journey, first, { now, profile: { traits: { 'trial.endsAt': date } } });
    expect(then('2026-03-10', '2026-03-04T09:00:00.000Z').enrolment.cursor).toMatchObject({
      began: NOW,
      wakeAt: '2026-03-08T09:00:00.000Z',
    });
    expect(then('2026-05-10', '2026-03-04T09:00:00.000Z').enrolment.cursor?.wakeAt).toBe('2026-05-08T08:00:00.000Z');
    expect(then('2026-03-20', '2026-03-18T09:00:00.000Z').changes).toEqual([{ kind: 'tag', tag: 'z' }]);
    // Woken late: the date that recurs is the one that was waited for, not the next.
    const yearly = compiled({ steps: steps('end', { trait: 'b', every: 'P1Y', at: '10:00' }) });
    const waiting = turn(yearly, {}, { profile: { traits: { b: '--03-04' } } }).enrolment;
    const late = turn(yearly, waiting, { now: '2026-03-04T09:00:01.000Z', profile: { traits: { b: '--03-04' } } });
    expect(late.changes).toEqual([{ kind: 'tag', tag: 'z' }]);
  });
});

describe('what a passage says to the others', () => {
  const events = (step: object, passage: Partial<Enrolment> = {}, given: Situation = {}) =>
    turn(compiled({ steps: [{ id: 'x', ...step }] }), passage, given).events;

  it('emit puts an event of the contact on the bus, one hop further, the same whenever the turn is run', () => {
    const step = { type: 'emit', event: 'course.finished', data: { course: 'espresso', total: { trigger: 'total' } } };
    const trigger = { event: 'e', type: 'cart.updated', at: NOW, hops: 2 };
    const [said] = events(step, { trigger }, { trigger: { total: 80 } });
    expect(said).toMatchObject({
      type: 'course.finished',
      at: NOW,
      source: 'tropa',
      contact: 'c1',
      hops: 3,
      data: { course: 'espresso', total: 80 },
    });
    expect(events(step)[0]?.id).toBe(events(step)[0]?.id);
    expect(events(step, { id: 'f'.repeat(32) })[0]?.id).not.toBe(events(step)[0]?.id);
  });

  it('enrol asks entry to another journey', () => {
    const [said] = events({ type: 'enrol', journey: 'beans', data: { machine: 'm1' } });
    expect(said).toMatchObject({ type: 'journey.requested', journey: 'beans', data: { machine: 'm1' }, hops: 1 });
  });

  it('leave names the journeys to leave, and who says so', () => {
    const [said] = events({ type: 'leave', journey: ['win-back', 'cart'] });
    expect(said).toMatchObject({ type: 'journey.left', data: { journeys: ['win-back', 'cart'], by: 'cart##1' } });
  });

  it('withdrawn consent holds at once, wherever the contact has said anything, and is told as an event', () => {
    const granted = { state: 'granted' as const, at: '2026-01-01T00:00:00.000Z', source: 'form', event: 'e0' };
    const given = { profile: { consents: { email: { offers: granted }, sms: { marketing: granted } } } };
    const withdraw = update('u', { consent: { marketing: 'denied' } });
    const then = {
      type: 'branch',
      id: 'b',
      cases: [{ if: { consent: 'offers' }, steps: [tag('yes')] }],
      otherwise: [tag('no')],
    };
    const result = turn(compiled({ steps: [withdraw, then] }), {}, given);
    expect(result.changes.flatMap((change) => (change.kind === 'tag' ? [change.tag] : []))).toEqual(['no']);
    const [said] = result.events;
    expect(said).toMatchObject({ type: 'unsubscribed', data: { topic: 'marketing' } });
    expect(said?.consents?.map(({ channel, topic, state }) => [channel, topic, state])).toEqual([
      ['email', 'marketing', 'denied'],
      ['sms', 'marketing', 'denied'],
    ]);
  });
});
