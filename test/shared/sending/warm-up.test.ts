import { describe, expect, it } from 'vitest';
import { engagedHour, midnightAfter, takenToday, warmLeft, warmUpDay, warmUpSchema } from '#shared/sending/warm-up.ts';

const PLAN = warmUpSchema.parse({ since: '2026-11-20', perDay: [200, 500, 1000] });

describe('the plan of a new domain', () => {
  it.each<[string, object | undefined]>([
    ['2026-11-18T12:00:00.000Z', { number: 1, of: 3, mails: 200 }],
    ['2026-11-20T00:00:00.000Z', { number: 1, of: 3, mails: 200 }],
    ['2026-11-20T23:59:59.999Z', { number: 1, of: 3, mails: 200 }],
    ['2026-11-21T00:00:00.000Z', { number: 2, of: 3, mails: 500 }],
    ['2026-11-22T23:59:59.999Z', { number: 3, of: 3, mails: 1000 }],
    ['2026-11-23T00:00:00.000Z', undefined],
  ])('is at %s at the day %j', (now, day) => {
    expect(warmUpDay(PLAN, now)).toEqual(day);
  });

  it('leaves what was not taken on its day, by UTC', () => {
    const taken = { day: { date: '2026-11-21', mails: 120 } };
    expect(warmLeft(taken, PLAN, '2026-11-21T12:00:00.000Z')).toBe(380);
    expect(warmLeft(taken, PLAN, '2026-11-22T00:00:00.000Z')).toBe(1000);
    expect(warmLeft({}, PLAN, '2026-11-21T12:00:00.000Z')).toBe(500);
    expect(takenToday(taken, '2026-11-21T23:59:59.999Z')).toBe(120);
    expect(midnightAfter('2026-11-21T12:00:00.000Z')).toBe('2026-11-22T00:00:00.000Z');
  });

  it('has no end once it is over, and where there is none', () => {
    expect(warmLeft({}, PLAN, '2026-12-24T00:00:00.000Z')).toBe(Number.POSITIVE_INFINITY);
    expect(warmLeft({}, undefined, '2026-11-21T00:00:00.000Z')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a contact was last seen', () => {
  it('by the newest of their doings', () => {
    expect(engagedHour({ hours: [10, 20], last: {} })).toBe(20);
    expect(engagedHour({ hours: [10], last: { 'message.opened': '1970-01-01T23:59:00.000Z' } })).toBe(23);
    expect(engagedHour({ hours: [30], last: { registration: '1970-01-01T23:59:00.000Z' } })).toBe(30);
    expect(engagedHour({ last: { registration: '1970-01-01T23:59:00.000Z' } })).toBe(23);
  });

  it('never, where nothing is known or only what others have done', () => {
    expect(engagedHour({ last: {} })).toBeUndefined();
    expect(engagedHour({ last: { 'message.sent': '2026-01-01T00:00:00.000Z' } })).toBeUndefined();
  });
});
