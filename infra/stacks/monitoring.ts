import { Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmStatusWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { DefaultDashboardFactory, MonitoringFacade } from 'cdk-monitoring-constructs';
import type { Construct } from 'constructs';
import { LossAlarm } from '#infra/constructs/alarm.ts';
import { CatchUpAlarms } from '#infra/constructs/catchup-alarms.ts';
import { MailAlarms } from '#infra/constructs/mail-alarms.ts';
import { JourneyAlarms, WayInAlarms } from '#infra/constructs/path-alarms.ts';
import type { DataStack } from '#infra/stacks/data.ts';
import type { DeliveryStack } from '#infra/stacks/delivery.ts';
import type { IngestStack } from '#infra/stacks/ingest.ts';
import type { JourneysStack } from '#infra/stacks/journeys.ts';
import type { TropaStackProps } from '#infra/stacks/props.ts';
import { metricNamespaceOf, nameOf } from '#infra/stage.ts';
import { STOREFRONT_NAMES } from '#shared/catchup/settings.ts';

export type MonitoringStackProps = TropaStackProps & {
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly delivery: DeliveryStack;
  readonly journeys: JourneysStack;
};

/** One page to look at, and the alarms that belong to no single queue. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    const { settings, data, ingest, delivery, journeys, code, ...stackProps } = props;
    super(scope, id, stackProps);
    const watch = { settings, alarms: data.alarms };
    new WayInAlarms(this, 'WayIn', { ...watch, api: ingest.api, table: data.table });
    for (const source of STOREFRONT_NAMES)
      if (settings.storefronts[source] !== undefined)
        new CatchUpAlarms(this, `CatchUp-${source}`, { ...watch, source });
    new JourneyAlarms(this, 'Journeys', {
      ...watch,
      functions: {
        ...journeys.functions,
        send: delivery.send,
        call: delivery.call,
        track: delivery.track,
        respond: delivery.respond,
        tell: delivery.tell,
      },
      stateMachine: journeys.machine.stateMachine,
    });
    new MailAlarms(this, 'Mail', { ...watch, send: delivery.send, review: journeys.functions.review });
    this.#dashboard(props);
  }

  #dashboard({ settings, data, ingest, delivery, journeys }: MonitoringStackProps): void {
    const page = new MonitoringFacade(this, 'Page', {
      metricFactoryDefaults: { namespace: metricNamespaceOf(settings) },
      alarmFactoryDefaults: { alarmNamePrefix: nameOf(settings, 'page'), actionsEnabled: false },
      dashboardFactory: new DefaultDashboardFactory(this, 'Dashboards', {
        dashboardNamePrefix: nameOf(settings, 'path'),
      }),
    });
    // The classes do not fit their own interfaces where undefined is no value of an optional property.
    const api = HttpApi.fromHttpApiAttributes(this, 'Api', { httpApiId: ingest.api.api.apiId });
    const table = Table.fromTableName(this, 'Table', data.table.tableName);
    page.addWidget(new AlarmStatusWidget({ title: 'What is lost now', width: 24, alarms: alarmsIn(this.node.root) }));
    page.addLargeHeader('The way in').monitorApiGatewayV2HttpApi({ api });
    for (const { function: lambdaFunction } of [ingest.ingest, ingest.start, ingest.catchup, delivery.respond])
      page.monitorLambdaFunction({ lambdaFunction });
    page.addLargeHeader('Journeys').monitorStepFunction({ stateMachine: journeys.machine.stateMachine });
    for (const { function: lambdaFunction } of Object.values(journeys.functions))
      page.monitorLambdaFunction({ lambdaFunction });
    page.addLargeHeader('Mail and calls');
    for (const { function: lambdaFunction } of [delivery.send, delivery.track, delivery.call, delivery.tell])
      page.monitorLambdaFunction({ lambdaFunction });
    page.addLargeHeader('Queues');
    for (const { queue, dead } of [
      ingest.overflow,
      ...Object.values(journeys.queues),
      ...Object.values(delivery.queues),
    ]) {
      page.monitorSqsQueueWithDlq({ queue, deadLetterQueue: dead });
    }
    page.addLargeHeader('The table').monitorDynamoTable({ table });
  }
}

const alarmsIn = (root: Construct['node']['root']): Alarm[] =>
  root.node.findAll().filter((construct) => construct instanceof LossAlarm);
