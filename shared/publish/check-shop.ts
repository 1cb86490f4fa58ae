import { isLocale } from '#shared/locale.ts';
import { isCurrency } from '#shared/money/currency.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { isZone } from '#shared/time/local.ts';
import { didYouMean } from './did-you-mean.ts';
import { noSuchZone } from './no-such-zone.ts';
import type { Source } from './parse.ts';
import { MISFIT, type Remark, remark } from './remarks.ts';

/** Where the shop is, how it writes and what it counts in: with a slip in one of them no mail would print a time or a price. */
export function shop({ shop: { timeZone, locale, currency } }: Settings, source: Source): Remark[] {
  const rules: readonly (readonly [string, boolean, () => string])[] = [
    ['timeZone', isZone(timeZone), () => `There is ${noSuchZone(timeZone)}`],
    ['locale', isLocale(locale), () => noSuchLocale(locale)],
    ['currency', isCurrency(currency), () => noSuchCurrency(currency)],
  ];
  return rules.flatMap(([key, fits, text]) => (fits ? [] : [remark(MISFIT, source.at(['shop', key]), text())]));
}

/** A sentence on a locale that nobody writes in, with what was probably meant. */
function noSuchLocale(written: string): string {
  const dashed = written.trim().replaceAll(/[_\s]+/g, '-');
  const [meant] = isLocale(dashed) ? Intl.getCanonicalLocales(dashed) : [];
  const hint = meant === undefined ? 'Write a language, as "en", or one with its country, as "en-US".' : '';
  return `There is no locale "${written}". ${hint || `Did you mean "${meant}"?`}`;
}

/** A sentence on a currency that no money is kept in, with the one that was probably meant. */
export function noSuchCurrency(written: string): string {
  const meant = didYouMean(written, Intl.supportedValuesOf('currency'));
  return `There is no currency "${written}".${meant || ' Write it as "EUR".'}`;
}
