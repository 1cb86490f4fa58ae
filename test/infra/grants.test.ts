import { expect, test } from 'vitest';
import { FUNCTION_NAMES, type FunctionName, QUEUES } from '#functions/wiring.ts';
import { GRANTS, type Grant, PARTITIONS } from '#infra/grants.ts';
import { type Resource, resourcesOf, synthesize, targetOf } from './synthesized.ts';

const { templates } = synthesize();
const policies = resourcesOf(templates, 'AWS::IAM::Policy');
const functions = resourcesOf(templates, 'AWS::Lambda::Function');

type Statement = { Action: string | string[]; Resource: unknown; Condition?: Record<string, Record<string, string[]>> };

function statementsOf(name: FunctionName): Statement[] {
  const { stack, Properties } = functions.find(
    (each) => each.Properties.FunctionName === `tropa-test-${name}`,
  ) as Resource;
  const role = targetOf(Properties.Role);
  return policies
    .filter(
      (policy) => policy.stack === stack && policy.Properties.Roles.some((each: object) => targetOf(each) === role),
    )
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

const actionsOf = (statement: Statement) => [statement.Action].flat();
const mayCall = (name: FunctionName, action: string) =>
  statementsOf(name).filter((statement) => actionsOf(statement).includes(action));
const who = (action: string) => FUNCTION_NAMES.filter((name) => mayCall(name, action).length > 0);
const consumers = Object.values(QUEUES).map(({ consumer }) => consumer);
const granted = (has: (grant: Grant) => unknown) => FUNCTION_NAMES.filter((name) => has(GRANTS[name]));

test('the partitions are those of keys.ts', () => {
  expect(PARTITIONS).toEqual({
    contacts: 'C#*',
    receipts: 'R#*',
    parked: 'P#*',
    identities: 'I#*',
    suppressions: 'X#*',
    versions: 'V#*',
    catalogue: 'CATALOGUE',
    counters: 'K#*',
    entries: 'N#*',
    codes: 'U#*',
    rates: 'RATE#*',
    receptions: 'H#*',
    habits: 'B#*',
    walks: 'WALK#*',
    told: 'TOLD#*',
    sweeps: 'SWEEP#*',
    privacy: 'Y#*',
    audit: 'AUDIT',
  });
});

test('every function has a role of its own', () => {
  const roles = functions.map(({ stack, Properties }) => `${stack}/${targetOf(Properties.Role)}`);
  expect(new Set(roles).size).toBe(FUNCTION_NAMES.length);
});

test.each(FUNCTION_NAMES)('%s has no action with a wildcard, and no resource that is all', (name) => {
  for (const statement of statementsOf(name)) {
    expect(actionsOf(statement).filter((action) => action.includes('*'))).toEqual([]);
    // Of the account as a whole: SES has no ARN for it.
    if (actionsOf(statement).join() === 'ses:GetAccount') continue;
    expect([statement.Resource].flat()).not.toContain('*');
  }
});

test.each(FUNCTION_NAMES)('%s reads and writes the partitions of its row, and no others', (name) => {
  const { read = [], write = [], check = [] }: Grant = GRANTS[name];
  const reached = (action: string) =>
    mayCall(name, action).flatMap(({ Condition }) => Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
  const expected = (partitions: Grant['read'] = []) => partitions.map((each) => PARTITIONS[each]).sort();
  expect(reached('dynamodb:GetItem').sort()).toEqual(expected(read));
  expect(reached('dynamodb:BatchGetItem').sort()).toEqual(expected(read));
  for (const action of ['PutItem', 'UpdateItem', 'DeleteItem']) {
    expect(reached(`dynamodb:${action}`).sort()).toEqual(expected(write));
  }
  expect(reached('dynamodb:ConditionCheckItem').sort()).toEqual(expected([...write, ...check]));
});

test.each([
  ['ses:SendEmail', granted(({ mail }) => mail)],
  ['ses:GetAccount', ['review']],
  ['events:PutEvents', granted(({ bus }) => bus)],
  ['sqs:SendMessage', [...granted(({ queues }) => queues), ...consumers, 'tally']],
  ['states:StartExecution', granted(({ executions }) => executions?.includes('start'))],
  ['states:SendTaskSuccess', granted(({ executions }) => executions?.includes('answer'))],
  ['secretsmanager:GetSecretValue', granted(({ secrets }) => secrets)],
  ['s3:GetObject', granted(({ bucket }) => bucket?.read)],
  ['s3:PutObject', granted(({ bucket }) => bucket?.write)],
  ['dynamodb:GetRecords', ['tally']],
  ['dynamodb:ListStreams', ['tally']],
  ['dynamodb:Scan', []],
  ['dynamodb:DeleteTable', []],
])('%s is allowed to those whose row says so', (action, names) => {
  expect(who(action)).toEqual(FUNCTION_NAMES.filter((name) => names.includes(name)));
});

test('publish cannot overwrite what marketers upload, and send and respond see only what templates were made into', () => {
  const keys = (name: FunctionName, action: string) =>
    mayCall(name, action).flatMap(({ Resource }) => [Resource].flat().map((each) => JSON.stringify(each)));
  for (const key of keys('publish', 's3:PutObject')) expect(key).toMatch(/\/(published|reports)\/\*/);
  for (const name of ['send', 'respond'] as const)
    for (const key of keys(name, 's3:GetObject')) expect(key).toMatch(/\/published\/templates\/\*/);
});

test('who is reached by the public cannot read what storefronts are asked with, nor the other way round', () => {
  const names = (name: FunctionName) =>
    mayCall(name, 'secretsmanager:GetSecretValue').flatMap(({ Resource }) =>
      [Resource].flat().map((each) => /tropa-test-[^"]*/.exec(JSON.stringify(each))?.[0]),
    );
  // Of a name with more behind it, six characters do not reach the end.
  expect(names('ingest')).toContain('tropa-test-source-shopify-??????');
  expect(names('catchup')).toEqual([
    'tropa-test-source-shopify-api-??????',
    'tropa-test-source-woocommerce-api-??????',
  ]);
});

test('publish puts on the bus what became of files, and no event of a contact', () => {
  const [statement, ...more] = mayCall('publish', 'events:PutEvents');
  expect(more).toEqual([]);
  expect(statement?.Condition).toEqual({ 'ForAllValues:StringEquals': { 'events:source': ['tropa.publish'] } });
});

test('mail leaves from the identity and the configuration set of the stage alone', () => {
  const [statement] = mayCall('send', 'ses:SendEmail');
  const arns = JSON.stringify(statement?.Resource);
  expect([statement?.Resource].flat()).toHaveLength(2);
  expect(arns).toContain('configuration-set/tropa-test-mail');
  expect(arns).toContain(':identity/');
});
