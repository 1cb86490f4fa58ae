import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueName, QueueWiring } from '#functions/wiring.ts';
import { LossAlarm, type Watch } from '#infra/constructs/alarm.ts';
import { explain } from '#infra/constructs/explain.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { nameOf } from '#infra/stage.ts';
import { deadLettersOf } from '#shared/dead-letters.ts';

/** As long as SQS keeps anything. */
const KEPT = Duration.days(14);

export type DeadLettersProps = Watch & {
  /** Of what: the queue is called `tropa-<stage>-<of>-dead`. */
  readonly of: string;
  /** What a marketer loses while letters lie here. */
  readonly loss: string;
  /** What to do about them once the cause is mended. @default they are sent again */
  readonly remedy?: string;
  /** Its heading in docs/runbooks.md. */
  readonly runbook: string;
};

/** Where that ends which could not be worked off, with an alarm from the first letter on. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { of, loss, remedy, runbook, ...watch }: DeadLettersProps) {
    super(scope, id);
    const again = `send them again: npx tropa redrive ${of} --stage ${watch.settings.stage}`;
    this.queue = new Queue(this, 'Queue', {
      queueName: deadLettersOf(nameOf(watch.settings, of)),
      retentionPeriod: KEPT,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    explain(
      this.queue,
      'AwsSolutions-SQS3',
      'It is the end of the line, also for rules and streams, where the check does not look.',
    );
    new LossAlarm(this, 'Alarm', {
      ...watch,
      name: `${of}-dead`,
      loss,
      runbook,
      remedy: `They are kept for 14 days. Mend the cause, then ${remedy ?? again}`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
    });
  }
}

export type WorkQueueProps = Watch & {
  readonly wiring: QueueWiring & { readonly name: QueueName };
  /** Age of the oldest message from which on the queue stands still. @default 15 minutes */
  readonly late?: Duration;
};

/** A queue of work with its dead letters, and an alarm for when it is not worked off. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly dead: Queue;
  readonly #wiring: WorkQueueProps['wiring'];
  readonly #watch: Watch;

  constructor(scope: Construct, id: string, { wiring, late = Duration.minutes(15), ...watch }: WorkQueueProps) {
    super(scope, id);
    this.#wiring = wiring;
    this.#watch = watch;
    const { name, loss } = wiring;
    this.dead = new DeadLetters(this, 'Dead', { ...watch, of: name, loss, runbook: name }).queue;
    this.queue = new Queue(this, 'Queue', {
      queueName: nameOf(watch.settings, name),
      visibilityTimeout: Duration.seconds(wiring.visibility),
      retentionPeriod: KEPT,
      deadLetterQueue: { queue: this.dead, maxReceiveCount: wiring.receives },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    new LossAlarm(this, 'LateAlarm', {
      ...watch,
      name: `${name}-late`,
      loss,
      runbook: name,
      remedy: `The oldest message waits for longer than ${late.toHumanString()}: see the log of ${wiring.consumer}.`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: late.toSeconds(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
    });
  }

  /**
   * Lets the wired consumer work the queue off; a message that fails goes back alone. The consumer itself puts what it
   * gives up among the dead letters, with its reason; what it never answers for, SQS puts there without one.
   */
  feed(consumer: TropaFunction): void {
    const { name, batch } = this.#wiring;
    const maxConcurrency = this.#watch.settings.concurrency[name] ?? this.#wiring.maxConcurrency;
    if (consumer.functionName !== this.#wiring.consumer) {
      throw new Error(`the queue ${name} is worked off by ${this.#wiring.consumer}, not by ${consumer.functionName}`);
    }
    consumer.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: batch, maxConcurrency, reportBatchItemFailures: true }),
    );
    consumer.allow(['sqs:SendMessage'], [this.dead.queueArn]);
    this.#watchFailures(consumer);
  }

  /**
   * The first dead letter comes after an hour, and the age of the oldest message leaves out what was received three times:
   * without this nobody would hear of a bad deployment while it can still be mended.
   */
  #watchFailures({ function: lambda, functionName, metricNamespace }: TropaFunction): void {
    const { name, loss, receives, visibility } = this.#wiring;
    const period = Duration.minutes(5);
    const failed = new Metric({
      namespace: metricNamespace,
      metricName: 'MessageFailed',
      dimensionsMap: { service: functionName, queue: name },
      statistic: 'sum',
      period,
    });
    new LossAlarm(this, 'FailingAlarm', {
      ...this.#watch,
      name: `${name}-failing`,
      loss,
      runbook: name,
      remedy: `Messages fail and are tried again, each for ${Math.floor((receives * visibility) / 60)} minutes; until then nothing is lost. See the log of ${functionName}: was it just deployed? Then deploy the version before.`,
      metric: new MathExpression({
        expression: 'FILL(messages, 0) + FILL(calls, 0)',
        label: 'MessageFailed',
        period,
        usingMetrics: { messages: failed, calls: lambda.metricErrors({ statistic: 'sum', period }) },
      }),
      threshold: 5,
      evaluationPeriods: 3,
    });
  }
}
