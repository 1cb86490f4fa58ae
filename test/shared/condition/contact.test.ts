import { describe, expect, it } from 'vitest';
import type { PassageFact } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';
import { ask, conditionOf, happened, havingDone, KnownFacts, lastOf, scope } from './build.ts';

const who = (given: Partial<Profile>) => scope({ profile: profile(given) });

it.each<[object, boolean]>([
  [{ tag: 'vip' }, true],
  [{ tag: ' VIP' }, true],
  [{ tag: 'staff' }, false],
  [{ tag: ['staff', 'vip'] }, true],
  [{ not: { tag: ['staff', 'reseller'] } }, true],
])('of a contact tagged "Vip" %j is %s', (condition, expected) => {
  expect(ask(condition, who({ tags: ['Vip', 'new'] }))).toBe(expected);
});

describe('consent', () => {
  const granted = { email: { offers: 'granted' } } as const;

  it.each<[Parameters<typeof consents>[0], object, boolean]>([
    [granted, { consent: 'offers' }, true],
    [granted, { consent: 'offers', channel: 'email' }, true],
    [granted, { consent: 'offers', channel: 'sms' }, false],
    [granted, { consent: 'offers', channel: 'sms', is: 'unknown' }, true],
    [granted, { consent: 'marketing' }, false],
    [granted, { consent: 'offers', is: 'unknown' }, false],
    [{ email: { marketing: 'granted' } }, { consent: 'marketing' }, true],
    [{ email: { marketing: 'granted' } }, { consent: 'offers' }, false],
    [{ email: { marketing: 'granted' } }, { consent: 'offers', is: 'unknown' }, true],
    [{ email: { marketing: 'denied' } }, { consent: 'marketing', is: 'denied' }, true],
    [{ email: { offers: 'denied' } }, { consent: 'offers' }, false],
    [{ email: { offers: 'denied' } }, { consent: 'offers', is: 'denied' }, true],
    [{ email: { offers: 'granted', marketing: 'denied' } }, { consent: 'offers' }, false],
    [{ email: { offers: 'granted', marketing: 'denied' } }, { consent: 'offers', is: 'denied' }, true],
    [{ email: { offers: 'granted' }, sms: { marketing: 'denied' } }, { consent: 'offers' }, true],
    [{ email: { offers: 'granted' }, sms: { marketing: 'denied' } }, { consent: 'offers', is: 'denied' }, true],
    [{ email: { orders: 'granted', marketing: 'denied' } }, { consent: 'orders' }, true],
    [{ email: { marketing: 'denied' } }, { consent: 'orders', is: 'unknown' }, true],
    [{}, { consent: 'offers' }, false],
    [{}, { consent: 'offers', is: 'unknown' }, true],
    [{}, { consent: 'constructor' }, false],
  ])('%j makes %j %s', (said, condition, expected) => {
    expect(ask(condition, who({ consents: consents(said) }))).toBe(expected);
  });
});

it.each<[object, boolean]>([
  [{ reachable: 'email' }, true],
  [{ reachable: 'sms' }, false],
  [{ reachable: ['sms', 'email'] }, true],
  [{ reachable: 'push' }, false],
  [{ reachable: 'email', topic: 'offers' }, true],
  [{ reachable: 'email', topic: 'news' }, false],
  [{ reachable: 'email', topic: 'orders' }, true],
  [{ reachable: 'sms', topic: 'offers' }, false],
])('of a contact with an e-mail address and consent to offers %j is %s', (condition, expected) => {
  const given = { consents: consents({ email: { offers: 'granted' }, sms: { offers: 'granted' } }) };
  expect(ask(condition, who(given))).toBe(expected);
});

describe('a segment', () => {
  const segments = {
    big: conditionOf({ trait: 'total', gte: 100 }),
    loyal: conditionOf({ all: [{ segment: 'big' }, { event: 'purchase', gte: 1 }] }),
    hen: conditionOf({ any: [{ segment: 'egg' }, { tag: 'hen' }] }),
    egg: conditionOf({ any: [{ segment: 'hen' }, { tag: 'egg' }] }),
    unlike: conditionOf({ not: { segment: 'unlike' } }),
    triggered: conditionOf({ trigger: 'total', exists: true }),
  };
  const history = [happened('purchase', '2026-11-01T10:00')];
  const given = {
    ...havingDone(history, { profile: profile({ traits: { total: 100 }, tags: ['egg'], last: lastOf(history) }) }),
    segments,
    since: '2026-11-20T00:00:00.000Z',
    trigger: { total: 5 },
  };

  it.each<[object, boolean]>([
    [{ segment: 'big' }, true],
    [{ segment: ['nobody', 'big'] }, true],
    [{ segment: 'nobody' }, false],
    [{ segment: 'constructor' }, false],
    [{ segment: 'hen' }, true],
    [{ segment: 'egg' }, true],
    [{ segment: 'unlike' }, true],
  ])('in %j is %s', (condition, expected) => {
    expect(ask(condition, given)).toBe(expected);
  });

  it('sees the whole history of the contact and nothing of the passage that asks', () => {
    expect(ask({ segment: 'loyal' }, given)).toBe(true);
    expect(ask({ event: 'purchase' }, given)).toBe(false);
    expect(ask({ segment: 'triggered' }, given)).toBe(false);
  });
});

