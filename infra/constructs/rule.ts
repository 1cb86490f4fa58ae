import { Duration } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { RuleWiring } from '#functions/wiring.ts';
import { QUEUES, ruleLettersOf } from '#functions/wiring.ts';
import type { Watch } from '#infra/constructs/alarm.ts';
import { DeadLetters, type WorkQueue } from '#infra/constructs/queue.ts';
import { nameOf } from '#infra/stage.ts';

export type RuleToQueueProps = Watch & {
  readonly name: string;
  readonly wiring: RuleWiring;
  readonly queue: WorkQueue;
  /** The bus it listens on. @default the account's default bus */
  readonly bus?: EventBus;
};

/**
 * A rule that puts whole events on a queue, for a day at most; what could not be put there is kept beside. A rule that
 * called the function itself would try only three times.
 */
export class RuleToQueue extends Construct {
  constructor(scope: Construct, id: string, { name, wiring, queue, bus, ...watch }: RuleToQueueProps) {
    super(scope, id);
    if ((wiring.bus === 'tropa') !== (bus !== undefined))
      throw new Error(`rule ${name} listens on the ${wiring.bus} bus`);
    const { loss } = QUEUES[wiring.queue];
    const about = { of: ruleLettersOf(name), loss, runbook: wiring.queue };
    const undelivered = new DeadLetters(this, 'Undelivered', { ...watch, ...about });
    const rule = new Rule(this, 'Rule', {
      ruleName: nameOf(watch.settings, name),
      ...(bus && { eventBus: EventBus.fromEventBusName(this, 'Bus', bus.eventBusName) }),
      // The L2 pattern knows fewer forms than EventBridge: the wiring's pattern goes in below, as it stands.
      eventPattern: { source: ['replaced'] },
      targets: [
        new SqsQueue(queue.queue, {
          deadLetterQueue: undelivered.queue,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
    if (!(rule.node.defaultChild instanceof CfnRule)) throw new Error('a rule without its resource');
    rule.node.defaultChild.eventPattern = wiring.pattern;
  }
}
