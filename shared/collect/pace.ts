/**
 * How fast something may go, by the generic cell rate algorithm: so many a second in the long run, and so many at once.
 * Times are milliseconds.
 */
export type Pace = { readonly perSecond: number; readonly atOnce: number };

/**
 * Whether one more may go now. `free` is when the next would have gone at an even pace, 0 in the beginning; what is
 * returned takes its place. Undefined: not yet.
 */
export function admit(free: number, now: number, { perSecond, atOnce }: Pace): number | undefined {
  const gap = 1000 / perSecond;
  const from = Math.max(free, now);
  return from - now > gap * (atOnce - 1) ? undefined : from + gap;
}
