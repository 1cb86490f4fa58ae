import type { Profile } from '#shared/contact/profile.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { clampedInstant } from '#shared/time/local.ts';
import { offsetMillis } from '#shared/time/offset.ts';
import { hourOfWeek, WEEK_HOURS } from '#shared/time/week.ts';
import { groupOf, HALF_LIFE, type Week } from './pattern.ts';

/**
 * The hour at which a contact is most likely there: the 168 hours of their week, each weighed by what they did in it,
 * filled up from the hours of their day, and those from the week of people like them, of all people, and from the hour of
 * the shop, as far as little is known of each.
 */

/**
 * Whole hours since 1970 (see engaged.ts), the clock that they are seen on, and the shop's best hour, `10:00`. Weeks of
 * those whom they may be like, of most people first.
 */
export type Habits = {
  readonly hours: readonly number[];
  readonly zone: string;
  readonly usual: string;
  readonly others?: readonly Week[];
};

/** Of a contact, on the clock of that zone. */
export function habitsOf(
  profile: Pick<Profile, 'hours' | 'traits'>,
  zone: string,
  { shop, learned }: Settings,
): Habits {
  const group = groupOf(profile, shop.alike);
  const alike = group === undefined ? undefined : ownOf(learned?.alike, group);
  const others = [...(learned ? [learned.shop] : []), ...(alike ? [alike] : [])];
  return { hours: profile.hours ?? [], zone, usual: shop.bestHour, others };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What others do weighs as much as so many of their own hours, and their day as so many of that hour of their week. */
const OF_OTHERS = 2;
const OF_DAY = 12;
/** As much as so many hours of the shop weighs what its settings say, and so many of a group what all do. */
const OF_MORE = 50;
/** The hours beside one share in it. */
const BESIDE = 0.5;
/** Nobody waits until tomorrow for an hour that is better by less. */
const NEARLY = 0.9;
/** Beyond so many hours from it the shop's hour says nothing. */
const REACH = 4;

const clockMillis = (millis: number, zone: string): number => millis + offsetMillis(millis, zone);

/** What they did in each hour of their week; the newest counts 1, older less. */
export function histogram({ hours, zone }: Pick<Habits, 'hours' | 'zone'>): readonly number[] {
  const weights = new Array<number>(WEEK_HOURS).fill(0);
  const newest = hours.at(-1) ?? 0;
  for (const hour of hours) {
    const slot = hourOfWeek(hour * HOUR + HOUR / 2, zone);
    weights[slot] = (weights[slot] ?? 0) + 2 ** ((hour - newest) / HALF_LIFE);
  }
  return weights;
}

/** The same with each hour sharing in those beside it, round the clock. */
const smooth = (weights: readonly number[]): number[] =>
  weights.map((weight, i) => weight + BESIDE * ((weights.at(i - 1) ?? 0) + (weights[(i + 1) % weights.length] ?? 0)));

/** How likely each hour of the day is where nothing is known: most about the shop's. */
function shopsDay(usual: string): number[] {
  const best = Number(usual.slice(0, 2));
  const near = Array.from({ length: 24 }, (_, hour) => {
    const away = Math.abs(hour - best);
    return Math.max(0, 1 - Math.min(away, 24 - away) / REACH) + 0.01;
  });
  const sum = near.reduce((a, b) => a + b);
  return near.map((weight) => weight / sum);
}

/** How likely each hour of the week is of whom nothing is known: by those like them, else by all, else by the shop's hour. */
function expected({ usual, others = [] }: Habits): number[] {
  const shops = shopsDay(usual);
  const start = Array.from({ length: WEEK_HOURS }, (_, i) => (shops[i % 24] ?? 0) / 7);
  return others.reduce<number[]>((known, week) => {
    const seen = smooth(week);
    const total = sumOf(seen) + OF_MORE;
    return seen.map((weight, i) => (weight + OF_MORE * (known[i] ?? 0)) / total);
  }, start);
}

const sumOf = (weights: readonly number[]): number => weights.reduce((a, b) => a + b, 0);
const dayOf = (week: readonly number[]): number[] =>
  Array.from({ length: 24 }, (_, hour) => sumOf(week.filter((_, i) => i % 24 === hour)));

type Likely = { readonly day: readonly number[]; readonly week: readonly number[] };

function likely(habits: Habits): Likely {
  const smoothed = smooth(histogram(habits));
  const own = dayOf(smoothed);
  const week = expected(habits);
  const usual = dayOf(week);
  const total = sumOf(own) + OF_OTHERS;
  const day = own.map((weight, hour) => (weight + OF_OTHERS * (usual[hour] ?? 0)) / total);
  // On a day of the week on which others are there more or less, so are they, by half of it: not all are alike.
  const shape = week.map((weight, i) => (1 + (7 * weight) / (usual[i % 24] ?? 1)) / 2);
  return { day, week: smoothed.map((weight, i) => weight + OF_DAY * (day[i % 24] ?? 0) * (shape[i] ?? 1)) };
}

const greatest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Their best hour of the day, `19:00`; undefined for those who have done nothing yet. */
export function bestHour(habits: Habits): string | undefined {
  if (habits.hours.length === 0) return undefined;
  return clockAt(greatest(likely(habits).day));
}

const clockAt = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** As people read it: `19:00 (from 23 hours in which they did something)`. */
export function sayBestHour(habits: Habits): string {
  const { length } = habits.hours;
  if (length === 0) {
    const hours = habits.others?.some((week) => sumOf(week) > OF_MORE)
      ? clockAt(greatest(likely(habits).day))
      : undefined;
    return hours === undefined
      ? `that of the shop, ${habits.usual} (nothing is known)`
      : `that of others like them, ${hours} (nothing is known of their own)`;
  }
  return `${bestHour(habits)} (from ${length} ${length === 1 ? 'hour' : 'hours'} in which they did something)`;
}

/** Until when it must have come, and when it may not. */
type Search = { readonly until: Instant; readonly isQuiet: (at: Instant) => boolean };

/**
 * The best moment from `now` on: now if this hour is, else the beginning of the hour that is, on their clock. The first
 * that is nearly as good as any. What was chosen stands when it has come, for the hours that are left are fewer, not
 * others. `now` where none is left.
 */
export function bestMoment(habits: Habits, { until, isQuiet }: Search, now: Instant): Instant {
  const { week } = likely(habits);
  const moments = beginnings(toMillis(now), toMillis(until), habits)
    .filter(({ at, hour }) => !isQuiet(clampedInstant(hour)) && !isQuiet(clampedInstant(at)))
    .map(({ at }) => ({ at: clampedInstant(at), weight: week[hourOfWeek(at, habits.zone)] ?? 0 }));
  const most = Math.max(...moments.map(({ weight }) => weight));
  return moments.find(({ weight }) => weight >= NEARLY * most)?.at ?? now;
}

/** Now, and when each later hour begins, with the beginning of its hour; the shop's own begins at its minute. */
function beginnings(now: number, until: number, { zone, usual }: Habits): { at: number; hour: number }[] {
  const minute = Number(usual.slice(3)) * 60_000;
  const found: { at: number; hour: number }[] = [];
  for (let at = now; at < until; ) {
    const local = clockMillis(at, zone);
    const hour = at - (((local % HOUR) + HOUR) % HOUR);
    const isShops = Math.floor((local % DAY) / HOUR) === Number(usual.slice(0, 2));
    const begins = isShops ? Math.max(at, hour + minute) : at;
    if (begins < until) found.push({ at: begins, hour });
    at = hour + HOUR;
  }
  return found;
}
