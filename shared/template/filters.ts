import { type FilterImplOptions, filters } from 'liquidjs';
import { clampedInstant, isZone } from '#shared/time/local.ts';
import { inStyle, readMoment, withNames } from './moment.ts';
import { formatMoney } from './money.ts';
import { pluralOf } from './plural.ts';
import { readerOf } from './reader.ts';

type FilterHandler = Extract<FilterImplOptions, (...args: never[]) => unknown>;

/** The library's own, for patterns; it is always told the zone, and would else take the machine's. */
const { date: plainDate } = filters;

const isNow = (value: unknown): boolean => value === 'now' || value === 'today';
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Nothing for what is missing; a text that is no date stands as it came: "next Tuesday". */
const date: FilterHandler = function date(value, how, ownZone) {
  const { locale, zone: readers, now } = readerOf(this.context.environments);
  const moment = readMoment(isNow(value) ? now : value);
  if (!moment) return typeof value === 'string' ? value : '';
  const zone = typeof ownZone === 'string' && isZone(ownZone) ? ownZone : readers;
  const pattern = textOf(how);
  if (!pattern.includes('%') || typeof plainDate !== 'function') return inStyle(moment, pattern.trim(), locale, zone);
  const named = withNames(pattern, moment, locale, zone);
  return plainDate.call(this, clampedInstant(moment.millis), named, moment.zone ?? zone);
};

const money: FilterHandler = function money(value, currency) {
  const { locale, currency: shops } = readerOf(this.context.environments);
  return formatMoney(value, textOf(currency) || shops, locale);
};

const plural: FilterHandler = function plural(value, ...words) {
  return pluralOf(value, words, readerOf(this.context.environments).locale);
};

/** Filters of Tropa's own: how money, dates and words beside numbers are written for the reader of a mail. */
export const FORMATTING: Readonly<Record<string, FilterHandler>> = { date, money, plural };

const ESCAPES = ['url_encode', 'url_decode', 'cgi_escape', 'uri_escape'] as const;

/** The library's own, whose text it does not count to the memory of the rendering: one after the other they make it endless. */
export const COUNTED: Readonly<Record<string, FilterHandler>> = Object.fromEntries(
  ESCAPES.map((name) => [name, counted(filters[name])]),
);

function counted(own: FilterImplOptions | undefined): FilterHandler {
  return function escaped(...given) {
    const text: unknown = typeof own === 'function' ? own.apply(this, given) : given[0];
    this.context.memoryLimit.use(textOf(text).length);
    return text;
  };
}

/** Filters of the library that reckon in the machine's zone; all of them are styles or patterns of `date`. */
export const MACHINES_ZONE: readonly string[] = [
  ...['date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'],
];
