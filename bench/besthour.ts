import { hourOf, joinHours } from '#shared/contact/engaged.ts';
import { bestMoment } from '#shared/sending/best-hour.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { localClock } from '#shared/time/local.ts';
import { offsetMillis } from '#shared/time/offset.ts';

const PEOPLE = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const END = '2026-06-01T00:00:00.000Z';
const ZONES = ['Europe/Warsaw', 'Europe/London', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
const SHOPS = '10:00';
/** How many engagements are known of each, from hardly any to as many as are kept. */
const KNOWN = [0, 1, 3, 5, 10, 20, 40, 64];

/** mulberry32: the same people in each run. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Person = { readonly zone: string; readonly workday: readonly number[]; readonly weekend: readonly number[] };

/** Two peaks of a day, of which one is theirs, later at weekends; and a twentieth at any hour. */
function personOf(chance: () => number): Person {
  const main = Math.floor(7 + chance() * 16);
  const side = Math.floor(7 + chance() * 16);
  const weekendLater = Math.floor(chance() * 4);
  const day = (shift: number): number[] => {
    const bump = (hour: number, at: number): number => {
      const away = Math.abs(hour - ((at + shift) % 24));
      return Math.exp(-(Math.min(away, 24 - away) ** 2) / 2);
    };
    const raw = Array.from({ length: 24 }, (_, hour) => 0.7 * bump(hour, main) + 0.25 * bump(hour, side));
    const sum = raw.reduce((a, b) => a + b);
    return raw.map((weight) => (0.95 * weight) / sum + 0.05 / 24);
  };
  const zone = ZONES[Math.floor(chance() * ZONES.length)] ?? 'UTC';
  return { zone, workday: day(0), weekend: day(weekendLater) };
}

const localDay = (at: Instant, zone: string): number =>
  (Math.floor((toMillis(at) + offsetMillis(toMillis(at), zone)) / DAY) + 3) % 7;
const hoursOf = ({ workday, weekend, zone }: Person, at: Instant): readonly number[] =>
  localDay(at, zone) < 5 ? workday : weekend;

/** Whether that moment is one of their three likeliest hours of its day. */
function isTop(person: Person, at: Instant): boolean {
  const likely = hoursOf(person, at);
  const mine = likely[Number(localClock(at, person.zone).slice(0, 2))] ?? 0;
  return likely.filter((weight) => weight > mine).length < 3;
}

/** So many engagements in the last months, each in an hour drawn from their habits. */
function livedHours(person: Person, count: number, chance: () => number): readonly number[] {
  let hours: readonly number[] = [];
  while (hours.length < count) {
    const at = plusMillis(END, -Math.floor(chance() * 90 * 24 + 1) * HOUR);
    const likely = hoursOf(person, at)[Number(localClock(at, person.zone).slice(0, 2))] ?? 0;
    if (chance() < likely * 2) hours = joinHours(hours, [hourOf(at)]);
  }
  return hours;
}

/** Of people with habits that are known: how many of the chosen hours are among their three best of that day. */
export async function run(): Promise<object> {
  const chance = chanceOf(1);
  const people = Array.from({ length: PEOPLE }, () => personOf(chance));
  const starts = people.map(() => plusMillis(END, Math.floor(chance() * 7 * 24 * 60) * 60_000));
  const share = (hoursFor: (person: Person) => readonly number[]): number => {
    const hits = people.filter((person, i) => {
      const now = starts[i] ?? END;
      const habits = { hours: hoursFor(person), zone: person.zone, usual: SHOPS };
      return isTop(person, bestMoment(habits, { until: plusMillis(now, DAY), isQuiet: () => false }, now));
    });
    return hits.length / PEOPLE;
  };
  const shares = KNOWN.map((count) => [count, share((person) => livedHours(person, count, chance))] as const);
  for (const [count, hit] of shares)
    console.error(
      `${String(count).padStart(3)} engagements known: ${(hit * 100).toFixed(1)} % in their three best hours`,
    );
  return {
    bench: 'besthour',
    people: PEOPLE,
    shopHour: shares[0]?.[1],
    ...Object.fromEntries(shares.map(([n, s]) => [`known${n}`, s])),
  };
}
