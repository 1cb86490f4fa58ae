import type { Instant } from '#shared/time/instant.ts';
import { zoned } from '#shared/time/local.ts';

/** A moment to the minute, by the clock of a zone: `2026-03-02 10:00`. */
export const sayTime = (instant: Instant, zone: string): string =>
  zoned(instant, zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
