/** Waits of the other tools in the language's ISO 8601, whole numbers only. */

const UNITS = {
  second: ['T', 'S', 1],
  minute: ['T', 'M', 60],
  hour: ['T', 'H', 3600],
  day: ['', 'D', 86_400],
  week: ['', 'W', 604_800],
  month: ['', 'M', undefined],
  year: ['', 'Y', undefined],
} as const;
export type Unit = keyof typeof UNITS;

const isUnit = (word: string): word is Unit => Object.hasOwn(UNITS, word);

/** `days`, `Day`, `d` and what else tools write; undefined where the word is none of them. */
export function unitOf(word: string): Unit | undefined {
  const short: Readonly<Record<string, Unit>> = {
    s: 'second',
    i: 'minute',
    h: 'hour',
    d: 'day',
    w: 'week',
    m: 'month',
    y: 'year',
  };
  const name = word.toLowerCase().replace(/s$/, '') || word.toLowerCase();
  return isUnit(name) ? name : Object.hasOwn(short, word.toLowerCase()) ? short[word.toLowerCase()] : undefined;
}

/** `1.5 days` becomes `PT36H`: a part of a unit is counted in the next smaller one that makes it whole. */
export function durationOf(count: number, unit: Unit): string | undefined {
  if (!Number.isFinite(count) || count <= 0) return undefined;
  const [time, letter, seconds] = UNITS[unit];
  if (Number.isInteger(count)) return `P${time}${count}${letter}`;
  return seconds === undefined ? `P${Math.max(1, Math.round(count))}${letter}` : ofSeconds(Math.round(count * seconds));
}

/** Seconds as the largest unit that is whole. */
export function ofSeconds(seconds: number): string | undefined {
  if (seconds <= 0) return undefined;
  if (seconds % 86_400 === 0) return `P${seconds / 86_400}D`;
  if (seconds % 3600 === 0) return `PT${seconds / 3600}H`;
  if (seconds % 60 === 0) return `PT${seconds / 60}M`;
  return `PT${seconds}S`;
}

/** `2 days`, `90 minutes`: for names of waits that have none. */
export function inWords(iso: string): string {
  const [date = '', time = ''] = iso.slice(1).split('T');
  const parts = [
    ...[...date.matchAll(/(\d+)([YMWD])/g)].map(([, n, u = '']) => [
      n,
      { Y: 'year', M: 'month', W: 'week', D: 'day' }[u],
    ]),
    ...[...time.matchAll(/(\d+)([HMS])/g)].map(([, n, u = '']) => [n, { H: 'hour', M: 'minute', S: 'second' }[u]]),
  ];
  return parts.map(([n, word]) => `${n} ${word}${n === '1' ? '' : 's'}`).join(' ');
}

/** About how many seconds: for putting waits into order, never for reckoning. */
export function roughSeconds(iso: string): number {
  const [date = '', time = ''] = iso.slice(1).split('T');
  const sum = (text: string, of: Readonly<Record<string, number>>) =>
    [...text.matchAll(/(\d+)([A-Z])/g)].reduce((total, [, n, u = '']) => total + Number(n) * (of[u] ?? 0), 0);
  return sum(date, { Y: 31_536_000, M: 2_592_000, W: 604_800, D: 86_400 }) + sum(time, { H: 3600, M: 60, S: 1 });
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
type Day = (typeof DAYS)[number];

/** `monday`, `MONDAY`, `mon`, 1 (Monday) to 7, or 0 for Sunday. */
export function dayOf(day: string | number): Day | undefined {
  const word = String(day).toLowerCase();
  if (/^[0-7]$/.test(word)) return DAYS[(Number(word) + 6) % 7];
  return DAYS.find((short, i) => word === short || word === NAMES[i]);
}

/** All seven are no restriction, and left out. */
export function daysOf(days: readonly (string | number)[]): Day[] | undefined {
  const found = DAYS.filter((day) => days.some((given) => dayOf(given) === day));
  return found.length === 0 || found.length === DAYS.length ? undefined : found;
}
