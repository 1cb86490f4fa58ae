import type { Metrics } from '#shared/ports.ts';
import type { Refusal } from './entry.ts';

/**
 * Counts that somebody did not enter. Nearly always that is what a marketer has asked for; that one is in too many journeys
 * already nobody has asked for, and an alarm looks at it.
 */
export function countRefusal(metrics: Metrics, journey: string, reason: Refusal): void {
  metrics.count('EntryRefused', 1, { journey, reason });
  if (reason === 'too-many') metrics.count('TooManyPassages', 1, { journey });
}
