import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ENVIRONMENTS } from '#functions/environment.ts';
import {
  deadLetterWirings,
  FUNCTION_NAMES,
  QUEUES,
  REVIEW_PARTS,
  ROUTES,
  ruleWirings,
  SCHEDULES,
  STATE_MACHINE_TOKENS,
  STREAM,
} from '#functions/wiring.ts';
import { deadLettersOf } from '#shared/dead-letters.ts';
import { stageFactsSchema, stageParameter } from '#shared/stage-facts.ts';
import { TABLE } from '#shared/store/keys.ts';
import { type Resource, resourcesOf, synthesize, targetOf, textOf } from './synthesized.ts';

/** What is deployed is what the code says: the stacks against keys.ts, environment.ts, wiring.ts and the ASL file. */

const { templates } = synthesize();
const all = (type: string) => resourcesOf(templates, type);
const functions = all('AWS::Lambda::Function');
const queues = all('AWS::SQS::Queue');
const mappings = all('AWS::Lambda::EventSourceMapping');
const rules = all('AWS::Events::Rule');

const named = (name: string) => `tropa-test-${name}`;
const byId = (resources: Resource[], token: object, stack: string) =>
  resources.find((resource) => resource.stack === stack && resource.id === targetOf(token));
const functionName = (token: object, stack: string) => byId(functions, token, stack)?.Properties.FunctionName;
const queueName = (token: object, stack: string) => byId(queues, token, stack)?.Properties.QueueName;

