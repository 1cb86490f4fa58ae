/** Currencies by ISO 4217, and how many places their amounts have behind the point. */

const NO_PLACES = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_PLACES = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

/** Places behind the point of amounts in this currency; 2 for one that nobody knows. */
export const placesOf = (currency: string): number =>
  NO_PLACES.includes(currency) ? 0 : THREE_PLACES.includes(currency) ? 3 : 2;

/** A currency's code in capital letters; undefined for what does not look like one. */
export function currencyOf(written: unknown): string | undefined {
  if (typeof written !== 'string') return undefined;
  const code = written.trim().toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? code : undefined;
}

const CODES = new Set(Intl.supportedValuesOf('currency'));

/** Whether money is kept in this currency anywhere. */
export const isCurrency = (code: string): boolean => CODES.has(code);
