import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { LossAlarm, type Watch } from '#infra/constructs/alarm.ts';
import { metricNamespaceOf } from '#infra/stage.ts';
import type { StorefrontName } from '#shared/catchup/settings.ts';

const HOUR = Duration.hours(1);

export type CatchUpAlarmsProps = Watch & { readonly source: StorefrontName };

/** Of one storefront that is asked for what its webhooks have missed. */
export class CatchUpAlarms extends Construct {
  constructor(scope: Construct, id: string, { source, ...watch }: CatchUpAlarmsProps) {
    super(scope, id);
    const counted = (metricName: string, period: Duration) =>
      new MathExpression({
        expression: 'FILL(counted, 0)',
        label: metricName,
        period,
        usingMetrics: {
          counted: new Metric({
            namespace: metricNamespaceOf(watch.settings),
            metricName,
            dimensionsMap: { service: 'catchup', source },
            statistic: 'sum',
            period,
          }),
        },
      });
    new LossAlarm(this, 'Stopped', {
      ...watch,
      name: `catchup-${source}-stopped`,
      runbook: 'catchup-stopped',
      loss: `For three hours nobody has looked for what the webhooks of ${source} have missed. What they do bring is not lost.`,
      remedy: 'The log of catchup says why. The next sweep that succeeds begins where the last one ended.',
      metric: counted('SweepDone', HOUR),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    });
    new LossAlarm(this, 'Refused', {
      ...watch,
      name: `catchup-${source}-refused`,
      runbook: 'catchup-refused',
      loss: `The storefront refuses the token, or there is none: what the webhooks of ${source} miss stays unknown.`,
      remedy: `docs/${source}.md says how to make one that may read orders and customers, and under which name to store it.`,
      metric: counted('SweepRefused', HOUR),
      threshold: 1,
    });
    new LossAlarm(this, 'Missed', {
      ...watch,
      name: `webhooks-${source}-missed`,
      runbook: 'webhooks-missed',
      loss: `Orders of ${source} come a quarter of an hour late: its webhooks did not bring them, the sweep did. Nothing is lost.`,
      remedy: `Has the storefront switched its webhooks off, or is none subscribed to a topic? docs/${source}.md lists them. Carts do not come by the sweep.`,
      metric: counted('CaughtUp', Duration.hours(6)),
      threshold: 5,
    });
  }
}
