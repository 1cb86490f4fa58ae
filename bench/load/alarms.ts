import type { AlarmDeployed } from './deployed.ts';
import type { Minute } from './minute.ts';

/** What an alarm of the templates would have seen in one minute. Alarms on what is not simulated are not asked. */
const SEEN: Readonly<Record<string, { readonly of: (minute: Minute) => number; readonly how: 'sum' | 'max' }>> = {
  'api-errors': { of: ({ noLambda }) => noLambda, how: 'sum' },
  'api-refused': { of: ({ refused, noLambda }) => refused - noLambda, how: 'sum' },
  'enrol-failing': { of: ({ failures }) => failures, how: 'sum' },
  'enrol-dead': { of: ({ dead }) => dead, how: 'max' },
  'table-throttled': { of: ({ throttledTable }) => throttledTable, how: 'sum' },
  'enrol-late': { of: ({ ages }) => ages.enrol, how: 'max' },
  'overflow-late': { of: ({ ages }) => ages.overflow, how: 'max' },
  'transactional-late': { of: ({ ages }) => ages.transactional, how: 'max' },
  'marketing-late': { of: ({ ages }) => ages.marketing, how: 'max' },
  'track-late': { of: ({ ages }) => ages.track, how: 'max' },
  // A run that has not come to its end after a minute is killed, which is an error.
  'review-errors': { of: ({ due }) => Number(due > 0), how: 'sum' },
};

/** Alarms that rang, and after how many minutes. */
export function ringing(
  minutes: readonly Minute[],
  alarms: Readonly<Record<string, AlarmDeployed>>,
): Record<string, number> {
  const rang: Record<string, number> = {};
  for (const [name, { of, how }] of Object.entries(SEEN)) {
    const alarm = alarms[name];
    const at = alarm && firstRing(minutes.map(of), how, alarm);
    if (at !== undefined) rang[name] = at;
  }
  return rang;
}

/** The minute in which so many periods in a row have reached the threshold. */
export function firstRing(
  values: readonly number[],
  how: 'sum' | 'max',
  { threshold, period, periods }: AlarmDeployed,
): number | undefined {
  const length = Math.max(1, Math.round(period / 60));
  let inARow = 0;
  for (let from = 0; from < values.length; from += length) {
    const some = values.slice(from, from + length);
    const value = how === 'sum' ? some.reduce((a, b) => a + b, 0) : Math.max(...some);
    inARow = value >= threshold ? inARow + 1 : 0;
    if (inARow === periods) return Math.min(from + length, values.length);
  }
  return undefined;
}
