import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { QUEUES, ruleWirings } from '#functions/wiring.ts';
import { addRoutes } from '#infra/constructs/api.ts';
import { TropaFunction } from '#infra/constructs/function.ts';
import { grant } from '#infra/constructs/grant.ts';
import { Mailing } from '#infra/constructs/mailing.ts';
import { WorkQueue } from '#infra/constructs/queue.ts';
import { RuleToQueue } from '#infra/constructs/rule.ts';
import { stateMachineArnOf } from '#infra/constructs/state-machine.ts';
import type { DataStack } from '#infra/stacks/data.ts';
import type { IngestStack } from '#infra/stacks/ingest.ts';
import type { TropaStackProps } from '#infra/stacks/props.ts';
import { endpointSecretsOf } from '#infra/stage.ts';

export type DeliveryStackProps = TropaStackProps & { readonly data: DataStack; readonly ingest: IngestStack };

/** A mass mailing may take hours at the rate that SES allows; that is no alarm. */
const MARKETING_LATE = Duration.hours(6);

/** The way out: the two lanes and send, SES and what it says of mails, calls to other systems, the public's answers, mails to authors. */
export class DeliveryStack extends Stack {
  readonly mailing: Mailing;
  readonly queues: Readonly<Record<'transactional' | 'marketing' | 'calls' | 'track' | 'tell', WorkQueue>>;
  readonly send: TropaFunction<'send'>;
  readonly call: TropaFunction<'call'>;
  readonly track: TropaFunction<'track'>;
  readonly respond: TropaFunction<'respond'>;
  readonly tell: TropaFunction<'tell'>;

  constructor(scope: Construct, id: string, { settings, code, data, ingest, ...props }: DeliveryStackProps) {
    super(scope, id, props);
    const watch = { settings, alarms: data.alarms };
    const { table, exportedBucket, secrets } = data;
    const { bus } = ingest;
    const stateMachineArn = stateMachineArnOf(this, settings);
    const rows = { TABLE_NAME: table.tableName };
    const executions = { STATE_MACHINE_ARN: stateMachineArn };
    const events = { BUS_NAME: bus.eventBusName };
    this.mailing = new Mailing(this, 'Mailing', { settings });
    this.queues = {
      transactional: new WorkQueue(this, 'Transactional', { ...watch, wiring: QUEUES.transactional }),
      marketing: new WorkQueue(this, 'Marketing', { ...watch, wiring: QUEUES.marketing, late: MARKETING_LATE }),
      calls: new WorkQueue(this, 'CallsQueue', { ...watch, wiring: QUEUES.calls }),
      track: new WorkQueue(this, 'TrackQueue', { ...watch, wiring: QUEUES.track }),
      tell: new WorkQueue(this, 'TellQueue', { ...watch, wiring: QUEUES.tell }),
    };

    this.send = new TropaFunction(this, 'Send', {
      settings,
      code,
      name: 'send',
      environment: {
        ...rows,
        ...executions,
        ...events,
        BUCKET_NAME: data.bucket.bucketName,
        CONFIGURATION_SET: this.mailing.configurationSetName,
        LINK_SECRET_ID: data.secrets.link.secretArn,
        PUBLIC_URL: ingest.publicUrl,
        SENDER: settings.sender,
        SES_RATE: String(settings.sesRate),
        WARM_UP: JSON.stringify(settings.warmUp ?? null),
      },
    });
    grant(this.send, { table, bus, bucket: exportedBucket, secrets, stateMachineArn, mail: this.mailing.arns });
    this.queues.transactional.feed(this.send);
    this.queues.marketing.feed(this.send);

    const endpointSecrets = endpointSecretsOf(settings);
    this.call = new TropaFunction(this, 'Call', {
      settings,
      code,
      name: 'call',
      environment: {
        ...rows,
        ...executions,
        ENDPOINT_SECRETS: endpointSecrets,
        CONFIGURATION_SET: this.mailing.configurationSetName,
        SENDER: settings.sender,
      },
    });
    grant(this.call, { table, stateMachineArn, endpointSecrets, mail: this.mailing.arns });
    this.queues.calls.feed(this.call);

    this.track = new TropaFunction(this, 'Track', {
      settings,
      code,
      name: 'track',
      environment: { ...rows, ...executions, ...events },
    });
    grant(this.track, { table, bus, stateMachineArn });
    this.queues.track.feed(this.track);
    const { mail } = ruleWirings({
      configurationSet: this.mailing.configurationSetName,
      bucket: data.bucket.bucketName,
      stateMachineArn,
    });
    new RuleToQueue(this, 'MailRule', { ...watch, name: 'mail', wiring: mail, queue: this.queues.track });

    this.respond = new TropaFunction(this, 'Respond', {
      settings,
      code,
      name: 'respond',
      environment: {
        ...rows,
        ...executions,
        ...events,
        OVERFLOW_QUEUE_URL: ingest.overflow.queue.queueUrl,
        BUCKET_NAME: data.bucket.bucketName,
        LINK_SECRET_ID: data.secrets.link.secretArn,
      },
    });
    grant(this.respond, {
      table,
      bucket: exportedBucket,
      secrets,
      bus,
      queues: { overflow: ingest.overflow.queue },
      stateMachineArn,
    });
    addRoutes(this, ingest.api.api, this.respond);

    const tell = this.queues.tell.queue;
    this.tell = new TropaFunction(this, 'Tell', {
      settings,
      code,
      name: 'tell',
      environment: {
        ...rows,
        BUCKET_NAME: data.bucket.bucketName,
        CONFIGURATION_SET: this.mailing.configurationSetName,
        SENDER: settings.sender,
        TELL_QUEUE_URL: tell.queueUrl,
      },
    });
    grant(this.tell, { table, bucket: exportedBucket, mail: this.mailing.arns, queues: { tell } });
    this.queues.tell.feed(this.tell);
  }
}
