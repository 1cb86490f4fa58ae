import { DAYS, type Duration, type InstantExpression, type Window } from '#shared/condition/condition.ts';
import { refOf } from '#shared/condition/ref.ts';
import type { Moment } from '#shared/journey/journey.ts';
import { listed, sayChannels, sayRef } from './values.ts';

/** Durations, windows and moments in plain English. */

const DATE_UNITS: Readonly<Record<string, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };
const CLOCK_UNITS: Readonly<Record<string, string>> = { H: 'hour', M: 'minute', S: 'second' };

function sayParts(part: string, units: Readonly<Record<string, string>>): string[] {
  const found = [...part.matchAll(/0*(\d+)([YMWDHS])/g)].filter(([, count]) => count !== '0');
  return found.map(([, count = '', unit = '']) => `${count} ${units[unit]}${count === '1' ? '' : 's'}`);
}

/** `P2D` is "2 days", `P1DT12H` "1 day 12 hours", `PT0S` "no time". */
export function sayIso(iso: string): string {
  const [date = '', clock = ''] = iso.slice(1).split('T');
  return [...sayParts(date, DATE_UNITS), ...sayParts(clock, CLOCK_UNITS)].join(' ') || 'no time';
}

/** What stands behind "in the last" and "in the next": "30 days", but "year" alone. */
export const sayStretch = (iso: string): string => sayIso(iso).replace(/^1 (?=[a-z]+$)/, '');

/** "2 days", or "1.2 times their purchases.cycle (at least 21 days; 180 days if unknown)". */
export function sayDuration(duration: Duration): string {
  if (typeof duration === 'string') return sayIso(duration);
  const { times, atLeast, atMost, otherwise } = duration;
  const ref = refOf(duration);
  if (!ref) return sayIso(otherwise);
  const bounds = [atLeast && `at least ${sayIso(atLeast)}`, atMost && `at most ${sayIso(atMost)}`].filter(Boolean);
  const limits = [bounds.join(', '), `${sayIso(otherwise)} if unknown`].filter(Boolean).join('; ');
  return `${times === undefined ? '' : `${times} times `}${sayRef(ref)} (${limits})`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function sayDay(date: string): string {
  const [year, month, day] = date.split('-');
  const name = MONTHS[Number(month) - 1];
  return name === undefined ? date : `${Number(day)} ${name} ${year}`;
}

/** "24 December 2026", "24 December 2026, 10:00", with "UTC" or "UTC+03:00" where it is one instant for all. */
export function sayDateTime(written: string): string {
  const [date = '', time = ''] = written.split('T');
  const [, clock = '', offset = ''] = /^([\d:]+)(.*)$/.exec(time) ?? [];
  const zone = offset === '' ? '' : ` UTC${offset === 'Z' ? '' : offset}`;
  return clock === '' ? sayDay(date) : `${sayDay(date)}, ${clock}${zone}`;
}

const ANCHORS = {
  now: { alone: 'now', before: 'ago', after: 'from now' },
  today: { alone: 'today', before: 'before today', after: 'after today' },
  entry: { alone: 'their entry', before: 'before their entry', after: 'after their entry' },
} as const;
const isAnchor = (name: string | undefined): name is keyof typeof ANCHORS =>
  name !== undefined && Object.hasOwn(ANCHORS, name);

/** `now-P30D` is "30 days ago", `entry` "their entry". */
export function sayInstant(instant: InstantExpression): string {
  if (typeof instant !== 'string') return sayRef(instant);
  const [, name, sign, span] = /^([a-z]+)(?:([+-])(.+))?$/.exec(instant) ?? [];
  if (!isAnchor(name)) return sayDateTime(instant);
  if (span === undefined) return ANCHORS[name].alone;
  return `${sayIso(span)} ${ANCHORS[name][sign === '-' ? 'before' : 'after']}`;
}

const EVERY = { P1D: 'every day', P1W: 'every week', P1M: 'every month', P1Y: 'every year' } as const;
export const sayEvery = (every: keyof typeof EVERY): string => EVERY[every];

const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
export const sayWeekday = (day: (typeof DAYS)[number]): string => upper(day);

/** Three days and more in a row are a range; Sunday is followed by Monday. */
export function sayDays(days: readonly (typeof DAYS)[number][]): string {
  const on = DAYS.map((day) => days.includes(day));
  if (on.every(Boolean)) return 'every day';
  const starts = DAYS.map((_, i) => i).filter((i) => on[i] && !on[(i + 6) % 7]);
  const runs = starts.map((start) => {
    let length = 1;
    while (on[(start + length) % 7]) length += 1;
    return Array.from({ length }, (_, i) => sayWeekday(DAYS[(start + i) % 7] ?? 'mon'));
  });
  return listed(
    runs.flatMap((run) => (run.length > 2 ? [`${run[0]}-${run.at(-1)}`] : run)),
    'or',
  );
}

function sayClock({ at, from, to }: Window): string {
  if (at !== undefined) return at;
  if (from !== undefined) return to === undefined ? `from ${from}` : `${from}-${to}`;
  return to === undefined ? '' : `until ${to}`;
}

export const sayZone = (zone: string): string => (zone === 'shop' ? "(the shop's time)" : `(time of ${zone})`);

/** "Tue-Thu 10:00", "Sat or Sun 10:00-18:00 (the shop's time)". */
export function sayWindow(window: Window): string {
  const { days, dates, zone, channels } = window;
  const span = dates && (dates[0] === dates[1] ? sayDay(dates[0]) : `${sayDay(dates[0])} to ${sayDay(dates[1])}`);
  const when = [span, days && sayDays(days), sayClock(window)].filter(Boolean).join(' ') || 'at any time';
  return [when, zone && sayZone(zone), channels && `for ${sayChannels(channels, 'and')}`].filter(Boolean).join(' ');
}

/** "7 days before birthday (every year), 10:00". */
export function sayMoment(moment: Moment): string {
  const { trait, every, before, after, at } = moment;
  const ref = refOf(moment);
  const date = trait ?? (ref ? sayRef(ref) : 'no date');
  const moved = [before && `${sayIso(before)} before`, after && `${sayIso(after)} after`]
    .filter(Boolean)
    .join(', then ');
  return `${[moved, date, repeats(every)].filter(Boolean).join(' ')}${at === undefined ? '' : `, ${at}`}`;
}

const repeats = (every: Moment['every']): string => (every === undefined ? '' : `(${sayEvery(every)})`);
