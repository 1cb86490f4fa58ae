import { describe, expect, it } from 'vitest';
import { atLeast, breakerSchema, countedIn, freshFrom, partsOf, verdictOn } from '#shared/sending/breaker.ts';
import { haltOf, trippedPart } from '#shared/sending/flow.ts';
import { providerOf } from '#shared/sending/provider.ts';

const LIMITS = breakerSchema.parse({});
const AT = '2026-03-02T09:00:00.000Z';

describe('marketing', () => {
  it.each([
    ['one complaint among twenty mails', 20, 0, 1, undefined],
    ['two complaints among a hundred mails', 100, 0, 2, undefined],
    ['one bounce in each of fifty mails', 50, 50, 0, undefined],
    ['three complaints among a thousand mails', 1000, 0, 3, 'complaints'],
    ['three complaints among 3,500 mails, which may be chance', 3500, 0, 3, undefined],
    ['as many complaints as the limit, of many mails', 100_000, 0, 80, 'complaints'],
    ['a complaint less', 100_000, 0, 79, undefined],
    ['as many bounces as the limit', 10_000, 400, 0, 'bounces'],
    ['a bounce less', 10_000, 399, 0, undefined],
    ['a bad list', 100, 30, 0, 'bounces'],
    ['four bounces among a hundred mails, which may be chance', 100, 4, 0, undefined],
    ['both, of which the complaints are said', 1000, 500, 50, 'complaints'],
    ['no mail', 0, 0, 0, undefined],
  ])('stands still, or not, for %s', (_, mails, bounces, complaints, why) => {
    expect(verdictOn({ mails, bounces, complaints }, LIMITS, AT)?.why).toBe(why);
  });

  it('has limits of its own, which are not above those of SES', () => {
    const strict = breakerSchema.parse({ bounces: 1, mails: 20 });
    expect(verdictOn({ mails: 50, bounces: 3, complaints: 0 }, strict, AT)).toMatchObject({ limit: 1, count: 3 });
    expect(breakerSchema.safeParse({ bounces: 6 }).error?.issues[0]?.message).toMatch(/5 at most/);
    expect(breakerSchema.safeParse({ complaints: 0.2 }).error?.issues[0]?.message).toMatch(/0.1 at most/);
  });

  it('is judged by a rate that grows with what is known', () => {
    expect(atLeast(0, 100)).toBe(0);
    expect(atLeast(1, 1000)).toBeLessThan(atLeast(10, 10_000));
    expect(atLeast(10, 10_000)).toBeLessThan(atLeast(1000, 1_000_000));
    expect(atLeast(1000, 1_000_000)).toBeLessThan(0.001);
    expect(atLeast(5, 5)).toBeLessThanOrEqual(1);
  });
});

describe('a mail', () => {
  const mail = { journey: 'cart', topic: 'offers', lane: 'marketing', to: 'gmail.com' } as const;

  it('counts for all, for its provider and, as marketing, for its journey and its topic', () => {
    expect(countedIn(mail)).toEqual(['all', 'journey/cart', 'topic/offers', 'to/gmail.com']);
    expect(countedIn({ ...mail, lane: 'transactional' })).toEqual(['all', 'to/gmail.com']);
    expect(partsOf({ ...mail, lane: 'transactional' })).toEqual([]);
  });

  it('stands still with a part of marketing, or with all of it, and never as a transactional one', () => {
    const trip = { at: AT, why: 'bounces', mails: 200, count: 20, limit: 4, days: 3 } as const;
    for (const scope of ['journey/cart', 'topic/offers', 'to/gmail.com']) {
      expect(trippedPart({ trips: { [scope]: trip } }, mail)).toBe(scope);
      expect(trippedPart({ trips: { [scope]: trip } }, { ...mail, lane: 'transactional' })).toBeUndefined();
    }
    expect(trippedPart({ trips: { 'journey/other': trip } }, mail)).toBeUndefined();
    expect(haltOf({ trips: { all: trip } }, 'marketing', AT)).toBe('breaker');
    expect(haltOf({ trips: { all: trip } }, 'transactional', AT)).toBeUndefined();
  });

  it.each([
    ['ann@Gmail.com', 'gmail.com'],
    ['ann@googlemail.com', 'gmail.com'],
    ['ann@hotmail.fr', 'outlook.com'],
    ['a@b@wp.pl', 'wp.pl'],
    ['ann@the-smiths.example', undefined],
    ['constructor', undefined],
  ])('to %s goes to the provider %s', (email, provider) => {
    expect(providerOf(email)).toBe(provider);
  });
});

it.each([
  ['2026-03-02T09:05:00.000Z', '2026-03-02T12:34:56.789Z', '2026-03-02T12:30:00.000Z'],
  ['2026-03-02T12:31:00.000Z', '2026-03-02T12:34:56.789Z', '2026-03-02T12:40:00.000Z'],
  ['2026-03-02T12:29:30.000Z', '2026-03-02T12:34:56.789Z', '2026-03-02T12:40:00.000Z'],
  ['2026-03-02T23:00:00.000Z', '2026-03-03T00:00:00.000Z', '2026-03-03T00:00:00.000Z'],
])('what tripped at %s and is let go at %s counts from %s on', (tripped, now, fresh) => {
  expect(freshFrom(tripped, now)).toBe(fresh);
});
