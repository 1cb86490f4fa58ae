import { readFileSync } from 'node:fs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { ROOT } from '#infra/bundling.ts';
import { type Resource, resourcesOf, synthesize, textOf } from './synthesized.ts';

const { app, stacks, templates } = synthesize();
const assembly = app.synth();

const findings = () => {
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    (violatingResources ?? []).map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
};

/** The dashboard is the work of a library; the definition has tests of its own. */
const ELSEWHERE = ['DashboardBody', 'DefinitionString'];
const ownWork = (template: Record<string, unknown>) =>
  JSON.parse(JSON.stringify(template, (key, value) => (ELSEWHERE.includes(key) ? 'left out' : value)));

test.each(Object.keys(templates))('the stack %s is as it was', (name) => {
  expect(ownWork(templates[name as keyof typeof templates].toJSON())).toMatchSnapshot();
});

test('cdk-nag finds nothing that is not explained, and would find what is not', () => {
  expect(findings()).toEqual([]);
  new Queue(stacks.ingest, 'Unexplained');
  expect(findings()).toContain('AwsSolutions-SQS3 at tropa-test-ingest/Unexplained/Resource');
});

test('no template asks for a parameter, but for the version of the CDK bootstrap', () => {
  for (const template of Object.values(templates)) {
    expect(Object.keys(template.toJSON()['Parameters'] ?? {})).toEqual(['BootstrapVersion']);
  }
});

test('no stack needs a look-up or a custom resource', () => {
  expect(assembly.manifest.missing).toBeUndefined();
  const types = Object.values(templates).flatMap((template) =>
    Object.values<Resource>(template.toJSON()['Resources']).map(({ Type }) => Type),
  );
  expect(types.filter((type) => type.startsWith('Custom::') || type.startsWith('AWS::CloudFormation::'))).toEqual([]);
});

test('what keeps data stays when its stack goes', () => {
  const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'];
  const resources = kept.flatMap((type) => resourcesOf(templates, type));
  expect(resources).toHaveLength(4);
  for (const resource of resources) expect(resource).toMatchObject({ DeletionPolicy: 'Retain', stack: 'data' });
});

test('every alarm tells the alarm topic, says what is lost and what to do', () => {
  const alarms = resourcesOf(templates, 'AWS::CloudWatch::Alarm');
  expect(alarms.length).toBeGreaterThan(25);
  for (const { Properties } of alarms) {
    const description = textOf(Properties.AlarmDescription);
    const [loss = '', remedy = ''] = description.split('\n\n');
    expect(loss.length).toBeGreaterThan(20);
    expect(remedy.length).toBeGreaterThan(15);
    expect(description.length).toBeLessThanOrEqual(1024);
    expect(JSON.stringify(Properties.AlarmActions)).toContain('Alarms');
    expect(Properties.OKActions).toEqual(Properties.AlarmActions);
  }
});

test('only a storefront that is named is asked, and only for it there are alarms', () => {
  const alarms = resourcesOf(templates, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmName);
  expect(alarms.filter((name) => /shopify|woocommerce/.test(name)).toSorted()).toEqual([
    'tropa-test-catchup-shopify-refused',
    'tropa-test-catchup-shopify-stopped',
    'tropa-test-webhooks-shopify-missed',
  ]);
  const clockOf = (all: typeof templates) =>
    resourcesOf(all, 'AWS::Events::Rule').find(({ Properties }) => Properties.Name === 'tropa-test-catchup-clock');
  expect(clockOf(templates)?.Properties.State).toBe('ENABLED');
  expect(clockOf(synthesize({ storefronts: {} }).templates)?.Properties.State).toBe('DISABLED');
});

test.each([
  ['review-failed', 'ReviewFailed', ['review']],
  ['render-failed', 'RenderFailed', ['send']],
  ['mail-rejected', 'MailRejected', ['send']],
  ['mail-deferred', 'MailDeferred', ['send']],
  ['orders-put-off', 'TransactionalPutOff', ['send']],
  ['too-many-passages', 'TooManyPassages', ['enrol', 'review', 'walk']],
  ['call-failed', 'CallFailed', ['call']],
  ['audit-left', 'AuditLeft', ['audit']],
  ['audit-mended', 'AuditMended', ['audit']],
  ['wakes-lost', 'WakeLost', ['enrol', 'send', 'call', 'track', 'respond', 'review', 'walk']],
])('%s looks at what functions count as %s', (name, metric, services) => {
  const alarms = resourcesOf(templates, 'AWS::CloudWatch::Alarm');
  const alarm = alarms.find(({ Properties }) => Properties.AlarmName === `tropa-test-${name}`);
  const asked = alarm?.Properties.Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: object } }) =>
    MetricStat ? [MetricStat.Metric] : [],
  );
  expect(asked).toEqual(
    services.map((Value) => ({
      Namespace: 'Tropa/test',
      MetricName: metric,
      Dimensions: [{ Name: 'service', Value }],
    })),
  );
});

