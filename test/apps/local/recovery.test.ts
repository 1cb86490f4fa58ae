import { describe, expect, it } from 'vitest';
import { namesError, retryDelay } from '#apps/local/recovery.ts';

describe('ErrorEquals', () => {
  it.each([
    ['Conflict', 'Conflict', true],
    ['Conflict', 'conflict', false],
    ['States.ALL', 'Conflict', true],
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'States.DataLimitExceeded', false],
    ['States.TaskFailed', 'Conflict', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.TaskFailed', 'States.DataLimitExceeded', false],
  ])('%s on %s: %s', (name, error, expected) => {
    expect(namesError(['Other', name], error)).toBe(expected);
  });
});

describe('the delay before a retry', () => {
  const retrier = {
    ErrorEquals: ['X'],
    IntervalSeconds: 2,
    BackoffRate: 3,
    MaxAttempts: 4,
    MaxDelaySeconds: 20,
    JitterStrategy: 'NONE' as const,
  };

  it('grows by the rate up to the longest, and ends after the last attempt', () => {
    const delays = [0, 1, 2, 3, 4].map((attempts) => retryDelay(retrier, attempts, () => 0.5));
    expect(delays).toEqual([2000, 6000, 18_000, 20_000, undefined]);
  });

  it('lies anywhere below with full jitter', () => {
    const full = { ...retrier, JitterStrategy: 'FULL' as const };
    expect([0, 0.5, 0.999].map((drawn) => retryDelay(full, 2, () => drawn))).toEqual([0, 9000, 17_982]);
  });
});
