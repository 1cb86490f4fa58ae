import { describe, expect, it } from 'vitest';
import { fieldsOf } from '#shared/condition/lookup.ts';
import { INSIDE_LIMIT, INSIDE_MARKETING, type Profile } from '#shared/contact/profile.ts';
import { arm, candidates, type EntryInput, isFresh, judge, startingTypes } from '#shared/enrolment/decide.ts';
import type { Door } from '#shared/enrolment/enrolment.ts';
import { keyOf, refusal } from '#shared/enrolment/entry.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { event } from '#test/build/event.ts';
import { compiled } from '#test/build/journey.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { happened, havingDone, scope } from '#test/shared/condition/build.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const DAY = 86_400_000;
const door = (given: Partial<Door> = {}): Door => ({
  v: 1,
  entries: 1,
  lastEntry: plusMillis(NOW, -7 * DAY),
  outcomes: {},
  ...given,
});

type Given = Partial<EntryInput> & { contact?: Partial<Profile> };

function question(rules: object, { contact, ...given }: Given = {}): EntryInput {
  const who = profile(contact);
  return {
    journey: compiled(rules),
    status: 'live',
    key: '',
    door: undefined,
    profile: who,
    trigger: { event: 'cart-0', type: 'cart.updated', at: NOW },
    now: NOW,
    zone: 'Europe/Warsaw',
    settings: settings(),
    scope: scope({
      now: NOW,
      profile: who,
      trigger: { at: NOW, id: 'cart-0', type: 'cart.updated' },
    }),
    ...given,
  };
}
const refused = (rules: object, given: Given = {}) => refusal(question(rules, given));

