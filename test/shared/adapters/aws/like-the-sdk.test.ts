import { DynamoDBClient, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { type ApiOptions, AwsApi } from '#shared/adapters/aws/api.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { EventBridgeBus } from '#shared/adapters/aws/bus.ts';
import { DeadLetters } from '#shared/adapters/aws/dead-letters.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { SesMailer } from '#shared/adapters/aws/mailer.ts';
import { SqsQueue } from '#shared/adapters/aws/queue.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { signedHeaders } from '#shared/adapters/aws/signature.ts';
import { CREDENTIALS, type Seen, standIn } from './stand-in.ts';

/** The AWS SDK is the witness: for the same wish its clients must put the same request on the wire as ours. */

type Config = { endpoint: string; region: string; credentials: typeof CREDENTIALS; maxAttempts: number };
type Client = { send(command: never): Promise<unknown> };

const mail = { from: 'a@shop.example', to: 'b@c.example', subject: 's', html: 'h', text: 't', tags: { a: 'b' } };
const key = { pk: { S: 'C#1' }, sk: { S: 'PROFILE' } };
const update = {
  TableName: 'tropa',
  Key: key,
  UpdateExpression: 'SET #n0 = :v0',
  ExpressionAttributeNames: { '#n0': 'rev' },
  ExpressionAttributeValues: { ':v0': { N: '7' }, ':v1': { L: [{ NULL: true as const }, { BOOL: false }] } },
};
const changed = { ...update, ReturnValues: 'ALL_NEW' as const };
const transaction = { TransactItems: [{ Update: update }], ClientRequestToken: 'token' };
const text = (Data: string) => ({ Data, Charset: 'UTF-8' });

const WISHES: [string, (options: ApiOptions) => Promise<unknown>, new (config: Config) => Client, object][] = [
  [
    'PutEvents',
    (o) => new EventBridgeBus('shop', jsonApi('events', o)).put([{ source: 's', detailType: 't', detail: { ł: 1 } }]),
    EventBridgeClient,
    new PutEventsCommand({ Entries: [{ EventBusName: 'shop', Source: 's', DetailType: 't', Detail: '{"ł":1}' }] }),
  ],
  [
    'SendMessageBatch',
    (o) => new SqsQueue('https://sqs/1/q', jsonApi('sqs', o)).send([{ n: 1 }], { delaySeconds: 60 }),
    SQSClient,
    new SendMessageBatchCommand({
      QueueUrl: 'https://sqs/1/q',
      Entries: [{ Id: '0', MessageBody: '{"n":1}', DelaySeconds: 60 }],
    }),
  ],
  [
    'SendMessage',
    (o) => new DeadLetters(jsonApi('sqs', o)).keep({ eventSourceARN: 'arn:aws:sqs:eu-x:1:q', body: 'b' }, 'why'),
    SQSClient,
    new SendMessageCommand({
      QueueUrl: 'https://sqs.eu-x.amazonaws.com/1/q-dead',
      MessageBody: 'b',
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'why' } },
    }),
  ],
  [
    'StartExecution',
    (o) => new SfnExecutions('arn:machine', jsonApi('states', o)).start('name', { n: 1 }),
    SFNClient,
    new StartExecutionCommand({ stateMachineArn: 'arn:machine', name: 'name', input: '{"n":1}' }),
  ],
  [
    'SendTaskSuccess',
    (o) => new SfnExecutions('arn:machine', jsonApi('states', o)).succeed('token', {}),
    SFNClient,
    new SendTaskSuccessCommand({ taskToken: 'token', output: '{}' }),
  ],
  [
    'SendTaskFailure',
    (o) => new SfnExecutions('arn:machine', jsonApi('states', o)).fail('token', 'Finished', 'over'),
    SFNClient,
    new SendTaskFailureCommand({ taskToken: 'token', error: 'Finished', cause: 'over' }),
  ],
  [
    'GetSecretValue',
    (o) => new ManagedSecrets(jsonApi('secretsmanager', o)).get('link'),
    SecretsManagerClient,
    new GetSecretValueCommand({ SecretId: 'link', VersionStage: 'AWSCURRENT' }),
  ],
  [
    'SendEmail',
    (o) => new SesMailer('set', new AwsApi('email', o)).send({ ...mail, headers: [{ name: 'X-A', value: 'b' }] }),
    SESv2Client,
    new SendEmailCommand({
      FromEmailAddress: 'a@shop.example',
      Destination: { ToAddresses: ['b@c.example'] },
      ConfigurationSetName: 'set',
      EmailTags: [{ Name: 'a', Value: 'b' }],
      Content: {
        Simple: {
          Subject: text('s'),
          Body: { Html: text('h'), Text: text('t') },
          Headers: [{ Name: 'X-A', Value: 'b' }],
        },
      },
    }),
  ],
  [
    'GetObject',
    (o) => new S3Bucket('shop', new AwsApi('s3', o)).get("journeys/zu früh (1)+'&=.json", 'v 1'),
    S3Client,
    new GetObjectCommand({ Bucket: 'shop', Key: "journeys/zu früh (1)+'&=.json", VersionId: 'v 1' }),
  ],
  [
    'PutObject',
    (o) => new S3Bucket('shop', new AwsApi('s3', o)).put('reports/a.txt', 'ł', 'text/plain'),
    S3Client,
    new PutObjectCommand({ Bucket: 'shop', Key: 'reports/a.txt', Body: 'ł', ContentType: 'text/plain' }),
  ],
  [
    'ListObjectsV2',
    (o) => new S3Bucket('shop', new AwsApi('s3', o)).list('templates/ä'),
    S3Client,
    new ListObjectsV2Command({ Bucket: 'shop', Prefix: 'templates/ä', EncodingType: 'url' }),
  ],
  ['UpdateItem', (o) => dynamoApi(o)('UpdateItem', changed), DynamoDBClient, new UpdateItemCommand(changed)],
  [
    'TransactWriteItems',
    (o) => dynamoApi(o)('TransactWriteItems', transaction),
    DynamoDBClient,
    new TransactWriteItemsCommand(transaction),
  ],
];

