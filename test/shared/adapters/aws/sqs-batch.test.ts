import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { DeadLetters } from '#shared/adapters/aws/dead-letters.ts';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { detailOf, oneByOne, type Work, workOff } from '#shared/adapters/aws/sqs-batch.ts';
import { Conflict, Unprocessable } from '#shared/errors.ts';
import { CountingMetrics, quiet } from '#test/build/ports.ts';
import { refusal, type Said, standIn } from './stand-in.ts';

const queues = [
  { name: 'enrol', receives: 5 },
  { name: 'marketing', receives: 10 },
];

const record = (id: string, body: unknown, receives = 1, queue = 'enrol'): SQSRecord => ({
  messageId: id,
  receiptHandle: 'handle',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'AIDA',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:eu-central-1:123456789012:tropa-prod-${queue}`,
  awsRegion: 'eu-central-1',
});

async function batch(records: SQSRecord[], work: Work, sqs: Said = {}) {
  const { options, seen } = await standIn(() => sqs);
  const logged: { message: string; fields: object; cause: unknown }[] = [];
  const log = {
    ...quiet,
    error: (message: string, fields: object, cause?: unknown) => void logged.push({ message, fields, cause }),
  };
  const metrics = new CountingMetrics();
  const deadLetters = new DeadLetters(jsonApi('sqs', { ...options, attempts: 1 }));
  const { batchItemFailures } = await workOff({ Records: records }, work, { log, metrics, queues, deadLetters });
  return {
    again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    letters: seen,
    logged,
    counts: metrics.counts,
  };
}

const failing = (error: unknown) =>
  oneByOne(async (body) => {
    if (Object(body).bad) throw error;
  });

describe('a batch of SQS', () => {
  test('counts what fails, for the alarm that comes before the dead letters', async () => {
    const records = [record('a', { bad: true }), record('b', {}), record('c', { bad: true })];
    expect((await batch(records, failing(new Error('broken')))).counts).toEqual({ MessageFailed: 2 });
  });

  test('what is worked off does not come again', async () => {
    const bodies: unknown[] = [];
    const { again, logged } = await batch(
      [record('a', { n: 1 }), record('b', { n: 2 })],
      oneByOne(async (body) => bodies.push(body)),
    );
    expect(bodies).toEqual([{ n: 1 }, { n: 2 }]);
    expect(again).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('what fails comes again alone, and the log says why', async () => {
    const error = new Conflict('met other writers');
    const { again, letters, logged } = await batch([record('a', { bad: 1 }), record('b', {})], failing(error));
    expect(again).toEqual(['a']);
    expect(letters).toEqual([]);
    expect(logged).toMatchObject([
      { fields: { queue: 'enrol', message: 'a', receives: 1, isLast: false }, cause: error },
    ]);
  });

  test('a failure of the whole batch brings all of it again', async () => {
    const work: Work = async () => {
      throw new Error('the table is gone');
    };
    expect((await batch([record('a', {}), record('b', {})], work)).again).toEqual(['a', 'b']);
  });

  test('what no retry can mend goes among the dead letters at once, as it came, with its reason', async () => {
    const error = new Unprocessable('bad-event', 'type: is missing');
    const { again, letters } = await batch([record('a', { bad: 1 })], failing(error));
    expect(again).toEqual([]);
    expect(letters).toMatchObject([
      {
        operation: 'SendMessage',
        input: {
          QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/tropa-prod-enrol-dead',
          MessageBody: '{"bad":1}',
          MessageAttributes: { reason: { DataType: 'String', StringValue: 'bad-event: type: is missing' } },
        },
      },
    ]);
  });

  test.each([
    ['enrol', 4, false],
    ['enrol', 5, true],
    ['marketing', 5, false],
    ['marketing', 10, true],
  ])('what fails on %s for the time number %i is given up: %s', async (queue, receives, given) => {
    const { again, letters } = await batch([record('a', { bad: 1 }, receives, queue)], failing(new Conflict('busy')));
    expect(again).toEqual(given ? [] : ['a']);
    expect(letters.map(({ input }) => input.MessageAttributes.reason.StringValue)).toEqual(
      given ? ['Conflict: busy'] : [],
    );
  });

  test('a message that is no JSON is given up and keeps no other from its turn', async () => {
    const bodies: unknown[] = [];
    const { again, letters } = await batch([record('a', '{"cut'), record('b', { n: 2 })], async (all) => {
      bodies.push(...all);
      return [{ position: 0, error: new Conflict('busy') }];
    });
    expect(bodies).toEqual([{ n: 2 }]);
    expect(again).toEqual(['b']);
    expect(letters).toMatchObject([{ input: { MessageBody: '{"cut' } }]);
  });

  test('a dead letter that cannot be kept stays in its queue, and the log says both', async () => {
    const error = new Unprocessable('bad-event', 'no');
    const { again, logged } = await batch([record('a', { bad: 1 })], failing(error), refusal('AccessDeniedException'));
    expect(again).toEqual(['a']);
    expect(logged).toMatchObject([{ cause: error }, { cause: { name: 'AccessDeniedException' } }]);
  });

  test('a reason is cut to what SQS takes', async () => {
    const reason = `a\u0000b\n${'x'.repeat(5000)}`;
    const { letters } = await batch([record('a', { bad: 1 })], failing(new Unprocessable('bad', reason)));
    const said = letters[0]?.input.MessageAttributes.reason.StringValue;
    expect(said).toMatch(/^bad: a b x+$/);
    expect(said).toHaveLength(1000);
  });
});

test.each([
  [{ source: 'tropa', detail: { id: 'e1' } }, { id: 'e1' }],
  [{ source: 'tropa' }, undefined],
  ['text', undefined],
  [null, undefined],
])('the detail of %j is %j', (body, detail) => {
  expect(detailOf(body)).toEqual(detail);
});