describe('who may enter', () => {
  it('is everybody, the first time', () => {
    expect(refused({})).toBeUndefined();
  });

  it.each(['draft', 'closing', 'paused', 'archived'] as const)('is nobody while a journey is %s', (status) => {
    expect(refused({}, { status })).toBe('not-live');
  });

  it('is not who is inside by the same key', () => {
    const inside = { 'cart#a#b#1': 1, 'other##1': 1 };
    expect(refused({}, { key: 'a#b', contact: { inside } })).toBe('inside');
    expect(refused({}, { key: 'a', contact: { inside } })).toBeUndefined();
  });

  it.each<[rule: string, again: object | undefined, door: Door, reason: string | undefined]>([
    ['without a word: never again', undefined, door(), 'again'],
    ['always', {}, door({ lastEntry: NOW }), undefined],
    ['after a week, a moment before', { after: 'P7D' }, door({ lastEntry: plusMillis(NOW, -7 * DAY + 1) }), 'again'],
    ['after a week, just then', { after: 'P7D' }, door(), undefined],
    ['at most twice, once so far', { atMost: 2 }, door(), undefined],
    ['at most twice, twice so far', { atMost: 2 }, door({ entries: 2 }), 'again'],
    ['at most twice a week apart, too soon', { atMost: 2, after: 'P7D' }, door({ lastEntry: NOW }), 'again'],
    ['only armed so far', undefined, door({ entries: 0 }), undefined],
  ])('again: %s', (_, again, known, reason) => {
    expect(refused(again ? { entry: { again } } : {}, { door: known })).toBe(reason);
  });

  it('is nobody where a journey lets in nobody', () => {
    expect(refused({ entry: { again: { atMost: 0 } } })).toBe('again');
  });

  it('a month later is a month on the calendar of the contact', () => {
    const rules = { entry: { again: { after: 'P1M' } } };
    const known = door({ lastEntry: '2026-03-28T11:00:00.000Z' });
    expect(refused(rules, { door: known, now: '2026-04-28T09:59:59.999Z' })).toBe('again');
    expect(refused(rules, { door: known, now: '2026-04-28T10:00:00.000Z' })).toBeUndefined();
  });

  it.each<[string, object, string, string | undefined]>([
    ['before the first day', { from: '2026-03-02' }, '2026-03-01T22:59:59.999Z', 'early'],
    ['with the first moment of it', { from: '2026-03-02' }, '2026-03-01T23:00:00.000Z', undefined],
    ['on the last day', { to: '2026-03-02' }, '2026-03-02T23:00:00.000Z', undefined],
    ['after it', { to: '2026-03-02' }, '2026-03-02T23:00:00.001Z', 'late'],
    ['at the last moment', { to: '2026-03-02T18:00' }, '2026-03-02T17:00:00.000Z', undefined],
    ['after that', { to: '2026-03-02T18:00' }, '2026-03-02T17:00:00.001Z', 'late'],
    ['between both', { from: '2026-03-01', to: '2026-03-03' }, NOW, undefined],
  ])('in the time of a journey, by the days of the contact: %s', (_, entry, now, reason) => {
    expect(refused({ entry }, { now })).toBe(reason);
  });

  it('is nobody who is inside of too much', () => {
    const inside = Object.fromEntries(Array.from({ length: INSIDE_LIMIT }, (_, i) => [`j${i}##1`, 1]));
    expect(refused({}, { contact: { inside } })).toBe('too-many');
  });

  it('is whom the condition wants, which may ask about the trigger', () => {
    const rules = { entry: { if: { all: [{ consent: 'offers' }, { trigger: 'type', is: 'cart.updated' }] } } };
    expect(refused(rules)).toBe('condition');
    const given = profile({ consents: consents({ email: { offers: 'granted' } }) });
    expect(refused(rules, { scope: scope({ profile: given, trigger: { type: 'cart.updated' } }) })).toBeUndefined();
  });

  it('is not who has done since the trigger what the journey is for', () => {
    const rules = { goal: { if: { event: 'purchase' } } };
    const boughtAt = (at: string, id?: string) => {
      const bought = { ...happened('purchase', '2026-03-02T10:00'), at, ...(id && { id }) };
      return refused(rules, { scope: havingDone([bought], { now: NOW, trigger: { at: NOW, id: 'cart-0' } }) });
    };
    expect(boughtAt(plusMillis(NOW, -1))).toBeUndefined();
    expect(boughtAt(NOW)).toBe('goal-reached');
    expect(boughtAt(plusMillis(NOW, 60_000))).toBe('goal-reached');
    // The trigger's own event never counts.
    expect(boughtAt(NOW, 'cart-0')).toBeUndefined();
  });
});

describe('who enters', () => {
  it('begins a passage that the profile names and the door counts', () => {
    const decision = judge(
      question(
        { entry: { again: {} } },
        { door: door({ entries: 4, outcomes: { left: { at: NOW, n: 4 } } }), key: 'a#1' },
      ),
    );
    if (decision.kind !== 'entered') throw new Error(decision.kind);
    expect(decision.enrolment).toMatchObject({
      n: 5,
      key: 'a#1',
      version: 1,
      state: 'inside',
      next: 'start',
      turn: 0,
      leg: 1,
      seq: 0,
      entered: NOW,
    });
    expect(decision.profile.inside).toEqual({ 'cart#a#1#5': 1 });
    expect(decision.door).toEqual({ v: 1, entries: 5, lastEntry: NOW, outcomes: { left: { at: NOW, n: 4 } } });
  });

  it('by the same cause begins the same passage, by another another', () => {
    const idOf = (given: Given) => {
      const decision = judge(question({}, given));
      return decision.kind === 'entered' ? decision.enrolment.id : '';
    };
    const other = { event: 'cart-1', type: 'cart.updated', at: NOW };
    expect(idOf({})).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf({})).toBe(idOf({}));
    expect(
      new Set([idOf({}), idOf({ trigger: other }), idOf({ key: 'k' }), idOf({ contact: { contact: 'c2' } })]).size,
    ).toBe(4);
  });
});

