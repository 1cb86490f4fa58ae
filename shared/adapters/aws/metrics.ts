import * as embedded from '@aws-lambda-powertools/metrics';
import type { Metrics } from '#shared/ports.ts';

/** The CloudWatch namespace of everything that Tropa counts itself. */
export const METRIC_NAMESPACE = 'Tropa';

/**
 * Counts of one function, as embedded metrics in its log. Each is written at once: there is nothing to flush, and a
 * count of a run that is cut off later is kept.
 */
export function powertoolsMetrics(service: string): Metrics {
  const metrics = new embedded.Metrics({ namespace: METRIC_NAMESPACE, serviceName: service });
  return {
    count: (name, value = 1, dimensions = {}) => {
      const single = metrics.singleMetric();
      single.addDimensions({ ...dimensions });
      single.addMetric(name, embedded.MetricUnit.Count, value);
    },
  };
}
