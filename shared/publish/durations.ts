import { isoDurationSchema } from '#shared/condition/condition.ts';

const DAYS: Readonly<Record<string, number>> = { Y: 365, M: 30, W: 7, D: 1 };
const SECONDS: Readonly<Record<string, number>> = { H: 3600, M: 60, S: 1 };
const PART = /(\d+)([YMWDHS])/g;

/** About how many days a duration of the language has: months count 30, years 365. For limits, never for reckoning. */
export function daysOf(duration: string): number {
  const [date = '', time = ''] = duration.split('T');
  let days = 0;
  for (const [, count, unit = ''] of date.matchAll(PART)) days += Number(count) * (DAYS[unit] ?? 0);
  for (const [, count, unit = ''] of time.matchAll(PART)) days += (Number(count) * (SECONDS[unit] ?? 0)) / 86_400;
  return days;
}

const WORDS = /^\s*(\d+|an?|one)\s*(second|minute|hour|day|week|month|year|sec|min|hr|[smhdwy])s?\.?\s*$/i;
const UNITS: readonly (readonly [string, string])[] = [
  ['mo', 'P_M'],
  ['s', 'PT_S'],
  ['m', 'PT_M'],
  ['h', 'PT_H'],
  ['d', 'P_D'],
  ['w', 'P_W'],
  ['y', 'P_Y'],
];

/** The duration that was probably meant by "2 days", "36h", "a week" or "P7". */
export function durationMeant(text: string): string | undefined {
  const [, days] = /^P(\d+)$/i.exec(text) ?? [];
  if (days) return `P${days}D`;
  const [, count = '', word = ''] = WORDS.exec(text) ?? [];
  const form = UNITS.find(([start]) => word.toLowerCase().startsWith(start))?.[1];
  return form?.replace('_', /\d/.test(count) ? count : '1');
}

const ORDER = 'YMWD';

/** `PT2D` and `P1D12H` with their parts on the right sides of the `T`; undefined where that is not the mistake. */
export function reordered(text: string): string | undefined {
  const [, body] = /^P((?:T?\d+[YMWDHS])+)$/.exec(text) ?? [];
  if (body === undefined) return undefined;
  const date: string[] = [];
  const time: string[] = [];
  let pastT = false;
  for (const [whole, , unit = ''] of body.matchAll(/T?(\d+)([YMWDHS])/g)) {
    pastT ||= whole.startsWith('T') || unit === 'H';
    const isTime = unit === 'H' || unit === 'S' || (unit === 'M' && pastT);
    (isTime ? time : date).push(whole.replace('T', ''));
  }
  date.sort((a, b) => ORDER.indexOf(a.slice(-1)) - ORDER.indexOf(b.slice(-1)));
  const mended = `P${date.join('')}${time.length > 0 ? 'T' : ''}${time.join('')}`;
  return mended !== text && isoDurationSchema.safeParse(mended).success ? mended : undefined;
}
