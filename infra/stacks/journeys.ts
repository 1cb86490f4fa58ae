import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type FunctionName, QUEUES, REVIEW_PARTS, ruleWirings } from '#functions/wiring.ts';
import { runByTheClock } from '#infra/constructs/clock.ts';
import { TropaFunction } from '#infra/constructs/function.ts';
import { grant } from '#infra/constructs/grant.ts';
import { WorkQueue } from '#infra/constructs/queue.ts';
import { RuleToQueue } from '#infra/constructs/rule.ts';
import { JourneyMachine, stateMachineArnOf } from '#infra/constructs/state-machine.ts';
import { TableTally } from '#infra/constructs/tally.ts';
import type { DataStack } from '#infra/stacks/data.ts';
import type { DeliveryStack } from '#infra/stacks/delivery.ts';
import type { IngestStack } from '#infra/stacks/ingest.ts';
import type { TropaStackProps } from '#infra/stacks/props.ts';
import { nameOf } from '#infra/stage.ts';
import { type StageFacts, stageParameter } from '#shared/stage-facts.ts';

export type JourneysStackProps = TropaStackProps & {
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly delivery: DeliveryStack;
  /** statemachines/journey.asl.json, with its tokens. */
  readonly definition: string;
};

/** The way along: events become passages, passages go on and end; journeys are published, and counted. */
export class JourneysStack extends Stack {
  readonly queues: Readonly<Record<'enrol' | 'privacy' | 'publish' | 'stranded' | 'walk', WorkQueue>>;
  readonly functions: {
    readonly [Name in
      | 'enrol'
      | 'advance'
      | 'pause'
      | 'privacy'
      | 'publish'
      | 'review'
      | 'tally'
      | 'audit'
      | 'walk']: TropaFunction<Name>;
  };
  readonly machine: JourneyMachine;

  constructor(scope: Construct, id: string, props: JourneysStackProps) {
    const { settings, code, data, ingest, delivery, definition, ...stackProps } = props;
    super(scope, id, stackProps);
    const watch = { settings, alarms: data.alarms };
    const stateMachineArn = stateMachineArnOf(this, settings);
    this.queues = {
      enrol: new WorkQueue(this, 'EnrolQueue', { ...watch, wiring: QUEUES.enrol }),
      publish: new WorkQueue(this, 'PublishQueue', { ...watch, wiring: QUEUES.publish }),
      stranded: new WorkQueue(this, 'StrandedQueue', { ...watch, wiring: QUEUES.stranded }),
      privacy: new WorkQueue(this, 'PrivacyQueue', { ...watch, wiring: QUEUES.privacy }),
      walk: new WorkQueue(this, 'WalkQueue', { ...watch, wiring: QUEUES.walk }),
    };
    this.functions = this.#functions(props, stateMachineArn);
    this.#grant(props, stateMachineArn);

    const { enrol, advance, pause, privacy, publish, review, tally, walk } = this.functions;
    this.queues.enrol.feed(enrol);
    this.queues.publish.feed(publish);
    this.queues.stranded.feed(review);
    this.queues.walk.feed(walk);
    this.queues.privacy.feed(privacy);
    this.machine = new JourneyMachine(this, 'Machine', {
      settings,
      definition,
      functions: { AdvanceFunction: advance, PauseFunction: pause },
    });
    new TableTally(this, 'Stream', { ...watch, table: data.table, tally });
    this.#rules(props, stateMachineArn);
    runByTheClock(this, review, { settings, parts: REVIEW_PARTS });
    runByTheClock(this, this.functions.audit, { settings });
    this.#facts(props);
  }

