import { deadLettersOf } from '#shared/dead-letters.ts';
import { type StageFacts, stageParameter } from '#shared/stage-facts.ts';
import { keepEnvironment } from '#test/build/environment.ts';
import { type Said, type Seen, standIn } from '#test/shared/adapters/aws/stand-in.ts';

export const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/tropa-test-enrol';
/** `of`: whose dead letter it is, of enrol without it. `sent`: milliseconds since 1970. */
type Letter = { Body: string; reason?: string; of?: string; attributes?: Record<string, string>; sent?: number };

/**
 * A deployed stage called "test" on this machine, as the command line meets it: its parameter, its bucket (empty at first), its dead letters,
 * and its table wherever `dynamo` forwards to. Sets the environment until it is over.
 */
export async function stageHere(
  whenOver: (close: () => void) => void,
  dynamo: (seen: Seen) => Said | Promise<Said>,
  more: Partial<StageFacts> = {},
) {
  const objects = new Map<string, string>();
  const letters: Letter[] = [];
  const sent: string[] = [];
  const hidden = new Set<Letter>();
  const ids = new Map<Letter, string>();
  const lacks = new Set<string>();
  let refusesEntry: (entry: Seen['input']) => boolean = () => false;
  const held = new Map<string, Letter>();
  const receive = ({ QueueUrl }: Seen['input']): Said => {
    if ([...lacks].some((of) => QueueUrl === deadLettersOf(`${FACTS.queues}${of}`)))
      return { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } };
    const dead = letters.filter(({ of = 'enrol' }) => QueueUrl === deadLettersOf(`${FACTS.queues}${of}`));
    const free = dead.filter((letter) => !hidden.has(letter)).slice(0, 10);
    const Messages = free.map((letter) => {
      hidden.add(letter);
      const ReceiptHandle = String(held.size);
      held.set(ReceiptHandle, letter);
      const { Body, sent: when = 1000, reason, attributes = reason === undefined ? {} : { reason } } = letter;
      const known = ids.get(letter) ?? `message-${ids.size}`;
      ids.set(letter, known);
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      );
      return {
        MessageId: known,
        ReceiptHandle,
        Body,
        Attributes: { SentTimestamp: String(when) },
        ...(Object.keys(attributes).length > 0 && { MessageAttributes }),
      };
    });
    return { body: { Messages } };
  };
  /** Each entry of a batch is done by itself, or refused. */
  const each = (entries: Seen['input'][], done: (entry: Seen['input']) => void): Said => {
    const refused = entries.filter((entry) => refusesEntry(entry));
    for (const entry of entries) if (!refused.includes(entry)) done(entry);
    return { body: { Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) } };
  };
  const secrets = new Map<string, string>();
  const refuses = new Set<string>();
  const logs = new Map<string, { timestamp: number; message: string }[]>();
  const missing = { status: 400, body: { __type: 'ResourceNotFoundException' } };
  const answers: Record<string, (input: Seen['input']) => Said | Promise<Said>> = {
    GetSecretValue: ({ SecretId }) =>
      secrets.has(SecretId) ? { body: { SecretString: secrets.get(SecretId) } } : missing,
    CreateSecret: ({ Name, SecretString }) => {
      if (secrets.has(Name)) return { status: 400, body: { __type: 'ResourceExistsException' } };
      secrets.set(Name, SecretString);
      return { body: { Name } };
    },
    PutSecretValue: ({ SecretId, SecretString }) => {
      if (!secrets.has(SecretId)) return missing;
      secrets.set(SecretId, SecretString);
      return { body: {} };
    },
    GetParameter: ({ Name }) =>
      Name === stageParameter('test')
        ? { body: { Parameter: { Value: JSON.stringify({ ...FACTS, ...more }) } } }
        : { status: 400, body: { __type: 'ParameterNotFound' } },
    ReceiveMessage: receive,
    GetQueueAttributes: () => ({ body: { Attributes: { ApproximateNumberOfMessages: String(letters.length) } } }),
    SendMessageBatch: ({ Entries }) => each(Entries, ({ MessageBody }) => void sent.push(MessageBody)),
    DeleteMessageBatch: ({ Entries }) =>
      each(Entries, ({ ReceiptHandle }) => {
        const letter = held.get(ReceiptHandle);
        if (letter && letters.includes(letter)) letters.splice(letters.indexOf(letter), 1);
      }),
    // As CloudWatch pages: a page may be empty although others follow.
    FilterLogEvents: ({ logGroupName, startTime, filterPattern, nextToken }) => {
      const log = logs.get(logGroupName);
      if (!log) return missing;
      const wanted = /= "(\w+)"/.exec(filterPattern)?.[1];
      const events = log
        .map((line, n) => ({
          eventId: `${logGroupName}${n}`,
          ...line,
          logStreamName: 'a',
          ingestionTime: line.timestamp,
        }))
        .filter(({ timestamp, message }) => timestamp >= startTime && JSON.parse(message).message === wanted);
      if (nextToken === undefined) return { body: { events: [], searchedLogStreams: [], nextToken: '0' } };
      const from = Number(nextToken);
      return {
        body: { events: events.slice(from, from + 2), ...(from + 2 < events.length && { nextToken: `${from + 2}` }) },
      };
    },
    ChangeMessageVisibilityBatch: ({ Entries }) =>
      each(Entries, ({ ReceiptHandle }) => {
        const letter = held.get(ReceiptHandle);
        if (letter) hidden.delete(letter);
      }),
  };
  const asked: Seen[] = [];
  const { endpoint } = await standIn(async (seen) => {
    if (String(seen.headers['x-amz-target']).startsWith('DynamoDB')) return dynamo(seen);
    asked.push(seen);
    if (seen.query['list-type'] === '2') return { body: '<ListBucketResult></ListBucketResult>' };
    if (seen.method === 'PUT') objects.set(seen.path.slice(1), seen.body);
    const object = objects.get(seen.path.slice(1));
    if (object !== undefined) return { body: object };
    if (refuses.has(seen.operation)) return { status: 400, body: { __type: 'AccessDeniedException' } };
    return answers[seen.operation]?.(seen.input) ?? { status: 404 };
  }, whenOver);
  const putBack = keepEnvironment();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDTEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  whenOver(putBack);
  return {
    asked,
    letters,
    sent,
    hidden,
    secrets,
    logs,
    refuses,
    /** Of what there are no dead letters here. */
    lacks,
    objects,
    /** What each operation is answered with; a test may add to them. */
    answers,
    /** Of batches of SQS, the entries that are refused from now on. */
    refuseEntries: (which: typeof refusesEntry) => {
      refusesEntry = which;
    },
  };
}
export type StageHere = Awaited<ReturnType<typeof stageHere>>;

const FACTS = {
  table: 'shop-table',
  bucket: 'shop-bucket',
  publicUrl: 'https://go.shop.example',
  bus: 'shop-bus',
  eventDays: 400,
  queues: QUEUE.replace(/enrol$/, ''),
  webhookSecret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:Webhook',
};
export const DEAD = deadLettersOf(QUEUE);
