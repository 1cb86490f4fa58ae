import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionName, QueueName } from '#functions/wiring.ts';
import { explain } from '#infra/constructs/explain.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { GRANTS, type Grant, PARTITIONS, type Partitions } from '#infra/grants.ts';
import { STOREFRONT_NAMES, tokenOf } from '#shared/catchup/settings.ts';
import { SOURCE_NAMES } from '#shared/source/sources.ts';

/** A bucket's ARN, and the name that it is exported by: cdk-nag speaks of the ARN by that name. */
export type ExportedBucket = { readonly arn: string; readonly exportName: string };

/** Where the rights of grants.ts lead to. A function's stack brings what its row needs. */
export type Resources = {
  readonly table?: Table;
  readonly bus?: EventBus;
  readonly queues?: Partial<Record<QueueName, Queue>>;
  readonly stateMachineArn?: string;
  readonly secrets?: Readonly<Record<'webhook' | 'link', Secret>>;
  /** What the names of endpoints' secrets begin with. */
  readonly endpointSecrets?: string;
  /** What the names of the storefronts' secrets begin with. */
  readonly sourceSecrets?: string;
  readonly bucket?: ExportedBucket;
  /** ARNs of the sending identity and the configuration set. */
  readonly mail?: readonly [string, string];
};

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const CHECK = 'dynamodb:ConditionCheckItem';
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', CHECK];

const leading = (partitions: readonly Partitions[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions.map((name) => PARTITIONS[name]) },
});

/** Gives a function the rights of its row in grants.ts. Throws when a resource that the row speaks of is not brought. */
export function grant(to: TropaFunction<FunctionName>, resources: Resources): void {
  const row: Grant = GRANTS[to.functionName];
  const need = <Key extends keyof Resources>(key: Key): NonNullable<Resources[Key]> => {
    const resource = resources[key];
    if (!resource) throw new Error(`${to.functionName} needs the ${key} by grants.ts`);
    return resource;
  };
  if (row.read) to.allow(READ, [need('table').tableArn], leading(row.read));
  if (row.write) to.allow(WRITE, [need('table').tableArn], leading(row.write));
  if (row.check) to.allow([CHECK], [need('table').tableArn], leading(row.check));
  for (const index of row.indexes ?? []) to.allow(['dynamodb:Query'], [`${need('table').tableArn}/index/${index}`]);
  if (row.bus) {
    const of = row.bus === true ? undefined : { 'ForAllValues:StringEquals': { 'events:source': [row.bus] } };
    to.allow(['events:PutEvents'], [need('bus').eventBusArn], of);
  }
  if (row.queues)
    to.allow(
      ['sqs:SendMessage'],
      row.queues.map((name) => queueArn(need('queues'), name)),
    );
  if (row.executions) grantExecutions(to, row.executions, need('stateMachineArn'));
  for (const name of row.secrets ?? []) {
    if (name === 'endpoints') grantSecrets(to, need('endpointSecrets'));
    else if (name === 'sources')
      grantNamedSecrets(
        to,
        SOURCE_NAMES.map((source) => `${need('sourceSecrets')}${source}`),
      );
    else if (name === 'tokens')
      grantNamedSecrets(
        to,
        STOREFRONT_NAMES.map((source) => tokenOf(need('sourceSecrets'), source)),
      );
    else to.allow(['secretsmanager:GetSecretValue'], [need('secrets')[name].secretArn]);
  }
  if (row.bucket) grantBucket(to, row.bucket, need('bucket'));
  if (row.account) grantAccount(to);
  if (row.mail) to.allow(['ses:SendEmail'], need('mail'));
}

/** Of the account as a whole: SES knows no resource for it. */
function grantAccount(to: TropaFunction<FunctionName>): void {
  to.allow(['ses:GetAccount'], ['*']);
  explain(
    to.role,
    'AwsSolutions-IAM5[Resource::*]',
    'ses:GetAccount reads the quota of the account, which has no ARN.',
  );
}

function queueArn(queues: Partial<Record<QueueName, Queue>>, name: QueueName): string {
  const queue = queues[name];
  if (!queue) throw new Error(`the queue ${name} is granted and not there`);
  return queue.queueArn;
}

const WHY_ENDPOINTS =
  'Which systems are called is up to the shop; the prefix is what its endpoints are signed with, and nothing else.';

/** The shop stores them itself, so that no stack knows their ARNs: only what their names begin with. */
function grantSecrets(to: TropaFunction<FunctionName>, prefix: string): void {
  to.allow(['secretsmanager:GetSecretValue'], [secretArn(to, `${prefix}*`)]);
  explain(
    to.role,
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}*]`,
    WHY_ENDPOINTS,
  );
}

/** The same where the names are known: six characters that AWS makes up stand behind each. */
const grantNamedSecrets = (to: TropaFunction<FunctionName>, names: readonly string[]): void =>
  to.allow(
    ['secretsmanager:GetSecretValue'],
    names.map((name) => secretArn(to, `${name}-??????`)),
  );

const secretArn = (to: TropaFunction<FunctionName>, resourceName: string): string =>
  Stack.of(to).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

function grantExecutions(to: TropaFunction<FunctionName>, calls: readonly ('start' | 'answer')[], arn: string): void {
  if (calls.includes('start')) to.allow(['states:StartExecution'], [arn]);
  if (calls.includes('answer')) to.allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [arn]);
}

/** A prefix ends with a slash; anything else is one whole key. */
function grantBucket(
  to: TropaFunction<FunctionName>,
  keys: NonNullable<Grant['bucket']>,
  bucket: ExportedBucket,
): void {
  const objects = (names: readonly string[]) =>
    names.map((name) => `${bucket.arn}/${name}${name.endsWith('/') ? '*' : ''}`);
  if (keys.read) {
    to.allow(['s3:GetObject', 's3:GetObjectVersion'], objects(keys.read));
    // Without it a missing object is answered with 403 instead of 404, and nobody could tell the two apart.
    to.allow(['s3:ListBucket'], [bucket.arn]);
  }
  if (keys.write) to.allow(['s3:PutObject'], objects(keys.write));
  for (const name of [...(keys.read ?? []), ...(keys.write ?? [])]) {
    if (!name.endsWith('/')) continue;
    const finding = `AwsSolutions-IAM5[Resource::${bucket.exportName}/${name}*]` as const;
    explain(
      to.role,
      finding,
      'What marketers call their files is up to them; the prefix is what the function works on.',
    );
  }
}
