import { expect, test } from 'vitest';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { toMillis } from '#shared/time/instant.ts';

test('the clock gives canonical instants that do not run backwards', () => {
  const before = Date.now();
  const now = toMillis(systemClock.now());
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('a sleep of nothing or less ends', async () => {
  await systemClock.sleep(0);
  await systemClock.sleep(-5);
});
