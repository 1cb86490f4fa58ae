import { currencyOf } from '#shared/money/currency.ts';
import { minorText, timesRate } from '#shared/money/decimal.ts';
import { known } from './known.ts';

type Texts = Readonly<Record<string, string | undefined>>;
type Money = { readonly [name: string]: string };

/**
 * Amounts of an event: each as a number, and in `money` exactly as the storefront has written it. They are in the
 * storefront's currency; enrol converts.
 */
export function amounts(
  written: string | undefined,
  texts: Texts,
): { readonly [name: string]: number | string | Money } {
  const given = Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  const currency = known({ currency: currencyOf(written) });
  if (given.length === 0) return currency;
  const numbers = Object.fromEntries(given.map(([name, text]) => [name, Number(text)]));
  return { ...numbers, ...currency, money: { ...currency, ...Object.fromEntries(given) } };
}

const placesIn = (text: string): number => (text.split('.')[1] ?? '').length;

/** In units of the last of so many places. */
function units(text: string, places: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}

/** The exact sum of decimal texts, with as many places as the one that has most; undefined of none. */
export function sumOf(texts: readonly string[]): string | undefined {
  if (texts.length === 0) return undefined;
  const places = Math.max(...texts.map(placesIn));
  const sum = texts.reduce((before, text) => before + units(text, places), 0n);
  return minorText(sum, places);
}

/** So many times an amount, exactly. */
export const timesOf = (text: string, times: number): string | undefined => timesRate(text, times, placesIn(text));
