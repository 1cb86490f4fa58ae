import { systemClock } from '#shared/adapters/aws/clock.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { type Seen, standIn } from '#test/shared/adapters/aws/stand-in.ts';
import { createTable, forward, startEngine } from '#test/shared/adapters/dynamo-engine.ts';

/** 48 bytes in base64, as the data stack generates them. */
export const SECRET = 'c'.repeat(64);

const TABLE = 'tropa';
const ACCOUNT = '123456789012';
export const queueUrl = (name: string) => `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/tropa-test-${name}`;

/** What the functions are told of their surroundings: the names of all, since a name means the same to each. */
const environment = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDTEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  METRIC_NAMESPACE: 'Tropa/test',
  TABLE_NAME: TABLE,
  BUS_NAME: 'tropa-test-events',
  BUCKET_NAME: 'tropa-test-bucket',
  STATE_MACHINE_ARN: `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:tropa-test-journey`,
  OVERFLOW_QUEUE_URL: queueUrl('overflow'),
  PUBLISH_QUEUE_URL: queueUrl('publish'),
  TELL_QUEUE_URL: queueUrl('tell'),
  MAIL_DOMAIN: 'mail.birchandbean.example',
  COLLEAGUES: '',
  TRANSACTIONAL_QUEUE_URL: queueUrl('transactional'),
  MARKETING_QUEUE_URL: queueUrl('marketing'),
  WALK_QUEUE_URL: queueUrl('walk'),
  CALLS_QUEUE_URL: queueUrl('calls'),
  ENDPOINT_SECRETS: 'tropa-test-endpoint-',
  SOURCE_SECRETS: 'tropa-test-source-',
  STOREFRONTS: '{}',
  WEBHOOK_SECRET_ID: 'webhook',
  SHOPIFY_SHOPS: '',
  WRITE_KEYS: 'pk_0123456789abcdef',
  LINK_SECRET_ID: 'link',
  CONFIGURATION_SET: 'tropa-test-mail',
  PUBLIC_URL: 'https://go.shop.example',
  SENDER: 'Shop <hello@shop.example>',
  SES_RATE: '100',
  WARM_UP: 'null',
  EVENT_RETENTION_DAYS: '400',
});

/** ListObjectsV2, as far as the names go. */
const listing = (objects: ReadonlyMap<string, string>, prefix: string): string => {
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
  return `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
};

/**
 * AWS as the functions see it, on this machine: the table is a real DynamoDB engine, the other services answer and note
 * what they were asked. Sets the environment, so handlers are to be imported after it.
 */
export async function awsHere(whenOver: (close: () => void | Promise<void>) => void) {
  const engine = await startEngine();
  whenOver(() => engine.stop());
  await createTable(engine.client, TABLE);
  const asked: Seen[] = [];
  const objects = new Map<string, string>();
  let busIsDown = false;
  const s3 = ({ method, path, query, body }: Seen) => {
    const prefix = query['prefix'];
    if (prefix !== undefined) return { body: listing(objects, prefix) };
    if (method === 'PUT') objects.set(decodeURIComponent(path.slice(1)), body);
    const stored = objects.get(decodeURIComponent(path.slice(1)));
    return stored === undefined ? { status: 404 } : { headers: { 'x-amz-version-id': 'v1' }, body: stored };
  };
  const answers: Record<string, (seen: Seen) => object> = {
    PutEvents: ({ input }) => ({
      Entries: input.Entries.map(() => (busIsDown ? { ErrorCode: 'InternalFailure' } : { EventId: 'e' })),
    }),
    GetSecretValue: ({ input }) => ({ SecretString: input.VersionStage === 'AWSCURRENT' ? SECRET : `${SECRET}old` }),
  };
  const { endpoint } = await standIn(async (seen) => {
    if (String(seen.headers['x-amz-target']).startsWith('DynamoDB')) return forward(engine.options.endpoint, seen);
    asked.push(seen);
    if (seen.path === '/v2/email/outbound-emails') return { body: { MessageId: 'ses-1' } };
    return seen.operation === '' ? s3(seen) : { body: answers[seen.operation]?.(seen) ?? {} };
  }, whenOver);
  Object.assign(process.env, environment(endpoint));
  return {
    table: new DynamoTable(TABLE, systemClock, dynamoApi(engine.options)),
    objects,
    /** The inputs of all calls of an operation so far; each is told once. */
    // biome-ignore lint/suspicious/noExplicitAny: a wrong path shows as a failed expectation
    take(operation: string): any[] {
      const taken = asked.filter((seen) => operation === (seen.operation || seen.path));
      for (const one of taken) asked.splice(asked.indexOf(one), 1);
      return taken.map(({ input }) => input);
    },
    breakBus(isDown: boolean): void {
      busIsDown = isDown;
    },
  };
}