test('alarms of this account, and nobody else, may speak to the alarm topic', () => {
  const [policy, ...others] = resourcesOf(templates, 'AWS::SNS::TopicPolicy');
  expect(others).toEqual([]);
  expect(
    policy?.Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow'),
  ).toMatchObject([
    {
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: policy?.Properties.Topics[0],
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
});

test('every queue keeps its messages for two weeks, encrypted, and is closed to plain HTTP', () => {
  const queues = resourcesOf(templates, 'AWS::SQS::Queue');
  const closed = resourcesOf(templates, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) => Properties.Queues);
  for (const { id, Properties } of queues) {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
    expect(closed).toContainEqual({ Ref: id });
  }
});

test('runs are kept for browsers only where the settings say so, and for no other function', () => {
  const kept = (from: typeof templates) =>
    resourcesOf(from, 'AWS::Lambda::Function').flatMap(
      ({ Properties: { FunctionName, ReservedConcurrentExecutions } }) =>
        ReservedConcurrentExecutions === undefined ? [] : [[FunctionName, ReservedConcurrentExecutions]],
    );
  expect(kept(templates)).toEqual([]);
  expect(kept(synthesize({ collectConcurrency: 20 }).templates)).toEqual([['tropa-test-collect', 20]]);
});

test('a stage says how much its API takes, and how many runs work its queues off', () => {
  const { templates: busy } = synthesize({ requestsPerSecond: 10_000, concurrency: { enrol: 500 } });
  const [api] = resourcesOf(busy, 'AWS::ApiGatewayV2::Stage');
  expect(api?.Properties.DefaultRouteSettings).toMatchObject({
    ThrottlingRateLimit: 10_000,
    ThrottlingBurstLimit: 5000,
  });
  const runs = (from: typeof templates) =>
    resourcesOf(from, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, Properties }) =>
      id.includes('EnrolQueue') ? [Properties.ScalingConfig.MaximumConcurrency] : [],
    );
  expect([runs(templates), runs(busy)]).toEqual([[50], [500]]);
});

test('an alarm rings when the API refuses more than it takes', () => {
  const [filter] = resourcesOf(templates, 'AWS::Logs::MetricFilter');
  expect(filter?.Properties.FilterPattern).toBe('{ $.status = "429" }');
  const alarms = resourcesOf(templates, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
  const [alarm] = alarms.filter(({ AlarmName }) => AlarmName === 'tropa-test-api-refused');
  expect(alarm?.MetricName).toBe(filter?.Properties.MetricTransformations[0].MetricName);
});

test('the README counts what is paid for at rest: alarms, their metrics, and queues that are asked', () => {
  const { templates: atRest } = synthesize({ storefronts: {} });
  const alarms = resourcesOf(atRest, 'AWS::CloudWatch::Alarm');
  // An alarm on what is reckoned from several metrics is paid for by each.
  const metrics = alarms.flatMap(({ Properties }) =>
    (Properties.Metrics ?? [{ MetricStat: {} }]).filter((m: object) => 'MetricStat' in m),
  );
  const asked = resourcesOf(atRest, 'AWS::Lambda::EventSourceMapping').filter((m) => !m.Properties.StartingPosition);
  const readme = readFileSync(`${ROOT}infra/README.md`, 'utf8');
  expect(readme).toContain(`| ${alarms.length} alarms on ${metrics.length} metrics,`);
  expect(readme).toContain(`asking ${asked.length} queues,`);
});

test('an archive is kept only where the settings ask for one', () => {
  expect(resourcesOf(templates, 'AWS::Events::Archive')).toEqual([]);
  const [archive] = resourcesOf(synthesize({ archiveDays: 14 }).templates, 'AWS::Events::Archive');
  expect(archive?.Properties).toMatchObject({ RetentionDays: 14, EventPattern: { source: ['tropa'] } });
});
