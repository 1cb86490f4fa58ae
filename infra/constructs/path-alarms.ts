import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { LossAlarm, type Watch } from '#infra/constructs/alarm.ts';
import type { PublicApi } from '#infra/constructs/api.ts';
import { AuditAlarms } from '#infra/constructs/audit-alarms.ts';
import { counted } from '#infra/constructs/counted.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { INSIDE_LIMIT, INSIDE_MARKETING } from '#shared/contact/profile.ts';

const FIVE_MINUTES = Duration.minutes(5);
const sum = { statistic: 'sum', period: FIVE_MINUTES };

export type WayInAlarmsProps = Watch & { readonly api: PublicApi; readonly table: Table };

/** Of what every event passes. */
export class WayInAlarms extends Construct {
  constructor(scope: Construct, id: string, { api, table, ...watch }: WayInAlarmsProps) {
    super(scope, id);
    new LossAlarm(this, 'ApiErrors', {
      ...watch,
      name: 'api-errors',
      loss: 'The storefront cannot deliver what customers do, nothing starts manual journeys, and unsubscribe links answer with errors. Some shops stop posting after a few failures.',
      remedy: 'See the logs of ingest, start and respond, and whether the storefront has switched its webhooks off.',
      metric: api.metricServerErrors(),
      threshold: 5,
    });
    new LossAlarm(this, 'ApiRefused', {
      ...watch,
      name: 'api-refused',
      loss: 'Storefronts and browsers post more than the API takes, and are told to come again: what customers do comes late. WooCommerce does not come again, and switches its webhooks off after a few refusals.',
      remedy:
        'Raise "requestsPerSecond" in tropa.stage.json, and the quota of API Gateway if it is reached: docs/load.md. Then see whether the storefront has switched its webhooks off.',
      metric: api.metricRefused(),
      threshold: 100,
    });
    new LossAlarm(this, 'TableThrottled', {
      ...watch,
      name: 'table-throttled',
      loss: 'Everything is late: customers wait for their next step and mails for their turn. Nothing is lost.',
      remedy:
        'A table on demand doubles within minutes; if it lasts, one contact or one send rate row takes too many writes.',
      metric: new MathExpression({
        expression: 'reads + writes',
        period: FIVE_MINUTES,
        usingMetrics: {
          reads: table.metric('ReadThrottleEvents', sum),
          writes: table.metric('WriteThrottleEvents', sum),
        },
      }),
      threshold: 100,
      evaluationPeriods: 3,
    });
  }
}

/** Whoever wakes pauses. */
type Waking = 'enrol' | 'send' | 'call' | 'track' | 'respond' | 'review' | 'walk';

export type JourneyAlarmsProps = Watch & {
  readonly functions: {
    readonly [Name in Waking | 'advance' | 'pause' | 'privacy' | 'tell' | 'audit']: TropaFunction<Name>;
  };
  readonly stateMachine: StateMachine;
};

