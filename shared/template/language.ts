import { bounded } from './bounded.ts';

/** Locales come from storefronts: as many as are in use at one time. */
const KEPT = 500;
const read = bounded<{ readonly locale: string | undefined }>(KEPT);

/**
 * A locale as it is written everywhere here (BCP 47): `ru_RU` and `RU-ru` are `ru-RU`, `pl_PL.UTF-8` is `pl-PL`. Undefined
 * for what is none.
 */
export const canonicalLocale = (written: unknown): string | undefined =>
  typeof written === 'string' ? read.of(written, () => ({ locale: readLocale(written) })).locale : undefined;

function readLocale(written: string): string | undefined {
  const [name = ''] = written.trim().split(/[.@]/);
  try {
    return new Intl.Locale(name.replaceAll('_', '-')).baseName;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `pl` of `pl-PL`, `zh-Hant` of `zh-Hant-TW`: what a text is written in. */
function writtenIn(locale: string): string {
  const { language, script } = new Intl.Locale(locale).maximize();
  return `${language}-${script}`;
}

const sameLanguage = bounded<boolean>(KEPT);

/**
 * The locale that numbers and dates of a mail follow: the contact's own where it is of the language that the mail is
 * written in (`en-US` for an English one), else the mail's.
 */
export function localeOfMail(mails: string, own: unknown): string {
  const theirs = canonicalLocale(own);
  const locale = canonicalLocale(mails) ?? 'en';
  if (theirs === undefined) return locale;
  return sameLanguage.of(`${locale} ${theirs}`, () => writtenIn(locale) === writtenIn(theirs)) ? theirs : locale;
}