describe('who is inside and comes again', () => {
  const HOUR = 3_600_000;
  const rules = (entry: object = {}) => ({ entry: { again: { whileInside: 'restart' }, ...entry } });
  const current = (minutes: number) =>
    enrolment({ entered: plusMillis(NOW, -minutes * 60_000), turn: 4, seq: 2, cursor: null });
  const comes = (given: object, minutes: number, more: Given = {}) =>
    judge(question(given, { contact: { inside: { 'cart##1': 1 } }, door: door(), current: current(minutes), ...more }));
  const again = { event: 'cart-1', type: 'cart.updated', at: NOW };

  it('stays where they are, unless the journey says otherwise', () => {
    expect(comes({}, 600)).toEqual({ kind: 'refused', reason: 'inside' });
    expect(comes({ entry: { again: {} } }, 600)).toEqual({ kind: 'refused', reason: 'inside' });
    expect(comes(rules(), 600, { current: undefined })).toEqual({ kind: 'refused', reason: 'inside' });
  });

  it('within the hour takes the new trigger along, and goes on', () => {
    const decision = comes(rules(), 59, { trigger: again });
    expect(decision).toEqual({ kind: 'retold', enrolment: { ...current(59), trigger: again } });
  });

  it('after an hour begins anew: the passage of before has left, and the door has counted both', () => {
    const decision = comes(rules({ cap: [{ count: 0 }] }), 60, { trigger: again, key: '' });
    expect(decision).toMatchObject({
      kind: 'entered',
      ended: { turn: 5, cursor: null, next: 'finished', ended: NOW, state: 'exited', outcome: 'restarted', n: 1 },
      enrolment: { n: 2, state: 'inside', entered: NOW, trigger: again },
      profile: { inside: { 'cart##2': 1 }, watching: {} },
      door: { entries: 2, lastEntry: NOW, outcomes: { restarted: { at: NOW, n: 1 } } },
      places: [],
    });
  });

  it('is refused where the journey does not want them any more, and stays', () => {
    expect(comes(rules({ if: { tag: 'vip' } }), 2 * HOUR)).toEqual({ kind: 'refused', reason: 'condition' });
  });

  it('takes no room from themselves', () => {
    const inside = Object.fromEntries(Array.from({ length: INSIDE_MARKETING - 1 }, (_, i) => [`j${i}##1`, 1]));
    expect(comes(rules(), 60, { contact: { inside: { ...inside, 'cart##1': 1 } } }).kind).toBe('entered');
  });
});

it.each([
  ['an event', { type: 'event', event: 'purchase' }, ['purchase']],
  ['one of several events', { type: 'event', event: ['purchase', 'refund'] }, ['purchase', 'refund']],
  ['a request', { type: 'manual' }, ['journey.requested']],
  ['a schedule', { type: 'schedule', segment: 'all', cron: { days: ['mon'], at: '09:00' } }, []],
])('a journey that begins by %s is read for events of these types: %s', (_, trigger, types) => {
  expect(startingTypes({ trigger } as never)).toEqual(types);
});

describe('the key of a passage', () => {
  const keyed = compiled({ entry: { key: 'order.id' } });

  it.each([
    ['a text', { order: { id: 'A-7' } }, 'A-7'],
    ['a number', { order: { id: 77 } }, '77'],
    ['yes or no', { order: { id: false } }, 'false'],
    ['nothing', {}, undefined],
    ['an empty text', { order: { id: '' } }, undefined],
    ['a list', { order: { id: ['a'] } }, undefined],
    ['too long a text', { order: { id: 'x'.repeat(201) } }, undefined],
  ])('of %s', (_, data, key) => {
    expect(keyOf(keyed, data)).toBe(key);
  });

  it('is empty where the journey has none', () => {
    expect(keyOf(compiled({}), {})).toBe('');
  });
});

