import { describe, expect, it } from 'vitest';
import type { Profile } from '#shared/contact/profile.ts';
import { dateAppointment, scheduleAppointment } from '#shared/enrolment/appointment.ts';
import { compiled, send, tag, wait } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { NOW, turn } from '#test/build/turn.ts';

const shop = settings();

describe('the next turn by a date', () => {
  const next = (trigger: object, traits: Profile['traits'] = { birthday: '1990-05-01' }, from = NOW) =>
    dateAppointment(
      compiled({ trigger: { type: 'date', trait: 'birthday', at: '10:00', ...trigger } } as object),
      profile({ traits }),
      shop,
      from,
    );

  it('is that of its occurrence, and says the how-manieth it is', () => {
    expect(next({ every: 'P1Y' })).toEqual({
      ...{ contact: 'c1', journey: 'cart', occurrence: '2026-05-01', due: '2026-05-01T08:00:00.000Z' },
      data: { date: '2026-05-01', count: 36 },
    });
  });

  it('has no number where the year is not known, or it comes once', () => {
    expect(next({ every: 'P1Y' }, { birthday: '--05-01' })?.data).toEqual({ date: '2026-05-01' });
    expect(next({}, { birthday: '2026-05-01' })?.data).toEqual({ date: '2026-05-01' });
  });

  it('is none for who lacks the date, has something else there, or whose date is past', () => {
    expect(next({ every: 'P1Y' }, {})).toBeUndefined();
    expect(next({ every: 'P1Y' }, { birthday: 5 })).toBeUndefined();
    expect(next({}, { birthday: '2026-02-01' })).toBeUndefined();
  });

  it('is at that very moment still, and not after it', () => {
    const due = '2026-05-01T08:00:00.000Z';
    expect(next({}, { birthday: '2026-05-01' }, due)?.due).toBe(due);
    expect(next({}, { birthday: '2026-05-01' }, '2026-05-01T08:00:00.001Z')).toBeUndefined();
  });

  it('is none of a journey that something else starts', () => {
    const cart = compiled({ steps: [] });
    expect(dateAppointment(cart, profile({ traits: { birthday: '1990-05-01' } }), shop, NOW)).toBeUndefined();
    expect(scheduleAppointment(cart, '2026-03-04', profile(), shop, NOW)).toBeUndefined();
  });
});

it('the turn in a schedule is at its hour of the contact’s own clock, and none where that had passed', () => {
  const letter = compiled({ trigger: { type: 'schedule', segment: 'all', at: '2026-03-04T10:00' } } as object);
  const turnOf = (timeZone: string, from = NOW) =>
    scheduleAppointment(letter, '2026-03-04', profile({ traits: { timeZone } }), shop, from);
  expect(turnOf('Europe/Warsaw')).toEqual({
    ...{ contact: 'c1', journey: 'cart', occurrence: '2026-03-04', due: '2026-03-04T09:00:00.000Z' },
    data: { date: '2026-03-04', segment: 'all' },
  });
  expect(turnOf('America/New_York')?.due).toBe('2026-03-04T15:00:00.000Z');
  expect(turnOf('Europe/Warsaw', '2026-03-04T09:00:00.000Z')).toBeDefined();
  expect(turnOf('Europe/Warsaw', '2026-03-04T09:00:00.001Z')).toBeUndefined();
});

describe('a wait for a date', () => {
  const waits = (until: object, given: object = {}, left: object = {}) =>
    turn(
      compiled({ steps: [{ type: 'wait', id: 'w', until, missed: 'end' }, tag('came')] }),
      { left: left as never },
      given,
    ).enrolment;
  const at10 = { at: '10:00' };

  it.each<[string, object, object, object]>([
    ['a trait', { trait: 'visit', ...at10 }, { profile: { traits: { visit: '2026-03-04' } } }, {}],
    ['its trigger', { trigger: 'visit', ...at10 }, { trigger: { visit: '2026-03-04' } }, {}],
    ['what a step has left', { step: 'ask.visit', ...at10 }, {}, { ask: { visit: '2026-03-04' } }],
  ])('takes it from %s', (_, until, given, left) => {
    expect(waits(until, given, left).cursor).toMatchObject({ step: 'w', wakeAt: '2026-03-04T09:00:00.000Z' });
  });

  const to = (visit: string) => waits({ trait: 'visit', ...at10 }, { profile: { traits: { visit } } });
  it('that is now is over, one that has passed, or lies more than a year ahead, is missed', () => {
    // It is ten in Warsaw.
    expect(to('2026-03-02').left).toHaveProperty('came');
    expect(to('2026-03-01').left).not.toHaveProperty('came');
    expect(to('2027-03-02').cursor).toMatchObject({ wakeAt: '2027-03-02T09:00:00.000Z' });
    expect(to('2027-03-03')).toMatchObject({ state: 'finished', left: {} });
  });
});

describe('what a message says of its step', () => {
  const again = { type: 'repeat', id: 'again', times: 2, steps: [send('inner'), wait('w')] };

  it('is the pass of the repeat that it stands in, and of no other', () => {
    const { messages, enrolment } = turn(compiled({ steps: [again, send('outer')] }));
    expect(messages).toMatchObject([{ step: 'inner', passes: { again: 1 } }]);
    const end = { ...enrolment, passes: { again: 2 } };
    const late = turn(compiled({ steps: [again, send('outer')] }), end, { now: '2026-03-03T09:00:00.000Z' });
    expect(late.messages.map(({ step }) => step)).toEqual(['outer']);
    expect(late.messages[0]).not.toHaveProperty('passes');
  });

  it('is no data where the step gives none, and the sender and language that it names', () => {
    const [plain, full] = turn(
      compiled({ steps: [send('a'), send('b', { data: { n: 1 }, sender: 'care', locale: 'pl' })] }),
    ).messages;
    for (const name of ['data', 'sender', 'locale', 'passes', 'hops']) expect(plain).not.toHaveProperty(name);
    expect(full).toMatchObject({ data: { n: 1 }, sender: 'care', locale: 'pl' });
  });
});
