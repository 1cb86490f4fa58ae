import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyOf, isCurrency, placesOf } from '#shared/money/currency.ts';
import { isDecimal, minorText, timesRate } from '#shared/money/decimal.ts';

describe('an amount times a rate', () => {
  it.each<[amount: string | number, rate: number, places: number, expected: string]>([
    ['199.65', 0.92, 2, '183.68'],
    [199.65, 0.92, 2, '183.68'],
    ['1.15', 1.1, 2, '1.27'],
    ['1.005', 1, 2, '1.01'],
    ['0.005', 1, 2, '0.01'],
    ['0.00499999999999999999999', 1, 2, '0.00'],
    ['-1.005', 1, 2, '-1.01'],
    ['-0.001', 1, 2, '0.00'],
    [0.1, 3, 2, '0.30'],
    ['100', 151.37, 0, '15137'],
    ['0.5', 1, 0, '1'],
    ['12.3456', 1, 3, '12.346'],
    [1e21, 1e-7, 2, '100000000000000.00'],
    ['9007199254740993', 1, 2, '9007199254740993.00'],
    [' 5 ', 2, 2, '10.00'],
    ['+5', 2, 2, '10.00'],
    ['12e3', 2, 2, '24000.00'],
    ['12e-3', 1, 2, '0.01'],
  ])('%s times %s, to %i places', (amount, rate, places, expected) => {
    expect(timesRate(amount, rate, places)).toBe(expected);
  });

  it.each(['', 'free', '1,50', '1.', '.5', '0x10', '1e9999', 'NaN', '1 000'])('is nothing for "%s"', (amount) => {
    expect(isDecimal(amount)).toBe(false);
    expect(timesRate(amount, 1, 2)).toBeUndefined();
  });

  it('is an amount with blanks around it as well', () => {
    expect(isDecimal(' 19.99 ')).toBe(true);
  });

  it('is never further from the exact product than half a minor unit', () => {
    const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    const rate = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(cents, rate, fc.constantFrom(0, 2, 3), (amount, units, places) => {
        const rated = timesRate(minorText(BigInt(amount), 2), Number(minorText(BigInt(units), 6)), places) ?? '';
        // Both in units of 10^-8, the scale of the product.
        const exact = BigInt(amount) * BigInt(units);
        const unit = 10n ** BigInt(8 - places);
        const difference = BigInt(rated.replace('.', '')) * unit - exact;
        expect(2n * (difference < 0n ? -difference : difference)).toBeLessThanOrEqual(unit);
      }),
    );
  });
});

it.each<[units: bigint, places: number, text: string]>([
  [1999n, 2, '19.99'],
  [5n, 2, '0.05'],
  [-5n, 2, '-0.05'],
  [500n, 0, '500'],
  [5120n, 3, '5.120'],
  [0n, 2, '0.00'],
])('%s minor units of %i places are %s', (units, places, text) => {
  expect(minorText(units, places)).toBe(text);
});

it.each([
  ['usd', 'USD'],
  [' EUR ', 'EUR'],
  ['€', undefined],
  ['points', undefined],
  [5, undefined],
])('reads %s as the currency %s', (written, code) => {
  expect(currencyOf(written)).toBe(code);
});

it.each([
  ['JPY', 0],
  ['KWD', 3],
  ['PLN', 2],
])('amounts in %s have %i places', (currency, places) => {
  expect(placesOf(currency)).toBe(places);
});

it.each([
  ['PLN', true],
  ['XYZ', false],
])('that money is kept in %s is %s', (code, known) => {
  expect(isCurrency(code)).toBe(known);
});
