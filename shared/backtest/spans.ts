import { dayNumber, dayOf, type LocalDate } from '#shared/time/local.ts';
import type { Count } from './tally.ts';

/** Mails by day, summed to as many columns as an eye can tell apart. */

export type Column = { readonly name: string; readonly n: number };

const DAYS_AT_MOST = 45;
const WEEKS_AT_MOST = 60;

type Unit = 'day' | 'week' | 'month';
export type Columns = { readonly unit: Unit; readonly columns: readonly Column[] };

/** The Monday of a date's week; day 0, 1 January 1970, was a Thursday. */
const mondayOf = (date: LocalDate): LocalDate => dayOf(dayNumber(date) - ((((dayNumber(date) + 3) % 7) + 7) % 7));

const NAMES: Readonly<Record<Unit, (date: LocalDate) => string>> = {
  day: (date) => date,
  week: mondayOf,
  month: (date) => date.slice(0, 7),
};

/** By days, weeks (named by their Monday) or months, without gaps: a time without mails is a column of none. */
export function columnsOf(byDay: Readonly<Count>): Columns {
  const days = Object.keys(byDay).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { unit: 'day', columns: [] };
  const length = dayNumber(last) - dayNumber(first) + 1;
  const unit: Unit = length <= DAYS_AT_MOST ? 'day' : length / 7 <= WEEKS_AT_MOST ? 'week' : 'month';
  const sums = new Map<string, number>();
  for (let day = 0; day < length; day += 1) {
    const date = dayOf(dayNumber(first) + day);
    const name = NAMES[unit](date);
    sums.set(name, (sums.get(name) ?? 0) + (byDay[date] ?? 0));
  }
  return { unit, columns: [...sums].map(([name, n]) => ({ name, n })) };
}

/** Contacts with 1 mail, 2 mails and so on up to `most`, and all with more in one. */
export function upTo(most: number, counts: Readonly<Count>): Column[] {
  const column = (n: number): Column => ({ name: n === 1 ? '1 mail' : `${n} mails`, n: counts[String(n)] ?? 0 });
  const rest = Object.entries(counts).reduce((sum, [name, n]) => (Number(name) > most ? sum + n : sum), 0);
  const highest = Math.max(0, ...Object.keys(counts).map(Number));
  const columns = Array.from({ length: Math.min(most, highest) }, (_, i) => column(i + 1));
  return rest > 0 ? [...columns, { name: `${most + 1} mails and more`, n: rest }] : columns;
}

/** Every hour of the day, whether anything went then or not. */
export const hoursOf = (byHour: Readonly<Count>): Column[] =>
  Array.from({ length: 24 }, (_, hour) => {
    const name = String(hour).padStart(2, '0');
    return { name, n: byHour[name] ?? 0 };
  });

/** The most frequent first. */
export const ranked = (counts: Readonly<Count>): Column[] =>
  Object.entries(counts)
    .map(([name, n]) => ({ name, n }))
    .sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