describe('the journeys that an event may start', () => {
  const bag = (given: object, id = 'cart') => ({ journey: compiled({ id, ...given }), status: 'live' as const });
  const started = (live: Parameters<typeof candidates>[0], given: object = {}) => {
    const one = event('cart.updated', { data: { total: 40 }, ...given });
    return candidates(live, one, () => scope({ trigger: fieldsOf(one) })).map(({ journey, key }) => journey.id + key);
  };

  it('are those of its type whose where it satisfies', () => {
    const live = [
      bag({}),
      bag({ trigger: { type: 'event', event: ['purchase', 'cart.updated'] } }, 'both'),
      bag({ trigger: { type: 'event', event: 'purchase' } }, 'other'),
      bag({ trigger: { type: 'event', event: 'cart.updated', where: { data: 'total', gt: 40 } } }, 'rich'),
      bag({ trigger: { type: 'event', event: 'cart.updated', where: { data: 'total', gte: 40 } } }, 'fair'),
      { ...bag({}, 'closing'), status: 'closing' as const },
    ];
    expect(started(live)).toEqual(['cart', 'both', 'fair']);
  });

  it('have a key, where they want one', () => {
    const live = [bag({ entry: { key: 'cartId' } })];
    expect(started(live)).toEqual([]);
    expect(started(live, { data: { cartId: '#7' } })).toEqual(['cart#7']);
  });
});

describe('an event', () => {
  it.each([
    ['of this moment', 0, true],
    ['of a day ago', -DAY, true],
    ['of more than a day ago', -DAY - 1, false],
  ])('%s is fresh or not', (_, millis, fresh) => {
    expect(isFresh(event('purchase', { at: plusMillis(NOW, millis) }), NOW)).toBe(fresh);
  });

  it('of history is never fresh', () => {
    expect(isFresh(event('purchase', { at: NOW, historic: true }), NOW)).toBe(false);
  });
});

describe('arming a door', () => {
  const quiet = (quietFor: unknown) => ({
    trigger: { type: 'event' as const, event: 'cart.updated', quietFor: quietFor as string },
  });
  const trigger = (minutes: number, id = 'e') => ({
    event: `${id}${minutes}`,
    type: 'cart.updated',
    at: plusMillis(NOW, minutes * 60_000),
  });
  const armed = (given: Given, quietFor: unknown = 'PT1H') => arm(question(quiet(quietFor), given)).quiet;

  it('begins the quiet time with the event’s own time', () => {
    expect(armed({ trigger: trigger(-5) })).toEqual({ until: plusMillis(NOW, 55 * 60_000), trigger: trigger(-5) });
  });

  it('begins it anew with each later match, and not with an earlier one that arrives after it', () => {
    const known = door({ quiet: { until: plusMillis(NOW, 60 * 60_000), trigger: trigger(0) } });
    expect(armed({ door: known, trigger: trigger(10) })).toEqual({
      until: plusMillis(NOW, 70 * 60_000),
      trigger: trigger(10),
    });
    expect(armed({ door: known, trigger: trigger(-10) })).toEqual(known.quiet);
  });

  it('begins a shorter one with a later match, whose contact has another cycle by now', () => {
    const known = door({ quiet: { until: plusMillis(NOW, 60 * 60_000), trigger: trigger(0) } });
    const later = { door: known, trigger: trigger(10) };
    expect(armed(later, 'PT5M')).toEqual({ until: plusMillis(NOW, 15 * 60_000), trigger: trigger(10) });
    expect(armed({ door: known, trigger: trigger(-10) }, 'PT5H')).toEqual(known.quiet);
  });

  it('keeps what the door remembers', () => {
    const known = door({ entries: 3 });
    expect(arm(question(quiet('PT1H'), { door: known }))).toMatchObject({ entries: 3, lastEntry: known.lastEntry });
  });

  it('may take its length from a trait, and days are the contact’s', () => {
    const cycle = { trait: 'cycle', otherwise: 'P180D' };
    const who = profile({ traits: { cycle: 'P1D' } });
    const eve = { event: 'e', type: 'cart.updated', at: '2026-03-28T11:00:00.000Z' };
    expect(armed({ scope: scope({ profile: who }), trigger: eve }, cycle)?.until).toBe('2026-03-29T10:00:00.000Z');
  });
});
