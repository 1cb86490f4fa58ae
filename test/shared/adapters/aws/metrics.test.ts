import { afterEach, expect, test, vi } from 'vitest';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';

/** What CloudWatch reads as metrics is what the function writes to standard output. */
const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
afterEach(() => written.mockClear());

const metrics = () => written.mock.calls.map(([line]) => JSON.parse(String(line)));

test('a count is written at once, in the namespace of the stage, by function alone, as alarms ask, and by its dimensions', () => {
  embeddedMetrics('send', 'Tropa/prod').count('withheld', 3, { reason: 'no-consent' });
  expect(metrics()).toMatchObject([
    {
      _aws: { CloudWatchMetrics: [{ Namespace: 'Tropa/prod', Dimensions: [['service'], ['service', 'reason']] }] },
      service: 'send',
      reason: 'no-consent',
      withheld: 3,
    },
  ]);
});

test('a count without a value counts one, and dimensions of an earlier count do not stick', () => {
  const counts = embeddedMetrics('send', 'Tropa/prod');
  counts.count('withheld', 1, { reason: 'cap' });
  counts.count('sent');
  expect(metrics()[1]).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [['service']], Metrics: [{ Name: 'sent', Unit: 'Count' }] }] },
    sent: 1,
  });
});