describe('a condition on journeys', () => {
  const passages: PassageFact[] = [
    {
      journey: 'welcome',
      state: 'converted',
      outcome: 'converted',
      entered: '2026-09-01T10:00:00.000Z',
      ended: '2026-09-05T10:00:00.000Z',
    },
    {
      journey: 'welcome',
      state: 'finished',
      outcome: 'finished',
      entered: '2026-11-18T10:00:00.000Z',
      ended: '2026-11-20T10:00:00.000Z',
    },
    {
      journey: 'cart',
      state: 'exited',
      outcome: 'emptied',
      entered: '2026-11-21T10:00:00.000Z',
      ended: '2026-11-22T10:00:00.000Z',
    },
    { journey: 'win-back', state: 'inside', entered: '2026-11-10T10:00:00.000Z' },
    { journey: 'tips', state: 'held', entered: '2026-11-10T10:00:00.000Z' },
  ];
  const given = {
    ...who({ inside: { 'win-back##1': 3, 'order#a#b#1': 1, 'order#c#1': 1 } }),
    facts: new KnownFacts({ passages }),
  };

  it.each<[object, boolean]>([
    [{ journey: 'win-back' }, true],
    [{ journey: 'win' }, false],
    [{ journey: 'welcome' }, false],
    [{ journey: ['welcome', 'win-back'] }, true],
    [{ journey: 'order', gte: 2 }, true],
    [{ journey: 'order', gte: 3 }, false],
    [{ journey: 'win-back', within: 'P7D' }, false],
    [{ journey: 'win-back', within: 'P20D' }, true],
    [{ journey: 'welcome', is: 'entered' }, true],
    [{ journey: 'welcome', is: 'entered', gte: 2 }, true],
    [{ journey: 'welcome', is: 'entered', within: 'P7D', gte: 2 }, false],
    [{ journey: 'welcome', is: 'converted' }, true],
    [{ journey: 'welcome', is: 'converted', within: 'P30D' }, false],
    [{ journey: 'welcome', is: 'finished', within: 'P30D' }, true],
    [{ journey: 'cart', is: 'finished' }, false],
    [{ journey: 'cart', outcome: 'emptied' }, true],
    [{ journey: 'cart', outcome: 'bought' }, false],
    [{ journey: 'cart', is: 'entered', outcome: 'emptied' }, true],
    [{ journey: 'tips', is: 'held' }, true],
    [{ journey: 'tips' }, false],
    [{ journey: 'tips', is: 'converted', lt: 1 }, true],
  ])('%j is %s', (condition, expected) => {
    expect(ask(condition, given)).toBe(expected);
  });
});

describe('a sample', () => {
  const contacts = Array.from({ length: 2000 }, (_, n) => who({ contact: `contact-${n}` }));
  const drawn = (condition: object, file = 'cart') => contacts.map((given) => ask(condition, { ...given, file }));
  const share = (answers: boolean[]) => answers.filter(Boolean).length / answers.length;

  it('is about as large as it says, and the same each time', () => {
    expect(share(drawn({ sample: 10 }))).toBeCloseTo(0.1, 1);
    expect(drawn({ sample: 10 })).toEqual(drawn({ sample: 10 }));
    expect(share(drawn({ sample: 0 }))).toBe(0);
    expect(share(drawn({ sample: 100 }))).toBe(1);
  });

  it('grows with its percentage and keeps who was in it', () => {
    const [small, large] = [drawn({ sample: 10 }), drawn({ sample: 30 })];
    expect(small.every((inside, n) => !inside || large[n])).toBe(true);
  });

  it('is another in another file, and the same under one salt', () => {
    expect(drawn({ sample: 50 }, 'cart')).not.toEqual(drawn({ sample: 50 }, 'welcome'));
    expect(drawn({ sample: 50, salt: 'x' }, 'cart')).toEqual(drawn({ sample: 50, salt: 'x' }, 'welcome'));
    expect(drawn({ sample: 50, salt: 'x' })).not.toEqual(drawn({ sample: 50, salt: 'y' }));
  });
});

it.each<[object, string, boolean]>([
  [{ now: { days: ['sat', 'sun'] } }, 'Europe/Warsaw', true],
  [{ now: { from: '12:00', to: '13:00' } }, 'Europe/Warsaw', true],
  [{ now: { from: '12:00', to: '13:00' } }, 'America/New_York', false],
  [{ now: { from: '12:00', to: '13:00', zone: 'shop' } }, 'America/New_York', true],
  [{ now: { from: '12:00', to: '13:00' } }, 'Nowhere/Town', true],
  [{ now: { dates: ['2026-12-24', '2026-12-26'] } }, 'Europe/Warsaw', false],
])('on a Sunday noon in Warsaw %j is, in %s, %s', (condition, timeZone, expected) => {
  const given = { ...who({ traits: { timeZone } }), settings: settings() };
  expect(ask(condition, given)).toBe(expected);
});