/** Of what carries customers from step to step. */
export class JourneyAlarms extends Construct {
  constructor(scope: Construct, id: string, { functions, stateMachine, ...watch }: JourneyAlarmsProps) {
    super(scope, id);
    const { advance, pause, privacy, enrol, send, call, track, respond, review, walk, tell, audit } = functions;
    new AuditAlarms(this, 'Audit', { ...watch, audit });
    for (const { function: step, functionName } of [advance, pause]) {
      new LossAlarm(this, `${functionName}Errors`, {
        ...watch,
        name: `${functionName}-errors`,
        runbook: 'step-errors',
        loss: 'Customers are held up in front of their next step. It is tried again for about an hour; then their journey breaks off.',
        remedy: `See the log of ${functionName}; a deployment that mends it within the hour strands nobody.`,
        metric: step.metricErrors(sum),
        threshold: 10,
        evaluationPeriods: 2,
      });
    }
    new LossAlarm(this, 'Broken', {
      ...watch,
      name: 'executions-failed',
      loss: 'Journeys of customers have broken off. They are put back on their way once the queue "stranded" is worked off.',
      remedy: 'The failed executions stand in the Step Functions console; look at the error that they share.',
      metric: stateMachine.metricFailed(sum),
      threshold: 1,
    });
    new LossAlarm(this, 'WakesLost', {
      ...watch,
      name: 'wakes-lost',
      loss: 'Customers sleep through something they should have been woken by, such as a purchase, until review finds them.',
      remedy: 'The log says which enrolments. More than a few mean that executions end without anybody knowing.',
      metric: counted('WakeLost', [enrol, send, call, track, respond, review, walk], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'Stranded', {
      ...watch,
      name: 'passages-stranded',
      loss: 'Customers stand still in their journeys: what comes next fails whenever it is tried. They get nothing from it until it is mended.',
      remedy: `npx tropa redrive passages --dry-run --stage ${watch.settings.stage} names the error that they share; see the log of advance for it. Once mended they go on by themselves within a day, for a month, and at once without --dry-run.`,
      metric: counted('PassageStranded', [review], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'PrivacyRequested', {
      ...watch,
      name: 'privacy-requested',
      loss: 'Nothing is lost: a storefront says that a whole shop has left it, and wants all its customers forgotten. Whether that is meant is yours to say.',
      remedy: 'The request lies among the parked events, reason "privacy"; docs/operations.md says what to do by hand.',
      metric: counted('PrivacyRequested', [privacy], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'ClockStopped', {
      ...watch,
      name: 'review-stopped',
      loss: 'What is due is not done: abandoned carts are not noticed, postponed mails do not leave, lost passages are not found.',
      remedy: 'review should run every minute: is its rule disabled, or its function throttled?',
      metric: review.function.metricInvocations(sum),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      // No run is no data.
      treatMissingData: TreatMissingData.BREACHING,
    });
    new LossAlarm(this, 'ReviewErrors', {
      ...watch,
      name: 'review-errors',
      loss: 'Some of what is due is not done: abandoned carts, postponed mails, the search for lost passages.',
      remedy: 'See the log of review.',
      metric: review.function.metricErrors(sum),
      threshold: 3,
      evaluationPeriods: 3,
    });
    // One row's failure keeps no other from its turn, so the run itself succeeds. What met another writer is done a minute later.
    new LossAlarm(this, 'ReviewFailed', {
      ...watch,
      name: 'review-failed',
      loss: 'Some customers are passed over each minute: their abandoned cart is not noticed, their mail or their next step does not come.',
      remedy:
        'The log of review says why, and the metric ReviewFailed for which kind of row. It goes on by itself once mended.',
      metric: counted('ReviewFailed', [review], FIVE_MINUTES),
      threshold: 1,
      evaluationPeriods: 3,
    });
    new LossAlarm(this, 'PoolEmpty', {
      ...watch,
      name: 'pool-empty',
      loss: 'Customers who should get a coupon code get none: the pool has run out, and their journey takes "otherwise".',
      remedy:
        'The metric PoolEmpty says which pool. Upload more codes to its file in pools/: those that are new are added, and given at once.',
      metric: counted('PoolEmpty', [advance], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'CallFailed', {
      ...watch,
      name: 'call-failed',
      loss: 'Another system, or a colleague, has not heard what a journey had to tell: a gift is not packed, a ticket not opened. It is not tried again; where the step has "otherwise", customers took that way.',
      remedy:
        'The metric CallFailed says which endpoint, the log of call why, `tropa why CONTACT` what they should have heard. Tell them by hand.',
      metric: counted('CallFailed', [call], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'NoRate', {
      ...watch,
      name: 'no-rate',
      loss: 'Orders in another currency count without their amounts: what customers have spent is too low, and journeys that ask how much pass them by.',
      remedy:
        'The metric NoRate says which currency. Write its rate into "rates" of settings.json: it holds for what comes from then on.',
      metric: counted('NoRate', [enrol], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'UploadRefused', {
      ...watch,
      name: 'upload-refused',
      loss: 'A journey, a template or a setting that somebody has uploaded is not live: something in it is wrong. What was live stays.',
      remedy:
        'The reports in the bucket say what is wrong, and where: reports/. With "authors" in settings.json its author hears of it by mail.',
      metric: counted('UploadRefused', [tell], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'TooManyPassages', {
      ...watch,
      name: 'too-many-passages',
      loss: `Customers who are in ${INSIDE_MARKETING} journeys at once enter no further one of marketing, and in ${INSIDE_LIMIT} none at all.`,
      remedy:
        'The metric TooManyPassages says which journey they missed. Which journeys keep people for long? Close them, or end them sooner.',
      metric: counted('TooManyPassages', [enrol, review, walk], FIVE_MINUTES),
      threshold: 1,
    });
  }
}
