import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { LossAlarm, type Watch } from '#infra/constructs/alarm.ts';
import { counted } from '#infra/constructs/counted.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';

const HOUR = Duration.hours(1);

export type AuditAlarmsProps = Watch & { readonly audit: TropaFunction<'audit'> };

/** Of what the audit finds, hour by hour. */
export class AuditAlarms extends Construct {
  constructor(scope: Construct, id: string, { audit, ...watch }: AuditAlarmsProps) {
    super(scope, id);
    new LossAlarm(this, 'Left', {
      ...watch,
      name: 'audit-left',
      loss: 'Customers wait for a step, a mail or an answer that should have come two hours ago, or nobody knows what became of one.',
      remedy:
        'The metric AuditLeft says of which kind, `tropa audit --stage NAME` whose; docs/audit.md says for each kind what to do.',
      metric: counted('AuditLeft', [audit], HOUR),
      threshold: 1,
    });
    new LossAlarm(this, 'Mended', {
      ...watch,
      name: 'audit-mended',
      loss: 'Nothing is lost any more: customers were late or a report was wrong, and it has been put right. It should not have come to it.',
      remedy:
        'The log of audit names them. Was a dead letter deleted, a row changed by hand, a table restored? Else tell the authors of Tropa.',
      metric: counted('AuditMended', [audit], HOUR),
      threshold: 1,
    });
    new LossAlarm(this, 'Stopped', {
      ...watch,
      name: 'audit-stopped',
      loss: 'For three hours nobody has looked whether customers were woken and mails were sent. They are, as long as no other alarm speaks.',
      remedy: 'audit should run every five minutes: see its log, and whether its rule is disabled.',
      // An hour of which nothing was to be told tells of none.
      metric: new Metric({
        namespace: audit.metricNamespace,
        metricName: 'AuditLooked',
        dimensionsMap: { service: audit.functionName },
        statistic: 'n',
        period: HOUR,
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}
