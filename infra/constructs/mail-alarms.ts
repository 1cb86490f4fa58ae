import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { LossAlarm, type Watch } from '#infra/constructs/alarm.ts';
import { counted } from '#infra/constructs/counted.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';

export type MailAlarmsProps = Watch & {
  readonly send: TropaFunction<'send'>;
  readonly review: TropaFunction<'review'>;
};

const FIVE_MINUTES = Duration.minutes(5);
/** A mail that SES takes not now is tried again after five minutes and a bit. */
const DEFERRED = Duration.minutes(15);

/**
 * Of mails that do not leave, and of what mailbox providers think of the shop. SES looks at an account at 5 % and 0.1 %,
 * and stops it at 10 % and 0.5 %.
 */
export class MailAlarms extends Construct {
  constructor(scope: Construct, id: string, { send, review, ...watch }: MailAlarmsProps) {
    super(scope, id);
    new LossAlarm(this, 'RenderFailed', {
      ...watch,
      name: 'render-failed',
      loss: 'Mails are lost, order mails too: no text can be made of their template, or it has been missing for half an hour.',
      remedy: 'The log of send says which template and why. Upload it mended; what has failed is not sent again.',
      metric: counted('RenderFailed', [send], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'Rejected', {
      ...watch,
      name: 'mail-rejected',
      loss: 'Mails are lost: SES refuses them for good, by what they say or whom they are addressed to.',
      remedy: 'The metric MailRejected says by which word of SES, and the row of each message its reason.',
      metric: counted('MailRejected', [send], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'Deferred', {
      ...watch,
      name: 'mail-deferred',
      loss: 'Mails wait, order mails too: SES has taken none of some for half an hour. Nothing is lost, and each is tried again.',
      remedy:
        'The metric MailDeferred says by which word of SES: are the DNS records of the domain still there, is the account paused, out of its sandbox, below its quota, and is sesRate what SES allows?',
      metric: counted('MailDeferred', [send], DEFERRED),
      threshold: 1,
      evaluationPeriods: 2,
    });
    new LossAlarm(this, 'OrdersPutOff', {
      ...watch,
      name: 'orders-put-off',
      loss: 'Order mails come late: there are more of them than may be sent in their time. Nothing is lost; marketing waits behind them.',
      remedy: 'Is sesRate what SES allows the account? Ask SES for a higher rate, then raise sesRate.',
      metric: counted('TransactionalPutOff', [send], FIVE_MINUTES),
      threshold: 1,
      evaluationPeriods: 3,
    });
    new LossAlarm(this, 'Stopped', {
      ...watch,
      name: 'sending-stopped',
      loss: 'No mail leaves, no order mail either: SES has paused or suspended the account. Nothing is lost, all of it waits.',
      remedy:
        'The SES console says why (Account dashboard, Reputation metrics). Once SES sends again, mail goes on by itself within a minute or two.',
      metric: counted('SendingStopped', [review], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'Quota', {
      ...watch,
      name: 'quota-reached',
      loss: "No mail leaves, no order mail either: the day's quota of the SES account is reached. Nothing is lost, all of it waits.",
      remedy: 'Ask SES for a higher sending quota. Mail goes on by itself as the 24 hours move on.',
      metric: counted('QuotaReached', [review], FIVE_MINUTES),
      threshold: 1,
    });
    new LossAlarm(this, 'Halted', {
      ...watch,
      name: 'marketing-halted',
      loss: 'Marketing mail stands still, all of it or a part: too much of it bounces or is called spam. Nothing is lost, order mails go.',
      remedy:
        'tropa mail status says which and why. Mend what brings these addresses or complaints, then tropa mail resume with the reason.',
      metric: counted('MarketingHalted', [review], FIVE_MINUTES),
      threshold: 1,
    });
    const reputation = (metricName: string) =>
      new Metric({ namespace: 'AWS/SES', metricName, statistic: 'max', period: Duration.hours(1) });
    new LossAlarm(this, 'Bounces', {
      ...watch,
      name: 'bounces',
      loss: 'Too many mails go to addresses that do not exist. If it goes on, SES stops all mail of the shop, order mails too.',
      remedy: 'Which import or form brings these addresses? Stop the journey that mails them.',
      metric: reputation('Reputation.BounceRate'),
      threshold: 0.05,
    });
    new LossAlarm(this, 'Complaints', {
      ...watch,
      name: 'complaints',
      runbook: 'bounces',
      loss: 'Too many people call the mails spam. Mailbox providers will hide them, and SES may stop all mail of the shop.',
      remedy: 'Set the journey with the most complaints to "closing", and look at how its consent is asked for.',
      metric: reputation('Reputation.ComplaintRate'),
      threshold: 0.001,
    });
  }
}
