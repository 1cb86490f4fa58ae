import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, distance, nearest } from '#shared/publish/did-you-mean.ts';
import { daysOf, durationMeant, reordered } from '#shared/publish/durations.ts';

describe('the distance between two words', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['gaol', 'goal', 1],
    ['upto', 'upTo', 1],
    ['same', 'same', 0],
  ])('%j to %j is %i', (a, b, far) => {
    expect(distance(a, b)).toBe(far);
  });

  it('is the same both ways, nothing only for the same word, and at most the longer word', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('the word that was meant', () => {
  it.each([
    ['cart-remindr', 'cart-reminder'],
    ['CART-OFFER', 'cart-offer'],
    ['hallo', undefined],
    ['', undefined],
  ])('by %j is %j', (written, meant) => {
    expect(nearest(written, ['cart-offer', 'cart-reminder', 'welcome'])).toBe(meant);
  });

  it('is asked for only if there is one', () => {
    expect(didYouMean('welcom', ['welcome'])).toBe(' Did you mean "welcome"?');
    expect(didYouMean('x', [])).toBe('');
  });
});

describe('the duration that was meant', () => {
  it.each([
    ['2 days', 'P2D'],
    ['a week', 'P1W'],
    ['an hour', 'PT1H'],
    ['P7', 'P7D'],
    ['36h', 'PT36H'],
    ['5 Minutes', 'PT5M'],
    ['1 month', 'P1M'],
    ['3 weeks', 'P3W'],
    ['10 sec', 'PT10S'],
    ['1 year', 'P1Y'],
    ['soon', undefined],
    ['1.5 days', undefined],
  ])('by %j is %j', (written, meant) => {
    expect(durationMeant(written)).toBe(meant);
  });

  it.each([
    ['PT2D', 'P2D'],
    ['P1D12H', 'P1DT12H'],
    ['P1DT2D', undefined],
    ['P1D2W', 'P2W1D'],
    ['P3M', undefined],
    ['P2H30M', 'PT2H30M'],
    ['P30S', 'PT30S'],
    ['2D', undefined],
  ])('by %j has its parts at their places: %j', (written, mended) => {
    expect(reordered(written)).toBe(mended);
  });

  it.each([
    ['P1Y', 365],
    ['P2M', 60],
    ['P1W', 7],
    ['PT36H', 1.5],
    ['PT0S', 0],
    ['P1DT12H', 1.5],
    ['PT30M', 30 / 1440],
  ])('%s has about %d days', (duration, days) => {
    expect(daysOf(duration)).toBeCloseTo(days);
  });
});
