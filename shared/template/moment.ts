import { dayNumber, dayOf } from '#shared/time/local.ts';
import { bounded } from './bounded.ts';

/** A moment for people to read: an instant that is shown in a zone, or what a calendar or a wall clock shows as it is. */
export type Moment = { readonly millis: number; readonly zone?: string; readonly yearless?: boolean };

const DATE = /^(\d{4}|-)(-\d\d-\d\d)$/;
const DATE_AND_TIME =
  /^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/i;
/** Numbers below it are seconds since 1970, as Unix has them; the others are milliseconds. */
const MILLIS_FROM = 100_000_000_000;
/** A leap year, so that a birthday of 29 February without its year is one. */
const ANY_YEAR = '2000';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_LENGTH = 24 * HOUR;
const FARTHEST = 8000 * 365 * DAY_LENGTH;

/**
 * Reads what events and traits hold: `2026-06-15`, `--06-15` (without its year), `2026-06-15T10:00` (by the reader's clock),
 * with `Z` or `+02:00`, or seconds or milliseconds since 1970. A date without a time has no zone: it is that day everywhere.
 */
export function readMoment(value: unknown): Moment | undefined {
  if (typeof value === 'number') return within(Math.abs(value) < MILLIS_FROM ? value * 1000 : value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^-?\d{9,14}$/.test(text)) return readMoment(Number(text));
  const [, year, monthAndDay = ''] = DATE.exec(text) ?? [];
  if (year === undefined) return readWithTime(text);
  const millis = midnight(`${year === '-' ? ANY_YEAR : year}${monthAndDay}`);
  return millis === undefined ? undefined : { millis, zone: 'UTC', ...(year === '-' && { yearless: true }) };
}

function readWithTime(text: string): Moment | undefined {
  const [, date, hours, minutes, seconds = '0', utc, sign, awayHours, awayMinutes = '0'] =
    DATE_AND_TIME.exec(text) ?? [];
  const day = date === undefined ? undefined : midnight(date);
  if (day === undefined) return undefined;
  const millis = day + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * 1000;
  if (sign === undefined) return { millis, ...(utc === undefined && { zone: 'UTC' }) };
  const away = Number(awayHours) * HOUR + Number(awayMinutes) * MINUTE;
  return { millis: sign === '-' ? millis + away : millis - away };
}

/** Of a day that the calendar has. */
function midnight(date: string): number | undefined {
  const day = dayNumber(date);
  return dayOf(day) === date ? day * DAY_LENGTH : undefined;
}

/** Nobody writes of later years, and texts of them are no instants. */
const within = (millis: number): Moment | undefined =>
  Math.abs(millis) < FARTHEST ? { millis: Math.trunc(millis) } : undefined;

type Style = Intl.DateTimeFormatOptions;

const DAY: Style = { day: 'numeric', month: 'long' };
/** As docs/filters.md lists them. */
const STYLES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ['short', { day: '2-digit', month: '2-digit', year: 'numeric' }],
  ['medium', { day: 'numeric', month: 'short', year: 'numeric' }],
  ['long', { ...DAY, year: 'numeric' }],
  ['full', { ...DAY, year: 'numeric', weekday: 'long' }],
  ['day', DAY],
  ['weekday', { weekday: 'long' }],
  ['month', { month: 'long' }],
  ['year', { year: 'numeric' }],
  ['time', { hour: 'numeric', minute: '2-digit' }],
  ['datetime', { dateStyle: 'long', timeStyle: 'short' }],
]);

export const DATE_STYLES: readonly string[] = [...STYLES.keys()];

/** Made for each language, zone and style in use: one takes as long as fifty mails. */
const formats = bounded<Intl.DateTimeFormat>(500);

const formatOf = (locale: string, zone: string, name: string, style: Style): Intl.DateTimeFormat =>
  formats.of(`${locale} ${zone} ${name}`, () => new Intl.DateTimeFormat(locale, { ...style, timeZone: zone }));

/** The moment in a style. `long` where there is no such style. */
export function inStyle(moment: Moment, name: string, locale: string, zone: string): string {
  const style = STYLES.get(name);
  const { year: _, ...without } = style ?? { ...DAY, year: 'numeric' };
  const key = `${style ? name : 'long'}${moment.yearless ? ' yearless' : ''}`;
  const shown = moment.yearless ? without : (style ?? { ...without, year: 'numeric' });
  // Nothing is left of a year alone.
  if (Object.keys(shown).length === 0) return '';
  return formatOf(locale, moment.zone ?? zone, key, shown).format(moment.millis);
}

const NAMES = /%([\^]?)([AaBbh])/g;
const NAME_STYLES: Readonly<Record<string, Style>> = {
  A: { weekday: 'long' },
  a: { weekday: 'short' },
  B: { month: 'long' },
  b: { month: 'short' },
  h: { month: 'short' },
};

/**
 * A pattern (`%d %B %Y`) whose names of days and months are those of the language; the rest of it is left. Beside a day of
 * the month a name stands as it does in dates: "15 czerwca", and "czerwiec" alone.
 */
export function withNames(pattern: string, { millis, zone: own }: Moment, locale: string, zone: string): string {
  const inDate = /%[-_0]?[de]/.test(pattern);
  return pattern.replace(NAMES, (_, upper: string, letter: string) => {
    const style = NAME_STYLES[letter] ?? {};
    const dated = inDate && style.month !== undefined;
    const format = formatOf(locale, own ?? zone, `%${letter}${dated ? 'd' : ''}`, {
      ...style,
      ...(dated && { day: 'numeric' }),
    });
    const parts = dated ? format.formatToParts(millis) : [];
    const name = parts.find(({ type }) => type === 'month')?.value ?? format.format(millis);
    return (upper ? name.toLocaleUpperCase(locale) : name).replaceAll('%', '%%');
  });
}
