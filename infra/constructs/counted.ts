import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName } from '#functions/wiring.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';

/** What functions count themselves under one name, all together: each counts for itself, and what is lost is one alarm. */
export const counted = (
  metricName: string,
  functions: readonly TropaFunction<FunctionName>[],
  period: Duration,
): MathExpression =>
  new MathExpression({
    expression: functions.map(({ functionName }) => `FILL(${functionName}, 0)`).join(' + '),
    label: metricName,
    period,
    usingMetrics: Object.fromEntries(
      functions.map(({ functionName, metricNamespace }) => [
        functionName,
        new Metric({
          namespace: metricNamespace,
          metricName,
          dimensionsMap: { service: functionName },
          statistic: 'sum',
          period,
        }),
      ]),
    ),
  });
