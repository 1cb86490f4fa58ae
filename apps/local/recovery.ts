import type { Retrier } from './asl.ts';

/** Errors that no wildcard names. */
const UNCATCHABLE = new Set(['States.DataLimitExceeded', 'States.Runtime']);

/** Whether `ErrorEquals` names this error. */
export function namesError(errorEquals: readonly string[], error: string): boolean {
  return errorEquals.some(
    (name) =>
      name === error ||
      (name === 'States.ALL' && !UNCATCHABLE.has(error)) ||
      (name === 'States.TaskFailed' && error !== 'States.Timeout' && !UNCATCHABLE.has(error)),
  );
}

/** Milliseconds before the attempt that follows `attempts` retries, or undefined when there are no more. */
export function retryDelay(retrier: Retrier, attempts: number, random: () => number): number | undefined {
  if (attempts >= retrier.MaxAttempts) return undefined;
  const seconds = Math.min(
    retrier.IntervalSeconds * retrier.BackoffRate ** attempts,
    retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
  );
  return Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random() : 1));
}