  #functions(
    { settings, code, data, delivery, ingest }: JourneysStackProps,
    stateMachineArn: string,
  ): JourneysStack['functions'] {
    const common = { settings, code };
    const table = { TABLE_NAME: data.table.tableName };
    const executions = { STATE_MACHINE_ARN: stateMachineArn };
    const lanes = {
      TRANSACTIONAL_QUEUE_URL: delivery.queues.transactional.queue.queueUrl,
      MARKETING_QUEUE_URL: delivery.queues.marketing.queue.queueUrl,
    };
    const calls = { CALLS_QUEUE_URL: delivery.queues.calls.queue.queueUrl };
    const stretches = { WALK_QUEUE_URL: this.queues.walk.queue.queueUrl };
    const retention = { EVENT_RETENTION_DAYS: String(settings.eventRetentionDays) };
    const events = { BUS_NAME: ingest.bus.eventBusName };
    const told = { TELL_QUEUE_URL: delivery.queues.tell.queue.queueUrl };
    const files = { BUCKET_NAME: data.bucket.bucketName };
    return {
      enrol: new TropaFunction(this, 'Enrol', {
        ...common,
        name: 'enrol',
        environment: { ...table, ...executions, ...events, ...retention },
      }),
      advance: new TropaFunction(this, 'Advance', {
        ...common,
        name: 'advance',
        environment: { ...table, ...lanes, ...calls, ...events },
      }),
      pause: new TropaFunction(this, 'Pause', { ...common, name: 'pause', environment: { ...table, ...executions } }),
      publish: new TropaFunction(this, 'Publish', {
        ...common,
        name: 'publish',
        environment: {
          ...table,
          ...files,
          BUS_NAME: ingest.bus.eventBusName,
          PUBLISH_QUEUE_URL: this.queues.publish.queue.queueUrl,
          ...told,
          MAIL_DOMAIN: settings.domain,
          COLLEAGUES: settings.colleagues.join(','),
        },
      }),
      review: new TropaFunction(this, 'Review', {
        ...common,
        name: 'review',
        environment: {
          ...{ ...table, ...executions, ...events, ...lanes, ...calls, ...retention, ...stretches, ...told },
          WARM_UP: JSON.stringify(settings.warmUp ?? null),
        },
      }),
      tally: new TropaFunction(this, 'Tally', { ...common, name: 'tally', environment: table }),
      audit: new TropaFunction(this, 'Audit', { ...common, name: 'audit', environment: table }),
      privacy: new TropaFunction(this, 'Privacy', {
        ...common,
        name: 'privacy',
        environment: { ...table, ...executions, ...files },
      }),
      walk: new TropaFunction(this, 'Walk', {
        ...common,
        name: 'walk',
        environment: { ...table, ...executions, ...stretches },
      }),
    };
  }

  #grant({ data, delivery, ingest }: JourneysStackProps, stateMachineArn: string): void {
    const queues = {
      transactional: delivery.queues.transactional.queue,
      marketing: delivery.queues.marketing.queue,
      calls: delivery.queues.calls.queue,
      walk: this.queues.walk.queue,
      publish: this.queues.publish.queue,
      tell: delivery.queues.tell.queue,
    };
    for (const each of Object.values<TropaFunction<FunctionName>>(this.functions)) {
      grant(each, { table: data.table, bucket: data.exportedBucket, stateMachineArn, queues, bus: ingest.bus });
    }
  }

  #rules({ settings, data, ingest, delivery }: JourneysStackProps, stateMachineArn: string): void {
    const watch = { settings, alarms: data.alarms };
    const { events, privacy, uploads, stranded } = ruleWirings({
      configurationSet: delivery.mailing.configurationSetName,
      bucket: data.bucket.bucketName,
      stateMachineArn,
    });
    const { bus } = ingest;
    new RuleToQueue(this, 'EventsRule', { ...watch, name: 'events', wiring: events, queue: this.queues.enrol, bus });
    new RuleToQueue(this, 'PrivacyRule', {
      ...watch,
      name: 'privacy',
      wiring: privacy,
      queue: this.queues.privacy,
      bus,
    });
    new RuleToQueue(this, 'UploadsRule', { ...watch, name: 'uploads', wiring: uploads, queue: this.queues.publish });
    new RuleToQueue(this, 'StrandedRule', {
      ...watch,
      name: 'stranded',
      wiring: stranded,
      queue: this.queues.stranded,
    });
  }

  /** For the command line, which asks here where everything lies. No secret is in it. */
  #facts({ settings, data, ingest, delivery }: JourneysStackProps): void {
    const facts: StageFacts = {
      table: data.table.tableName,
      bucket: data.bucket.bucketName,
      publicUrl: ingest.publicUrl,
      queues: `https://sqs.${this.region}.${this.urlSuffix}/${this.account}/${nameOf(settings, '')}`,
      webhookSecret: data.secrets.webhook.secretArn,
      mail: {
        domain: settings.domain,
        sender: settings.sender,
        configurationSet: delivery.mailing.configurationSetName,
        rate: settings.sesRate,
      },
      bus: ingest.bus.eventBusName,
      eventDays: settings.eventRetentionDays,
    };
    new StringParameter(this, 'Facts', {
      parameterName: stageParameter(settings.stage),
      description: 'Where the parts of this stage lie, for the command line (tropa ... --stage).',
      stringValue: JSON.stringify(facts),
    });
  }
}
