import { known } from './known.ts';

type Texts = Readonly<Record<string, string | undefined>>;
type Money = { readonly [name: string]: string };

/**
 * Amounts of an event: each as a number, and in `money` exactly as the storefront has written it. They are in the
 * storefront's currency; enrol converts.
 */
export function amounts(
  currency: string | undefined,
  texts: Texts,
): { readonly [name: string]: number | string | Money } {
  const given = Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  if (given.length === 0) return known({ currency });
  const numbers = Object.fromEntries(given.map(([name, text]) => [name, Number(text)]));
  const money = { ...known({ currency }), ...Object.fromEntries(given) };
  return { ...numbers, ...known({ currency }), money };
}

const placesIn = (text: string): number => (text.split('.')[1] ?? '').length;

/** In units of the last of so many places. */
function units(text: string, places: number): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(places, '0'));
  return text.startsWith('-') ? -size : size;
}

function written(sum: bigint, places: number): string {
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  return `${sum < 0n ? '-' : ''}${digits.slice(0, cut)}${places > 0 ? `.${digits.slice(cut)}` : ''}`;
}

/** The exact sum of decimal texts, with as many places as the one that has most; undefined of none. */
export function sumOf(texts: readonly string[]): string | undefined {
  if (texts.length === 0) return undefined;
  const places = Math.max(...texts.map(placesIn));
  return written(
    texts.reduce((sum, text) => sum + units(text, places), 0n),
    places,
  );
}

/** So many times an amount, exactly. */
export const timesOf = (text: string, times: number): string => {
  const places = placesIn(text);
  return written(units(text, places) * BigInt(times), places);
};
