import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { WORKING } from '#functions/send/pace.ts';
import { QUEUES, ruleWirings } from '#functions/wiring.ts';
import { SIZES, TropaFunction } from '#infra/constructs/function.ts';
import { grant } from '#infra/constructs/grant.ts';
import { WorkQueue } from '#infra/constructs/queue.ts';
import { RuleToQueue } from '#infra/constructs/rule.ts';
import { newApp } from '#infra/tropa.ts';
import { oneAttempt } from '#shared/adapters/aws/mailer.ts';
import { resourcesOf, settings, textOf } from './synthesized.ts';

function bench() {
  const stack = new Stack(newApp(), 'Bench');
  const watch = { settings, alarms: new Topic(stack, 'Topic') };
  return { stack, watch, template: () => Template.fromStack(stack) };
}

const code = Code.fromInline('exports.handler = async () => {}');
const pause = (stack: Stack) =>
  new TropaFunction(stack, 'Pause', {
    settings,
    code,
    name: 'pause',
    environment: { TABLE_NAME: 'table', STATE_MACHINE_ARN: 'arn' },
  });

test('a function runs on Node 24 and arm64 and has a log of its own with an end', () => {
  const { stack, template } = bench();
  pause(stack);
  template().hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'tropa-test-pause',
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Environment: { Variables: { TABLE_NAME: 'table', STATE_MACHINE_ARN: 'arn' } },
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('PauseLog') } },
  });
  template().hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/lambda/tropa-test-pause',
    RetentionInDays: settings.logRetentionDays,
  });
});

test('a role may at first write its own log and nothing else', () => {
  const { stack, template } = bench();
  pause(stack);
  template().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('PauseLog'), 'Arn'] },
        },
      ],
    },
  });
});

test('a function without all of its environment, or with more, does not compile', () => {
  const { stack } = bench();
  // @ts-expect-error STATE_MACHINE_ARN is missing
  new TropaFunction(stack, 'Less', { settings, code, name: 'pause', environment: { TABLE_NAME: 'table' } });
  const more = { TABLE_NAME: 'table', STATE_MACHINE_ARN: 'arn' };
  // @ts-expect-error pause is not told of a bucket
  new TropaFunction(stack, 'More', { settings, code, name: 'pause', environment: { ...more, BUCKET_NAME: 'b' } });
});

test('a right that its stack cannot give is an error and not a silent gap', () => {
  const { stack } = bench();
  expect(() => grant(pause(stack), { stateMachineArn: 'arn' })).toThrow('pause needs the table by grants.ts');
});

test('send has time left for a last mail that SES keeps waiting', () => {
  expect(WORKING + oneAttempt.timeout + 10_000).toBeLessThanOrEqual(SIZES.send.seconds * 1000);
});

test('a queue keeps what fails, and its alarms say what a marketer loses', () => {
  const { stack, watch, template } = bench();
  new WorkQueue(stack, 'Queue', { ...watch, wiring: QUEUES.marketing, late: Duration.hours(6) });
  for (const [name, metric, threshold] of [
    ['marketing-dead', 'ApproximateNumberOfMessagesVisible', 1],
    ['marketing-late', 'ApproximateAgeOfOldestMessage', 6 * 3600],
  ] as const) {
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `tropa-test-${name}`,
      MetricName: metric,
      Threshold: threshold,
      TreatMissingData: 'notBreaching',
    });
  }
  const said = resourcesOf({ stack: template() }, 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
    textOf(Properties.AlarmDescription),
  );
  expect(said.every((text) => text.startsWith(QUEUES.marketing.loss))).toBe(true);
  expect(said.join()).toContain('npx tropa redrive marketing --stage test');
});

test('a queue is fed to nobody but its wired consumer', () => {
  const { stack, watch } = bench();
  const queue = new WorkQueue(stack, 'Queue', { ...watch, wiring: QUEUES.enrol });
  expect(() => queue.feed(pause(stack))).toThrow('the queue enrol is worked off by enrol, not by pause');
});

test('a rule listens on the bus of its wiring or not at all', () => {
  const { stack, watch } = bench();
  const { events, uploads } = ruleWirings({ configurationSet: 'c', bucket: 'b', stateMachineArn: 'arn' });
  const queue = new WorkQueue(stack, 'Queue', { ...watch, wiring: QUEUES.enrol });
  const bus = new EventBus(stack, 'Bus');
  expect(() => new RuleToQueue(stack, 'A', { ...watch, name: 'events', wiring: events, queue })).toThrow('tropa bus');
  expect(() => new RuleToQueue(stack, 'B', { ...watch, name: 'uploads', wiring: uploads, queue, bus })).toThrow(
    'default bus',
  );
});
