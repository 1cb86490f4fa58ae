import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { BUS_SOURCE, QUEUES } from '#functions/wiring.ts';
import { addRoutes, PublicApi } from '#infra/constructs/api.ts';
import { runByTheClock } from '#infra/constructs/clock.ts';
import { TropaFunction } from '#infra/constructs/function.ts';
import { grant } from '#infra/constructs/grant.ts';
import { WorkQueue } from '#infra/constructs/queue.ts';
import type { DataStack } from '#infra/stacks/data.ts';
import type { TropaStackProps } from '#infra/stacks/props.ts';
import { nameOf, sourceSecretsOf } from '#infra/stage.ts';

export type IngestStackProps = TropaStackProps & { readonly data: DataStack };

/** The way in: the public API, ingest, start, collect and catchup, the bus, and the queue that takes what the bus refuses. */
export class IngestStack extends Stack {
  readonly bus: EventBus;
  readonly api: PublicApi;
  readonly overflow: WorkQueue;
  readonly ingest: TropaFunction<'ingest'>;
  readonly start: TropaFunction<'start'>;
  readonly collect: TropaFunction<'collect'>;
  readonly catchup: TropaFunction<'catchup'>;
  /** Where the public reaches the shop's Tropa, without a slash at the end. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, { settings, code, data, ...props }: IngestStackProps) {
    super(scope, id, props);
    const watch = { settings, alarms: data.alarms };
    this.bus = new EventBus(this, 'Bus', { eventBusName: nameOf(settings, 'events') });
    if (settings.archiveDays !== undefined) {
      this.bus.archive('Archive', {
        eventPattern: { source: [BUS_SOURCE] },
        retention: Duration.days(settings.archiveDays),
      });
    }
    this.overflow = new WorkQueue(this, 'Overflow', { ...watch, wiring: QUEUES.overflow });
    this.api = new PublicApi(this, 'Api', { settings });
    this.publicUrl = settings.publicUrl ?? this.api.api.apiEndpoint;
    const posted = {
      BUS_NAME: this.bus.eventBusName,
      OVERFLOW_QUEUE_URL: this.overflow.queue.queueUrl,
      WEBHOOK_SECRET_ID: data.secrets.webhook.secretArn,
    };
    const sourceSecrets = sourceSecretsOf(settings);
    this.ingest = new TropaFunction(this, 'Ingest', {
      settings,
      code,
      name: 'ingest',
      environment: { ...posted, SOURCE_SECRETS: sourceSecrets, SHOPIFY_SHOPS: settings.shopifyShops.join(',') },
    });
    this.start = new TropaFunction(this, 'Start', {
      settings,
      code,
      name: 'start',
      environment: { ...posted, TABLE_NAME: data.table.tableName },
    });
    this.collect = new TropaFunction(this, 'Collect', {
      settings,
      code,
      name: 'collect',
      // Whoever reads the key in a page can call it; so it need not take the runs of all others.
      concurrency: settings.collectConcurrency,
      environment: {
        BUS_NAME: posted.BUS_NAME,
        OVERFLOW_QUEUE_URL: posted.OVERFLOW_QUEUE_URL,
        WRITE_KEYS: settings.writeKeys.join(','),
      },
    });
    this.catchup = new TropaFunction(this, 'CatchUp', {
      settings,
      code,
      name: 'catchup',
      environment: {
        TABLE_NAME: data.table.tableName,
        BUS_NAME: posted.BUS_NAME,
        OVERFLOW_QUEUE_URL: posted.OVERFLOW_QUEUE_URL,
        SOURCE_SECRETS: sourceSecrets,
        STOREFRONTS: JSON.stringify(settings.storefronts),
      },
    });
    const queues = { overflow: this.overflow.queue };
    for (const each of [this.ingest, this.start, this.collect, this.catchup])
      grant(each, { bus: this.bus, queues, secrets: data.secrets, table: data.table, sourceSecrets });
    for (const each of [this.ingest, this.start, this.collect]) addRoutes(this, this.api.api, each);
    runByTheClock(this, this.catchup, { settings, enabled: Object.keys(settings.storefronts).length > 0 });
    this.overflow.feed(this.ingest);
    new CfnOutput(this, 'WebhookUrl', { value: `${this.publicUrl}/webhooks/generic` });
  }
}
