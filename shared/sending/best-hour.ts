import type { Profile } from '#shared/contact/profile.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { clampedInstant } from '#shared/time/local.ts';
import { offsetMillis } from '#shared/time/offset.ts';

/**
 * The hour at which a contact is most likely there: the 168 hours of their week, each weighed by what they did in it,
 * filled up from the hours of their day and those from the hour of the shop, as far as little is known of them.
 */

/** Whole hours since 1970 (see engaged.ts), the clock that they are seen on, and the shop's best hour, `10:00`. */
export type Habits = { readonly hours: readonly number[]; readonly zone: string; readonly usual: string };

/** Of a contact, on the clock of that zone. */
export const habitsOf = ({ hours = [] }: Pick<Profile, 'hours'>, zone: string, { shop }: Settings): Habits => ({
  hours,
  zone,
  usual: shop.bestHour,
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK_HOURS = 168;
/** What somebody did so many hours ago counts half: 60 days. */
const HALF_LIFE = 60 * 24;
/** The shop's hour weighs as much as so many of their own, and their day as much as so many of that hour of their week. */
const OF_SHOP = 2;
const OF_DAY = 12;
/** The hours beside one share in it. */
const BESIDE = 0.5;
/** Nobody waits until tomorrow for an hour that is better by less. */
const NEARLY = 0.9;
/** Beyond so many hours from it the shop's hour says nothing. */
const REACH = 4;

const clockMillis = (millis: number, zone: string): number => millis + offsetMillis(millis, zone);

/** 0 is Monday at midnight, 167 Sunday at 23:00; 1970-01-01 was a Thursday. */
const hourOfWeek = (millis: number, zone: string): number =>
  (((Math.floor(clockMillis(millis, zone) / HOUR) + 72) % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;

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

type Likely = { readonly day: readonly number[]; readonly week: readonly number[] };

function likely(habits: Habits): Likely {
  const raw = histogram(habits);
  const smoothed = smooth(raw);
  const own = Array.from({ length: 24 }, (_, hour) =>
    smoothed.reduce((sum, weight, i) => (i % 24 === hour ? sum + weight : sum), 0),
  );
  const shops = shopsDay(habits.usual);
  const total = own.reduce((a, b) => a + b) + OF_SHOP;
  const day = own.map((weight, hour) => (weight + OF_SHOP * (shops[hour] ?? 0)) / total);
  return { day, week: smoothed.map((weight, i) => weight + OF_DAY * (day[i % 24] ?? 0)) };
}

const greatest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Their best hour of the day, `19:00`; undefined for those who have done nothing yet. */
export function bestHour(habits: Habits): string | undefined {
  if (habits.hours.length === 0) return undefined;
  return `${String(greatest(likely(habits).day)).padStart(2, '0')}:00`;
}

/** As people read it: `19:00 (from 23 hours in which they did something)`. */
export function sayBestHour(habits: Habits): string {
  const { length } = habits.hours;
  if (length === 0) return `that of the shop, ${habits.usual} (nothing is known)`;
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
