/**
 * People whose habits are known, of two kinds. Neither is made by the model that has to find their hours: what
 * `best-hour.ts` assumes (hours that share with those beside them, days that are alike, groups of which all are alike) is
 * nowhere drawn from.
 */

export type Person = {
  readonly zone: string;
  readonly workday: readonly number[];
  readonly weekend: readonly number[];
  /** What the shop has in the trait by which people are alike. */
  readonly kind: string;
  /** How much they do, as much as most: some do little, few do very much. */
  readonly activity: number;
};

export type Chance = () => number;

const ZONES = ['Europe/Warsaw', 'Europe/London', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];

/** mulberry32: the same people in each run. */
export function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const someOf = <T>(all: readonly T[], chance: Chance, otherwise: T): T =>
  all[Math.floor(chance() * all.length)] ?? otherwise;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** A day of which a twentieth is done at any hour. */
function dayOf(raw: readonly number[]): number[] {
  const sum = raw.reduce((a, b) => a + b);
  return raw.map((weight) => (0.95 * weight) / sum + 0.05 / 24);
}

/** Everybody of their own: two peaks of a day, of which one is theirs, later at weekends. Nobody is like another. */
export function loner(chance: Chance): Person {
  const main = Math.floor(7 + chance() * 16);
  const side = Math.floor(7 + chance() * 16);
  const weekendLater = Math.floor(chance() * 4);
  const day = (shift: number): number[] => {
    const bump = (hour: number, at: number): number => {
      const away = Math.abs(hour - ((at + shift) % 24));
      return Math.exp(-(Math.min(away, 24 - away) ** 2) / 2);
    };
    return dayOf(HOURS.map((hour) => 0.7 * bump(hour, main) + 0.25 * bump(hour, side)));
  };
  const zone = someOf(ZONES, chance, 'UTC');
  return { zone, workday: day(0), weekend: day(weekendLater), kind: zone, activity: 1 };
}

type Visit = { readonly from: number; readonly hours: number; readonly share: number };
type Kind = { readonly workday: readonly Visit[]; readonly weekend: readonly Visit[] };

/** Whole hours with hard edges, and weekends that have nothing to do with workdays. */
const KINDS: Readonly<Record<string, Kind>> = {
  commuter: {
    workday: [
      { from: 7, hours: 1, share: 5 },
      { from: 17, hours: 2, share: 3 },
    ],
    weekend: [{ from: 10, hours: 3, share: 1 }],
  },
  office: {
    workday: [
      { from: 12, hours: 1, share: 6 },
      { from: 9, hours: 8, share: 2 },
    ],
    weekend: [{ from: 20, hours: 3, share: 1 }],
  },
  parent: {
    workday: [
      { from: 20, hours: 2, share: 7 },
      { from: 9, hours: 2, share: 2 },
    ],
    weekend: [
      { from: 13, hours: 2, share: 3 },
      { from: 21, hours: 1, share: 2 },
    ],
  },
  night: { workday: [{ from: 23, hours: 4, share: 1 }], weekend: [{ from: 1, hours: 3, share: 1 }] },
};
const NAMES = Object.keys(KINDS);
/** Who is like nobody, and of whom the shop has the wrong word. */
const STRANGE = 0.25;
const MISTAKEN = 0.2;

/**
 * A kind of people: each has its hours moved by up to an hour and weighed in their own way, a quarter does as they please,
 * and of a fifth the shop takes the kind wrongly. Most do little, some a hundred times as much.
 */
export function oneOfKind(chance: Chance): Person {
  const name = NAMES[Math.floor(chance() ** 1.5 * NAMES.length)] ?? 'office';
  const kind = chance() < MISTAKEN ? someOf(NAMES, chance, name) : name;
  const activity = Math.min(100, (1 - chance()) ** -0.8);
  const { zone } = loner(chance);
  const habits = KINDS[name];
  if (habits === undefined || chance() < STRANGE) return { ...loner(chance), zone, kind, activity };
  const moved = Math.floor(chance() * 3) - 1;
  const day = (visits: readonly Visit[]): number[] => {
    const raw = new Array<number>(24).fill(0);
    for (const { from, hours, share } of visits) {
      const own = (share * (0.3 + 1.4 * chance())) / hours;
      for (let i = 0; i < hours; i += 1) {
        const hour = (from + moved + i + 24) % 24;
        raw[hour] = (raw[hour] ?? 0) + own;
      }
    }
    return dayOf(raw);
  };
  return { zone, workday: day(habits.workday), weekend: day(habits.weekend), kind, activity };
}
