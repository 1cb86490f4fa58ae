import { minorText } from '#shared/money/decimal.ts';
import { amounts } from '#shared/source/amounts.ts';

/** https://docs.stripe.com/currencies: not those of ISO 4217. ISK and UGX are written with two places that are always 0. */
const NO_PLACES = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const THREE_PLACES = 'BHD JOD KWD OMR TND'.split(' ');

const placesOf = (currency: string): number =>
  NO_PLACES.includes(currency) ? 0 : THREE_PLACES.includes(currency) ? 3 : 2;

/** An amount of Stripe's as a decimal text. */
export const amountText = (units: bigint, currency: string): string => minorText(units, placesOf(currency));

type Units = Readonly<Record<string, bigint | undefined>>;

/** Amounts of Stripe's as data has them: numbers, and the exact texts beside. Nothing without a currency. */
export function money(currency: string | undefined, units: Units): ReturnType<typeof amounts> {
  if (currency === undefined) return {};
  const texts = Object.entries(units).map(([name, value]) => [
    name,
    value === undefined ? undefined : amountText(value, currency),
  ]);
  return amounts(currency, Object.fromEntries(texts));
}
