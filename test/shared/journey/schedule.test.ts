import { describe, expect, it } from 'vitest';
import { triggerSchema } from '#shared/journey/journey.ts';
import { beginsAt, momentOf, nextOccurrence, type Schedule } from '#shared/journey/schedule.ts';

const WARSAW = 'Europe/Warsaw';
const schedule = (given: object): Schedule => {
  const trigger = triggerSchema.parse({ type: 'schedule', segment: 'news', ...given });
  if (trigger.type !== 'schedule') throw new Error('no schedule');
  return trigger;
};
const occurrences = (given: object, now: string, count: number) => {
  const days: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const next = nextOccurrence(schedule(given), now, WARSAW, days.at(-1));
    if (next === undefined) break;
    days.push(next);
  }
  return days;
};
const moment = (given: object, day: string, zone: string, id = 'c1') =>
  momentOf(schedule(given), day, { id, zone, journey: 'letter' }, WARSAW);

describe('occurrences', () => {
  it.each([
    ['one day', { at: '2026-12-08T10:00' }, ['2026-12-08']],
    ['each day', { at: '10:00', every: 'P1D' }, ['2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04']],
    [
      'each Tuesday',
      { at: '10:00', every: 'P1W', on: ['tue'] },
      ['2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22'],
    ],
    [
      'two days of a week',
      { at: '10:00', every: 'P1W', on: ['mon', 'thu'] },
      ['2026-12-03', '2026-12-07', '2026-12-10', '2026-12-14'],
    ],
    [
      'from a day on',
      { at: '10:00', every: 'P1W', on: ['tue'], from: '2026-12-09' },
      ['2026-12-15', '2026-12-22', '2026-12-29', '2027-01-05'],
    ],
    [
      'a day of the month',
      { at: '10:00', every: 'P1M', on: [5] },
      ['2026-12-05', '2027-01-05', '2027-02-05', '2027-03-05'],
    ],
    [
      'the last day of the month',
      { at: '10:00', every: 'P1M', on: ['last'] },
      ['2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31'],
    ],
    [
      'the 31st, which is the last where there is none',
      { at: '10:00', every: 'P1M', on: [31] },
      ['2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31'],
    ],
  ])('are %s', (_, given, days) => {
    // Noon in Warsaw: it is ten o'clock yet to come only further west.
    expect(occurrences(given, '2026-12-01T11:00:00.000Z', 4)).toEqual(days);
  });

  it('go on while anybody’s turn can still come, and not longer', () => {
    const letter = { at: '2026-12-08T10:00' };
    expect(occurrences(letter, '2026-12-08T22:00:00.000Z', 1)).toEqual(['2026-12-08']);
    expect(occurrences(letter, '2026-12-08T22:00:00.001Z', 1)).toEqual([]);
    expect(occurrences({ ...letter, over: 'PT2H' }, '2026-12-09T00:00:00.000Z', 1)).toEqual(['2026-12-08']);
    expect(occurrences({ ...letter, zone: 'shop' }, '2026-12-08T09:00:00.001Z', 1)).toEqual([]);
  });
});

describe('the moment of a contact', () => {
  const letter = { at: '2026-12-08T10:00' };

  it('is that clock in their own zone', () => {
    expect(moment(letter, '2026-12-08', WARSAW)).toBe('2026-12-08T09:00:00.000Z');
    expect(moment(letter, '2026-12-08', 'America/New_York')).toBe('2026-12-08T15:00:00.000Z');
    expect(beginsAt(schedule(letter), '2026-12-08', WARSAW)).toBe('2026-12-07T20:00:00.000Z');
  });

  it('is one instant for all where the journey says so', () => {
    expect(moment({ ...letter, zone: 'shop' }, '2026-12-08', 'America/New_York')).toBe('2026-12-08T09:00:00.000Z');
    expect(moment({ at: '2026-12-08T10:00Z' }, '2026-12-08', 'America/New_York')).toBe('2026-12-08T10:00:00.000Z');
  });

  it('is spread evenly over a time, and always the same', () => {
    const spread = { ...letter, over: 'PT2H' };
    const all = Array.from({ length: 400 }, (_, i) => moment(spread, '2026-12-08', WARSAW, `c${i}`));
    expect(moment(spread, '2026-12-08', WARSAW, 'c7')).toBe(all[7]);
    expect(all.every((at) => at >= '2026-12-08T09:00:00.000Z' && at < '2026-12-08T11:00:00.000Z')).toBe(true);
    const firstHalf = all.filter((at) => at < '2026-12-08T10:00:00.000Z').length;
    expect(firstHalf).toBeGreaterThan(160);
    expect(firstHalf).toBeLessThan(240);
  });
});
