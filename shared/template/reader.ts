import { isLocale } from '#shared/locale.ts';
import { isZone } from '#shared/time/local.ts';
import { canonicalLocale } from './language.ts';

/** For whom a mail is written: what filters reckon with. */
export type Reader = {
  /** One that Intl knows. */
  readonly locale: string;
  readonly zone: string;
  readonly currency: string;
  /** The moment of sending, so that `now` is the virtual one where time is virtual. */
  readonly now: unknown;
};

const fieldOf = (scope: object, root: string, name: string): unknown => {
  const fields: unknown = Object.getOwnPropertyDescriptor(scope, root)?.value;
  return typeof fields === 'object' && fields !== null
    ? Object.getOwnPropertyDescriptor(fields, name)?.value
    : undefined;
};

/** A mail asks many times in a row, and then no more. */
let last: { readonly scope: object; readonly reader: Reader } | undefined;

/**
 * The reader of what is rendered in this scope. The first of each that there is counts: traits are what storefronts send,
 * and a mail with an odd one is better than none. Never the machine's own.
 */
export function readerOf(scope: object): Reader {
  if (last?.scope === scope) return last.reader;
  const locales = [fieldOf(scope, 'message', 'locale'), fieldOf(scope, 'shop', 'locale')].map(canonicalLocale);
  const zones = [fieldOf(scope, 'contact', 'timeZone'), fieldOf(scope, 'shop', 'timeZone')];
  const reader = {
    locale: locales.find((locale) => locale !== undefined && isLocale(locale)) ?? 'en',
    zone: zones.flatMap((zone) => (typeof zone === 'string' && isZone(zone) ? [zone] : []))[0] ?? 'UTC',
    currency: String(fieldOf(scope, 'shop', 'currency') ?? ''),
    now: fieldOf(scope, 'message', 'at'),
  };
  last = { scope, reader };
  return reader;
}