test("the table has the keys, the time to live and the indexes of keys.ts, and no other attribute's definition", () => {
  const [table, ...others] = all('AWS::DynamoDB::Table');
  const schema = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
  expect(others).toEqual([]);
  expect(table?.Properties.KeySchema).toEqual(schema(TABLE.partitionKey, TABLE.sortKey));
  expect(table?.Properties.TimeToLiveSpecification).toEqual({ AttributeName: TABLE.ttl, Enabled: true });
  expect(table?.Properties.GlobalSecondaryIndexes).toEqual(
    Object.entries(TABLE.indexes).map(([IndexName, { partitionKey, sortKey }]) => ({
      IndexName,
      KeySchema: schema(partitionKey, sortKey),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  );
  const indexed = Object.values(TABLE.indexes).flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  const defined = table?.Properties.AttributeDefinitions.map((each: { AttributeName: string }) => each.AttributeName);
  expect(new Set(defined)).toEqual(new Set([TABLE.partitionKey, TABLE.sortKey, ...indexed]));
});

test('every function of the wiring is deployed once, and nothing else is', () => {
  const deployed = functions.map(({ Properties }) => Properties.FunctionName);
  expect(deployed.sort()).toEqual(FUNCTION_NAMES.map(named).sort());
});

test.each(FUNCTION_NAMES)('the environment of %s is the one that its schema asks for', (name) => {
  const deployed = functions.find(({ Properties }) => Properties.FunctionName === named(name));
  const variables: Record<string, unknown> = deployed?.Properties.Environment.Variables;
  expect(Object.keys(variables).sort()).toEqual(Object.keys(ENVIRONMENTS[name].shape).sort());
  const resolved = Object.entries(variables).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : 'https://known.after.deployment',
  ]);
  expect(ENVIRONMENTS[name].safeParse(Object.fromEntries(resolved)).error).toBeUndefined();
});

test.each(Object.values(QUEUES))('the queue $name and its consumer are wired', (wiring) => {
  const queue = queues.find(({ Properties }) => Properties.QueueName === named(wiring.name));
  expect(queue?.Properties.VisibilityTimeout).toBe(wiring.visibility);
  const { deadLetterTargetArn, maxReceiveCount } = queue?.Properties.RedrivePolicy ?? {};
  expect(maxReceiveCount).toBe(wiring.receives);
  expect(queueName(deadLetterTargetArn, queue?.stack ?? '')).toBe(named(`${wiring.name}-dead`));
  const fed = mappings.filter(({ stack, Properties }) => byId(queues, Properties.EventSourceArn, stack) === queue);
  expect(fed).toHaveLength(1);
  expect(fed[0]?.Properties).toMatchObject({
    BatchSize: wiring.batch,
    ScalingConfig: { MaximumConcurrency: wiring.maxConcurrency },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  expect(functionName(fed[0]?.Properties.FunctionName, fed[0]?.stack ?? '')).toBe(named(wiring.consumer));
});

test.each(Object.values(QUEUES))(
  'a message of $name is hidden for six times as long as its consumer may run',
  (wiring) => {
    const consumer = functions.find(({ Properties }) => Properties.FunctionName === named(wiring.consumer));
    expect(wiring.visibility).toBeGreaterThanOrEqual(6 * consumer?.Properties.Timeout);
  },
);

test.each(Object.values(QUEUES))(
  'a message of $name outlives an hour of a bad deployment',
  ({ receives, visibility }) => {
    expect(receives * visibility).toBeGreaterThan(70 * 60);
  },
);

test('the stream feeds its consumer with the kinds of rows that the wiring names', () => {
  const streams = mappings.filter(({ Properties }) => Properties.StartingPosition !== undefined);
  expect(mappings).toHaveLength(Object.keys(QUEUES).length + 1);
  expect(streams).toHaveLength(1);
  const { Properties, stack } = streams[0] as Resource;
  expect(functionName(Properties.FunctionName, stack)).toBe(named(STREAM.consumer));
  expect(Properties).toMatchObject({
    BatchSize: STREAM.batch,
    MaximumBatchingWindowInSeconds: STREAM.windowSeconds,
    TumblingWindowInSeconds: 900,
    ParallelizationFactor: 1,
    BisectBatchOnFunctionError: true,
  });
  type Pattern = { dynamodb: { Keys: { pk: { S: [{ prefix: string }] }; sk: { S: { prefix: string }[] } } } };
  const filters: Pattern[] = Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
    JSON.parse(Pattern),
  );
  // More than that Lambda does not take.
  expect(filters.length).toBeLessThanOrEqual(5);
  const kinds = filters.flatMap(({ dynamodb: { Keys } }) =>
    Keys.sk.S.map(({ prefix: sk }) => ({ pk: Keys.pk.S[0].prefix, sk })),
  );
  expect(kinds).toEqual(STREAM.keys.map(({ pk, sk }) => ({ pk, sk })));
});

/** What is known at deployment only is one word here. */
const resolved = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const isToken = entries.length === 1 && (entries[0]?.[0] === 'Ref' || entries[0]?.[0].startsWith('Fn::'));
  return isToken ? 'later' : Object.fromEntries(entries.map(([key, inner]) => [key, resolved(inner)]));
};

const wirings = ruleWirings({ configurationSet: named('mail'), bucket: 'later', stateMachineArn: 'later' });

test.each(Object.entries(wirings))(
  'the rule %s listens as wired and feeds its queue, with a place for what it could not deliver',
  (name, wiring) => {
    const rule = rules.find(({ Properties }) => Properties.Name === named(name));
    expect(resolved(rule?.Properties.EventPattern)).toEqual(wiring.pattern);
    expect(rule?.Properties.EventBusName !== undefined).toBe(wiring.bus === 'tropa');
    const [target, ...others] = rule?.Properties.Targets ?? [];
    expect(others).toEqual([]);
    expect(queueName(target.Arn, rule?.stack ?? '')).toBe(named(QUEUES[wiring.queue].name));
    expect(queueName(target.DeadLetterConfig.Arn, rule?.stack ?? '')).toBe(named(`${name}-rule-dead`));
    expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
  },
);

test('redrive knows every place where letters end', () => {
  const places = all('AWS::SQS::Queue').map(({ Properties }) => Properties.QueueName);
  const dead = places.filter((name) => String(name).endsWith('-dead'));
  expect(dead.sort()).toEqual([...deadLetterWirings().keys()].map((name) => deadLettersOf(named(name))).sort());
});

test('what runs on the clock runs as often as wired, and there are no other rules', () => {
  const clocks = rules.filter(({ Properties }) => Properties.ScheduleExpression !== undefined);
  expect(rules).toHaveLength(Object.keys(wirings).length + Object.keys(SCHEDULES).length);
  const deployed = clocks.map(({ Properties, stack }) => [
    functionName(Properties.Targets[0].Arn, stack),
    Properties.ScheduleExpression,
  ]);
  const wired = Object.entries(SCHEDULES).map(([name, minutes]) => [
    named(name),
    `rate(${minutes} minute${minutes > 1 ? 's' : ''})`,
  ]);
  expect(Object.fromEntries(deployed)).toEqual(Object.fromEntries(wired));
});

test('the clock calls review once for each part of what is due', () => {
  const [clock] = rules.filter(({ Properties }) => Properties.Name === named('review-clock'));
  const inputs = clock?.Properties.Targets.map(({ Input }: { Input: string }) => JSON.parse(Input));
  expect(inputs).toEqual(Array.from({ length: REVIEW_PARTS }, (_, part) => ({ part, of: REVIEW_PARTS })));
});

test('the API has the routes of the wiring, each to its function', () => {
  const integrations = all('AWS::ApiGatewayV2::Integration');
  const deployed = all('AWS::ApiGatewayV2::Route').map(({ Properties, stack }) => {
    const integration = byId(integrations, { Ref: Properties.Target['Fn::Join'][1][1].Ref }, stack);
    return [Properties.RouteKey, functionName(integration?.Properties.IntegrationUri, stack)];
  });
  expect(deployed.sort()).toEqual(
    ROUTES.map(({ method, path, function: name }) => [`${method} ${path}`, named(name)]).sort(),
  );
});

test('every token of the state machine is replaced by the function that the wiring names', () => {
  const [machine] = all('AWS::StepFunctions::StateMachine');
  const file = readFileSync(new URL('../../statemachines/journey.asl.json', import.meta.url), 'utf-8');
  const tokens = new Set([...file.matchAll(/\$\{(\w+)\}/g)].map(([, token]) => token));
  const substitutions = Object.entries<object>(machine?.Properties.DefinitionSubstitutions);
  expect(machine?.Properties.DefinitionString).toBe(file);
  expect(tokens).toEqual(new Set(Object.keys(STATE_MACHINE_TOKENS)));
  expect(
    Object.fromEntries(substitutions.map(([token, arn]) => [token, functionName(arn, machine?.stack ?? '')])),
  ).toEqual(Object.fromEntries(Object.entries(STATE_MACHINE_TOKENS).map(([token, name]) => [token, named(name)])));
});

/** SES names an event in one way in its settings and in another on the bus. */
const DETAIL_TYPES: Record<string, string> = {
  send: 'Email Sent',
  delivery: 'Email Delivered',
  open: 'Email Opened',
  click: 'Email Clicked',
  bounce: 'Email Bounced',
  complaint: 'Email Complaint Received',
  reject: 'Email Rejected',
  renderingFailure: 'Email Rendering Failed',
  deliveryDelay: 'Email Delivery Delayed',
};

test('SES tells just what the mail rule lets through', () => {
  const [destination] = all('AWS::SES::ConfigurationSetEventDestination');
  const told: string[] = destination?.Properties.EventDestination.MatchingEventTypes;
  expect(told.map((type) => DETAIL_TYPES[type]).sort()).toEqual([...wirings.mail.pattern['detail-type']].sort());
});

test('the parameter of the stage says to the command line where table, bucket and queues lie', () => {
  const [parameter, ...others] = all('AWS::SSM::Parameter');
  expect(others).toEqual([]);
  expect(parameter?.Properties.Name).toBe(stageParameter('test'));
  const facts = stageFactsSchema.parse(JSON.parse(textOf(parameter?.Properties.Value)));
  expect(facts.table).toMatch(/ExportsOutput.*Table/);
  expect(facts.bucket).toMatch(/ExportsOutput.*Bucket/);
  expect(facts.queues).toMatch(/^https:\/\/sqs\..*\/tropa-test-$/);
  expect(facts.bus).toMatch(/ExportsOutput.*Bus|tropa-test-events/);
});
