import { hourOf, joinHours } from '#shared/contact/engaged.ts';
import { bestMoment, habitsOf } from '#shared/sending/best-hour.ts';
import { groupOf, type Pattern, withDone } from '#shared/sending/pattern.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { doneWith } from '#shared/store/habits.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import { localClock } from '#shared/time/local.ts';
import { hourOfWeek } from '#shared/time/week.ts';
import { type Chance, chanceOf, loner, oneOfKind, type Person } from './population.ts';

const PEOPLE = 1000;
/** Others of the same shop, of whom the pattern is learned. */
const OTHERS = 3000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const END = '2026-06-01T00:00:00.000Z';
/** How many engagements are known of each, from hardly any to as many as are kept. */
const KNOWN = [0, 1, 3, 5, 10, 20, 40, 64];

const SETTINGS = settingsSchema.parse({
  shop: { name: 'Shop', timeZone: 'UTC', locale: 'en', currency: 'EUR', bestHour: '10:00', alike: 'kind' },
});

const hoursOf = ({ workday, weekend, zone }: Person, at: Instant): readonly number[] =>
  hourOfWeek(toMillis(at), zone) < 5 * 24 ? workday : weekend;
const clockHour = (at: Instant, zone: string): number => Number(localClock(at, zone).slice(0, 2));

/** Whether that moment is one of their three likeliest hours of its day. */
function isTop(person: Person, at: Instant): boolean {
  const likely = hoursOf(person, at);
  const mine = likely[clockHour(at, person.zone)] ?? 0;
  return likely.filter((weight) => weight > mine).length < 3;
}

/** So many engagements in the last months, each in an hour drawn from their habits. */
function livedHours(person: Person, count: number, chance: Chance): readonly number[] {
  let hours: readonly number[] = [];
  while (hours.length < count) {
    const at = plusMillis(END, -Math.floor(chance() * 90 * 24 + 1) * HOUR);
    const likely = hoursOf(person, at)[clockHour(at, person.zone)] ?? 0;
    if (chance() < likely * 2) hours = joinHours(hours, [hourOf(at)]);
  }
  return hours;
}

const traitsOf = ({ kind }: Person) => ({ traits: { kind } });
const drawn = (person: Person, chance: Chance): number => Math.min(64, Math.floor(2 * chance() * person.activity));

/** What tally counts and review makes of it, of all that these people did. */
function learnedOf(others: readonly Person[], chance: Chance): Pattern {
  const done = others.flatMap((person) =>
    livedHours(person, drawn(person, chance), chance).map((hour) => ({
      hour,
      slot: hourOfWeek(hour * HOUR + HOUR / 2, person.zone),
      group: groupOf(traitsOf(person), SETTINGS.shop.alike),
    })),
  );
  const { since, hours } = doneWith(undefined, done);
  return withDone(undefined, hours, since);
}

type Shares = Readonly<Record<string, number>>;

/** How many of the chosen hours are among the three best of their day: with what is known of them alone, and of others too. */
function measured(name: string, personOf: (chance: Chance) => Person, chance: Chance): Shares {
  const people = Array.from({ length: PEOPLE }, () => personOf(chance));
  const starts = people.map(() => plusMillis(END, Math.floor(chance() * 7 * 24 * 60) * 60_000));
  const learned = learnedOf(
    Array.from({ length: OTHERS }, () => personOf(chance)),
    chance,
  );
  const share = (known: readonly (readonly number[])[], settings: Settings): number => {
    const hits = people.filter((person, i) => {
      const now = starts[i] ?? END;
      const habits = habitsOf({ hours: [...(known[i] ?? [])], ...traitsOf(person) }, person.zone, settings);
      return isTop(person, bestMoment(habits, { until: plusMillis(now, DAY), isQuiet: () => false }, now));
    });
    return hits.length / PEOPLE;
  };
  const lines = [...KNOWN.map((count) => [String(count), () => count] as const), ['drawn', drawn] as const];
  return Object.fromEntries(
    lines.flatMap(([count, many]) => {
      const known = people.map((person) => livedHours(person, many(person, chance), chance));
      const [alone, all] = [share(known, SETTINGS), share(known, { ...SETTINGS, learned })];
      console.error(
        `${name}, ${count.padStart(5)} engagements known: ${percent(alone)} in their three best hours, ${percent(all)} with those of others`,
      );
      return [
        [`${name}${count}Alone`, alone],
        [`${name}${count}`, all],
      ];
    }),
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Of people with habits that are known: how many of the chosen hours are among their three best of that day. */
export async function run(): Promise<object> {
  const chance = chanceOf(1);
  return {
    bench: 'besthour',
    people: PEOPLE,
    ...measured('loners', loner, chance),
    ...measured('kinds', oneOfKind, chance),
  };
}
