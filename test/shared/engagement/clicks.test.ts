import { describe, expect, it } from 'vitest';
import { type Click, isEarly, isScan } from '#shared/engagement/clicks.ts';
import { plusMillis } from '#shared/time/instant.ts';

const ARRIVED = '2026-11-22T11:00:00.000Z';
const click = (ms: number, link = 'tea'): Click => ({ at: plusMillis(ARRIVED, ms), link });
const scan = (one: Click, others: readonly Click[] = [], delivered: string | undefined = ARRIVED): boolean =>
  isScan(one, [one, ...others], { delivered, mailed: ARRIVED });

describe('a click is early', () => {
  it('in the first two minutes after the mail arrived', () => {
    expect(isEarly(plusMillis(ARRIVED, 119_999), ARRIVED)).toBe(true);
    expect(isEarly(plusMillis(ARRIVED, 120_000), ARRIVED)).toBe(false);
  });

  it('whenever nobody knows when it arrived', () => {
    expect(isEarly(plusMillis(ARRIVED, 86_400_000), undefined)).toBe(true);
  });
});

describe('a click is a machine’s', () => {
  it.each<[string, boolean, Click, Click[]]>([
    ['within two seconds', true, click(1999), []],
    ['not after two seconds', false, click(2000), []],
    ['with another link within a second', true, click(30_000), [click(31_000, 'cups')]],
    ['with another link a second before', true, click(31_000), [click(30_000, 'cups')]],
    ['not with another link later than a second', false, click(30_000), [click(31_001, 'cups')]],
    ['not with the same link again', false, click(30_000), [click(30_100), click(30_200)]],
    ['as the first of three links in ten seconds', true, click(30_000), [click(35_000, 'cups'), click(40_000, 'pots')]],
    ['amid three links in ten seconds', true, click(35_000), [click(30_000, 'cups'), click(40_000, 'pots')]],
    ['not amid three links in more', false, click(35_000), [click(29_999, 'cups'), click(40_000, 'pots')]],
    ['not with two links in ten seconds', false, click(30_000), [click(39_000, 'cups')]],
    ['not two minutes after the mail arrived', false, click(120_000), [click(120_100, 'cups'), click(120_200, 'pots')]],
  ])('%s: %s', (_, expected, one, others) => {
    expect(scan(one, others)).toBe(expected);
    expect(scan(one, others.toReversed())).toBe(expected);
  });

  it('by when the mail was handed over where it is not known to have arrived', () => {
    expect(isScan(click(1999), [click(1999)], { delivered: undefined, mailed: ARRIVED })).toBe(true);
    expect(isScan(click(2000), [click(2000)], { delivered: undefined, mailed: ARRIVED })).toBe(false);
    const late = plusMillis(ARRIVED, 3_600_000);
    expect(isScan(click(1999), [click(1999)], { delivered: late, mailed: ARRIVED })).toBe(true);
    expect(scan(click(3_600_000 + 1999), [], late)).toBe(true);
    expect(scan(click(3_600_000 + 2000), [], late)).toBe(false);
  });
});
