import { DAYS, type Window } from '#shared/condition/condition.ts';

/** The minutes of a week, to see whether windows leave any of each other. */
const DAY = 24 * 60;
const WEEK = 7 * DAY;

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Which minutes of a week a window is open in. Dates are left aside: of those weeks it is the same. */
export function openMinutes({ days = [...DAYS], at, from = '00:00', to = '00:00' }: Window): Uint8Array {
  const open = new Uint8Array(WEEK);
  const start = minuteOf(at ?? from);
  const end = at === undefined ? minuteOf(to) : start + 1;
  const length = end > start ? end - start : end + DAY - start;
  for (const day of days) {
    const first = DAYS.indexOf(day) * DAY + start;
    for (let minute = first; minute < first + length; minute += 1) open[minute % WEEK] = 1;
  }
  return open;
}

/** Whether every minute of the one is in one of the others. */
export function isCovered(window: Window, by: readonly Window[]): boolean {
  const others = by.map(openMinutes);
  return openMinutes(window).every((open, minute) => !open || others.some((other) => other[minute]));
}

/** ` on sat and sun`, ` from 22:00 to 23:00`. */
export function sayWindow({ days, at, from, to }: Window): string {
  const on = days ? ` on ${days.join(' and ')}` : '';
  if (at !== undefined) return `${on} at ${at}`;
  return from === undefined && to === undefined ? on : `${on} from ${from ?? '00:00'} to ${to ?? '24:00'}`;
}
