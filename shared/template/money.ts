import { currencyOf, isCurrency, placesOf } from '#shared/money/currency.ts';
import { isDecimal } from '#shared/money/decimal.ts';
import { bounded } from './bounded.ts';

/** A shop has a few currencies and a few locales; what is more comes from odd events. */
const formats = bounded<Intl.NumberFormat>(200);
/** Each amount stands in the HTML and in the text of a mail, and a price in the mails of many. */
const written = bounded<string>(2000);

/** A number, or a text that is one; Intl reads a text digit by digit, so no amount goes through a binary fraction. */
const isNumeric = (text: string): text is Intl.StringNumericLiteral => isDecimal(text);

export function decimalText(value: unknown): Intl.StringNumericLiteral | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return isNumeric(text) ? text : undefined;
}

/**
 * An amount as it is written in this language, with as many places as the currency has: `€19.90`, `19,90 €`, `¥1,200`.
 * Nothing for what is no number. What is no currency stands behind the number.
 */
export function formatMoney(value: unknown, currency: string, locale: string): string {
  const amount = decimalText(value);
  if (amount === undefined) return '';
  // What is no code may be of any length.
  if (currency.length > 3) return formatAmount(amount, currency, locale);
  return written.of(`${locale} ${currency} ${amount}`, () => formatAmount(amount, currency, locale));
}

function formatAmount(amount: Intl.StringNumericLiteral, currency: string, locale: string): string {
  const code = currencyOf(currency) ?? '';
  const known = isCurrency(code);
  const format = formats.of(`${locale} ${known ? code : ''}`, () => {
    const places = known ? placesOf(code) : 2;
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
      // An amount that is rounded to nothing has no sign.
      signDisplay: 'negative',
      ...(known && { style: 'currency', currency: code }),
    });
  });
  const text = format.format(amount);
  return known ? text : `${text} ${currency}`.trim();
}
