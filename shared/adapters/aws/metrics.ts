import type { Metrics } from '#shared/ports.ts';

/**
 * Counts of one function, as lines of its log that CloudWatch reads as metrics
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Each counts by its function alone, too: an alarm cannot add up dimensions that it does not know. Each is written at
 * once: there is nothing to flush, and a count of a run that is cut off later is kept. The namespace is the stage's own: what
 * two stages of one account count must not be added up.
 */
export function embeddedMetrics(service: string, namespace: string): Metrics {
  return {
    count: (name, value = 1, dimensions = {}) => {
      const by = { service, ...dimensions };
      const metric = {
        Namespace: namespace,
        Dimensions: Object.keys(dimensions).length > 0 ? [['service'], Object.keys(by)] : [['service']],
        Metrics: [{ Name: name, Unit: 'Count' }],
      };
      const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metric] }, ...by, [name]: value };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
  };
}
