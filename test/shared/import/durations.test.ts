import { describe, expect, it } from 'vitest';
import { dayOf, daysOf, durationOf, inWords, ofSeconds, roughSeconds, unitOf } from '#shared/import/durations.ts';

describe('durations of other tools', () => {
  it.each([
    [2, 'days', 'P2D'],
    [1.5, 'd', 'PT36H'],
    [0.5, 'h', 'PT30M'],
    [90, 'i', 'PT90M'],
    [30, 'minutes', 'PT30M'],
    [1, 'm', 'P1M'],
    [3, 'Weeks', 'P3W'],
    [1, 'year', 'P1Y'],
  ])('%d %s is %s', (count, word, iso) => {
    const unit = unitOf(word);
    expect(unit && durationOf(count, unit)).toBe(iso);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d days are none', (count) => {
    expect(durationOf(count, 'day')).toBeUndefined();
  });

  it('does not know every word', () => {
    expect(['fortnight', 'constructor', ''].map(unitOf)).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    [172_800, 'P2D'],
    [7200, 'PT2H'],
    [90, 'PT90S'],
    [0, undefined],
  ])('%d seconds are %s', (seconds, iso) => {
    expect(ofSeconds(seconds)).toBe(iso);
  });

  it('are said in words, and put into order', () => {
    expect(['P1D', 'PT36H', 'P1DT2H30M'].map(inWords)).toEqual(['1 day', '36 hours', '1 day 2 hours 30 minutes']);
    expect(['P1M', 'PT36H', 'P1DT2H'].map(roughSeconds)).toEqual([2_592_000, 129_600, 93_600]);
  });
});

describe('days of other tools', () => {
  it.each([
    ['MONDAY', 'mon'],
    ['sun', 'sun'],
    [1, 'mon'],
    [7, 'sun'],
    ['0', 'sun'],
    ['funday', undefined],
  ])('%s is %s', (day, name) => {
    expect(dayOf(day)).toBe(name);
  });

  it('all seven are no restriction', () => {
    expect(daysOf([1, 2, 3, 4, 5, 6, 7])).toBeUndefined();
    expect(daysOf(['friday', 'monday'])).toEqual(['mon', 'fri']);
  });
});
