import type { APIGatewayProxyEventV2, Context, ScheduledEvent, SQSEvent } from 'aws-lambda';

/** Events as AWS hands them to functions; what no function looks at is there all the same. */

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';

/** An entry of a bus as a rule puts it on a queue: whole. */
export const envelope = (source: string, detailType: string, detail: object) => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': detailType,
  source,
  account: ACCOUNT,
  time: '2026-11-22T10:00:00Z',
  region: REGION,
  resources: [],
  detail,
});

export const sqsEvent = (queue: string, ...bodies: object[]): SQSEvent => ({
  Records: bodies.map((body, n) => ({
    messageId: `message-${n}`,
    receiptHandle: 'AQEB',
    body: JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1795341600000',
      SenderId: 'AIDA',
      ApproximateFirstReceiveTimestamp: '1795341600001',
    },
    messageAttributes: {},
    md5OfBody: '7b270e59b47ff90a553787216d55d91d',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:tropa-test-${queue}`,
    awsRegion: REGION,
  })),
});

export const httpRequest = (
  method: string,
  path: string,
  more: Pick<APIGatewayProxyEventV2, 'pathParameters'> & { headers?: Record<string, string>; body?: string },
): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: `${method} ${path}`,
  rawPath: path,
  rawQueryString: '',
  headers: { 'content-type': 'application/json', ...more.headers },
  requestContext: {
    accountId: ACCOUNT,
    apiId: 'api',
    domainName: `api.execute-api.${REGION}.amazonaws.com`,
    domainPrefix: 'api',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'shop' },
    requestId: 'request',
    routeKey: `${method} ${path}`,
    stage: '$default',
    time: '22/Nov/2026:10:00:00 +0000',
    timeEpoch: 1_795_341_600_000,
  },
  ...more,
  isBase64Encoded: false,
});

export const scheduledEvent: ScheduledEvent = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT,
  time: '2026-11-22T10:00:00Z',
  region: REGION,
  resources: [`arn:aws:events:${REGION}:${ACCOUNT}:rule/tropa-test-review-clock`],
  detail: {},
};

/** The part of Lambda's context that a handler reads. */
export const lambdaContext = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 } as Context;

export const upload = (key: string, sequencer: string) =>
  envelope('aws.s3', 'Object Created', {
    version: '0',
    bucket: { name: 'tropa-test-bucket' },
    object: { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', 'version-id': 'v1', sequencer },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: ACCOUNT,
    reason: 'PutObject',
  });

export const sesEvent = (eventType: string, tags: Record<string, string>) =>
  envelope('aws.ses', `Email ${eventType}ed`, {
    eventType,
    mail: {
      timestamp: '2026-11-22T10:00:01.000Z',
      source: 'hello@shop.example',
      messageId: 'ses-1',
      destination: ['ada@mail.example'],
      tags: {
        'ses:configuration-set': ['tropa-test-mail'],
        ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
      },
    },
    [eventType.toLowerCase()]: { timestamp: '2026-11-22T10:05:00.000Z', link: 'https://shop.example/' },
  });