/** What the SDK says besides: its own name for an operation of S3, and the bucket in the path where the host is a number. */
const meaning = ({ method, path, query: { 'x-id': _, ...query }, headers, body, input }: Seen) => ({
  method,
  path: path.replace(/^\/shop\//, '/'),
  query,
  body: input ?? body,
  target: headers['x-amz-target'],
  type: body && headers['content-type'],
});

test.each(WISHES)('%s is asked for in the words of the SDK', async (_, ours, Sdk, command) => {
  const aws = await standIn(() => ({ body: {} }));
  await ours(aws.options).catch(() => {});
  const [mine] = aws.seen.splice(0);
  const client = new Sdk({
    endpoint: aws.endpoint,
    region: aws.options.region,
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  await client.send(command as never).catch(() => {});
  const [theirs] = aws.seen;
  expect(meaning(mine as Seen)).toEqual(meaning(theirs as Seen));
});

test.each(WISHES)('the signature that the SDK puts on %s is the one that we would', async (_, _ours, Sdk, command) => {
  const aws = await standIn(() => ({ body: {} }));
  const { endpoint, options } = aws;
  const client = new Sdk({ endpoint, region: options.region, credentials: CREDENTIALS, maxAttempts: 1 });
  await client.send(command as never).catch(() => {});
  const { method, target, headers, body } = aws.seen[0] as Seen;
  const authorization = String(headers['authorization']);
  const [, service = ''] = /\/eu-central-1\/([^/]+)\//.exec(authorization) ?? [];
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const signed = names.split(';').map((name) => [name, String(headers[name])]);
  const [path = '', query = ''] = target.split('?');
  const time = String(headers['x-amz-date']).replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const ours = signedHeaders(
    {
      method: method as 'GET',
      path,
      query: query.split('&').sort().join('&'),
      headers: Object.fromEntries(signed),
      body,
    },
    { service, region: 'eu-central-1', credentials: CREDENTIALS, now: time },
  );
  expect(ours['authorization']).toBe(authorization);
});
