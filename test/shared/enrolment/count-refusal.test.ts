import { expect, it } from 'vitest';
import { countRefusal } from '#shared/enrolment/count-refusal.ts';
import { CountingMetrics } from '#test/build/ports.ts';

it('counts by itself, for its alarm, who is in too many journeys to enter', () => {
  const metrics = new CountingMetrics();
  countRefusal(metrics, 'cart', 'condition');
  expect(metrics.counts).toEqual({ EntryRefused: 1 });
  countRefusal(metrics, 'cart', 'too-many');
  expect(metrics.counts).toEqual({ EntryRefused: 2, TooManyPassages: 1 });
});
