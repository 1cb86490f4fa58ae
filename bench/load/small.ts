import { BY_BROWSER } from './busy-hour.ts';
import type { Profile } from './hour.ts';

/** The small hour that is played on the laptop and simulated, and what is told of either. */

/** Times that everything is smaller: fewer events a second, and as many times slower answers of AWS. */
export const SMALLER = 200;
export const PROFILE: Profile = {
  seconds: 300,
  base: 2.5,
  burst: 50,
  burstSeconds: 60,
  bursts: [60],
  byBrowser: BY_BROWSER,
};
/** Less than is asked for, so that hints are throttled, fail and come again. */
export const STARTS = { perSecond: 0.3, burst: 6 };
/** Seconds that are looked at. */
export const LASTS = 3600;

export type Figures = {
  /** Events that had come and were not recorded, at most. */
  readonly peak: number;
  readonly p50: number;
  readonly p99: number;
  readonly drainedAfter: number;
  readonly starts: number;
  readonly dead: number;
};

/** When a backlog was last above a tenth of its peak. */
export function drained(backlog: readonly number[]): number {
  const peak = Math.max(...backlog);
  return backlog.findLastIndex((n) => n > peak / 10);
}
