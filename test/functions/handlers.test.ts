import { parse } from 'jsonc-parser';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { REVIEW_PARTS } from '#functions/wiring.ts';
import { toItem } from '#shared/adapters/aws/attributes.ts';
import { loadAudit } from '#shared/store/audit.ts';
import { loadCounts } from '#shared/store/counters.ts';
import { enrolmentKey } from '#shared/store/keys.ts';
import { example, exampleKeys } from '#test/build/examples.ts';
import { engineIsHere } from '#test/shared/adapters/dynamo-engine.ts';
import { awsHere, queueUrl } from './aws-here.ts';
import { journey, posted, registration } from './hello.ts';
import { envelope, httpRequest, lambdaContext, scheduledEvent, sesEvent, sqsEvent, upload } from './lambda-events.ts';

// What the functions log and count is no part of the test's output.
vi.spyOn(process.stdout, 'write').mockImplementation(() => true);

/** One customer's way over the handlers, with the events that AWS would bring. Each test goes on where the last ended. */
describe.skipIf(!engineIsHere)('the handlers, with AWS on this machine', () => {
  const closing: (() => void | Promise<void>)[] = [];
  let aws: Awaited<ReturnType<typeof awsHere>>;

  beforeAll(async () => {
    aws = await awsHere((close) => void closing.unshift(close));
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  let entry: { Source: string; DetailType: string; Detail: string };
  let leg: Record<string, unknown>;
  let turn: Record<string, unknown>;
  let hint: { contact: string; message: string };
  let mail: {
    Content: { Simple: { Body: { Html: { Data: string } }; Headers: { Name: string; Value: string }[] } };
    EmailTags: { Name: string; Value: string }[];
  };

  test('publish makes uploaded files live, and says so beside them', async () => {
    const { handler } = await import('#functions/publish/handler.ts');
    const files: Record<string, string> = {
      ...Object.fromEntries(exampleKeys('templates/_brand').map((key) => [key, example(key)])),
      'settings.json': example('settings.json'),
      'templates/welcome-hello/email.mjml': example('templates/welcome-hello/email.mjml'),
      'journeys/hello.json': JSON.stringify(journey),
    };
    for (const [key, body] of Object.entries(files)) {
      aws.objects.set(key, body);
      expect(await handler(sqsEvent('publish', upload(key, '0055AED6DCD90281E5')))).toEqual({ batchItemFailures: [] });
    }
    expect(aws.objects.get('reports/journeys.hello.json.txt')).toContain('hello');
    expect([...aws.objects.keys()].filter((key) => key.startsWith('published/templates/'))).toHaveLength(1);
    // Parts of the brand that came before those that they name are published once more.
    const told = aws.take('PutEvents');
    expect(told.length).toBeGreaterThanOrEqual(Object.keys(files).length);
    expect(told).toMatchObject(told.map(() => ({ Entries: [{ Source: 'tropa.publish' }] })));
    const asked = Array(Object.keys(files).length).fill({ QueueUrl: queueUrl('tell') });
    expect(aws.take('SendMessageBatch')).toMatchObject(asked);
  });

  test('ingest takes a signed request of the HTTP API to the bus', async () => {
    const { handler } = await import('#functions/ingest/handler.ts');
    const request = posted('m1', '/webhooks/generic', { source: 'generic' }, registration);
    expect(await handler(request)).toMatchObject({ statusCode: 202 });
    const [{ Entries }] = aws.take('PutEvents');
    [entry] = Entries;
    expect(entry).toMatchObject({ EventBusName: 'tropa-test-events', Source: 'tropa', DetailType: 'registration' });
    expect(await handler({ ...request, body: `${request.body} ` })).toMatchObject({ statusCode: 401 });
  });

  test('start asks for the entry of a contact to a manual journey', async () => {
    const manual = { ...journey, id: 'care', entry: {}, trigger: { type: 'manual' } };
    aws.objects.set('journeys/care.json', JSON.stringify(manual));
    const publish = await import('#functions/publish/handler.ts');
    await publish.handler(sqsEvent('publish', upload('journeys/care.json', '0055AED6DCD90281E6')));
    for (const operation of ['PutEvents', 'SendMessageBatch']) aws.take(operation);
    const { handler } = await import('#functions/start/handler.ts');
    const asked = { journey: 'care', identities: { email: 'ada@mail.example' } };
    const request = posted('s1', '/v1/journeys/care/start', { id: 'care' }, asked);
    expect(await handler(request)).toMatchObject({ statusCode: 202 });
    expect(aws.take('PutEvents')).toMatchObject([{ Entries: [{ Source: 'tropa', DetailType: 'journey.requested' }] }]);
  });

  test('ingest keeps what the bus refuses, and brings it back from the overflow queue', async () => {
    const { handler } = await import('#functions/ingest/handler.ts');
    const other = { ...registration, id: 'registration-2', identities: { email: 'bob@mail.example' } };
    const request = posted('m2', '/webhooks/generic', { source: 'generic' }, other);
    aws.breakBus(true);
    expect(await handler(request)).toMatchObject({ statusCode: 202 });
    const [{ QueueUrl, Entries }] = aws.take('SendMessageBatch');
    expect(QueueUrl).toBe(queueUrl('overflow'));
    const overflow = sqsEvent('overflow', JSON.parse(Entries[0].MessageBody));
    expect(await handler(overflow)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    aws.breakBus(false);
    aws.take('PutEvents');
    expect(await handler(overflow)).toEqual({ batchItemFailures: [] });
    expect(aws.take('PutEvents')).toMatchObject([{ Entries: [{ DetailType: 'registration' }] }]);
  });

  test('ingest brings a batch of the overflow queue back by one call, and gives up what is of no use alone', async () => {
    const { handler } = await import('#functions/ingest/handler.ts');
    const kept = { ...registration, source: 'generic' };
    const unread = { delivery: { source: 'generic', headers: {}, text: '{' } };
    const overflow = sqsEvent('overflow', { ...kept, id: 'o1' }, unread, { ...kept, id: 'o2' });
    expect(await handler(overflow)).toEqual({ batchItemFailures: [] });
    const [{ Entries }, ...more] = aws.take('PutEvents');
    expect(Entries.map(({ Detail }: { Detail: string }) => JSON.parse(Detail).id)).toEqual(['o1', 'o2']);
    expect(more).toEqual([]);
    expect(aws.take('SendMessage')).toMatchObject([
      {
        QueueUrl: queueUrl('overflow-dead'),
        MessageAttributes: { reason: { StringValue: expect.stringMatching(/^unreadable-delivery: generic: /) } },
      },
    ]);
  });

  test('enrol records the event that the rule has put on its queue, and starts the leg', async () => {
    const { handler } = await import('#functions/enrol/handler.ts');
    const { Source, DetailType, Detail } = entry;
    const event = sqsEvent('enrol', envelope(Source, DetailType, JSON.parse(Detail)));
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    const [{ name, stateMachineArn, input }] = aws.take('StartExecution');
    expect(name).toMatch(/^hello-[0-9a-f]{32}-\d+$/);
    expect(stateMachineArn).toContain('tropa-test-journey');
    leg = JSON.parse(input);
  });

  test('enrol puts what is no event among its dead letters, with the reason', async () => {
    const { handler } = await import('#functions/enrol/handler.ts');
    const bad = envelope('tropa', 'registration', { id: 'x' });
    expect(await handler(sqsEvent('enrol', bad))).toEqual({ batchItemFailures: [] });
    expect(aws.take('SendMessage')).toMatchObject([
      {
        QueueUrl: queueUrl('enrol-dead'),
        MessageBody: JSON.stringify(bad),
        MessageAttributes: { reason: { StringValue: expect.stringMatching(/^bad-event: /) } },
      },
    ]);
  });

  test('advance takes a turn from the input of the execution, and hints at what is to be sent', async () => {
    const { handler } = await import('#functions/advance/handler.ts');
    turn = { ...(await handler(leg)) };
    expect(turn).toMatchObject({ contact: leg['contact'], turn: 1 });
    const [{ QueueUrl, Entries }] = aws.take('SendMessageBatch');
    expect(QueueUrl).toBe(queueUrl('marketing'));
    hint = JSON.parse(Entries[0].MessageBody);
    expect(hint).toMatchObject({ contact: leg['contact'] });
  });

  test('pause parks the token that the state machine gives it', async () => {
    const { handler } = await import('#functions/pause/handler.ts');
    expect(await handler({ ...turn, token: 'task-token' })).toBe('parked');
  });

  test('send renders the mail with the template from the bucket, and hands it to SES', async () => {
    const { handler } = await import('#functions/send/handler.ts');
    expect(await handler(sqsEvent('marketing', hint), lambdaContext)).toEqual({ batchItemFailures: [] });
    [mail] = aws.take('/v2/email/outbound-emails');
    expect(mail).toMatchObject({
      ConfigurationSetName: 'tropa-test-mail',
      Destination: { ToAddresses: ['ada@mail.example'] },
    });
  });

  test('send lets a hint come again that it cannot work on', async () => {
    const { handler } = await import('#functions/send/handler.ts');
    const answer = await handler(sqsEvent('marketing', { contact: 1 }), lambdaContext);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });

  test('call lets a hint go that names no call, and one come again that names nothing', async () => {
    const { handler } = await import('#functions/call/handler.ts');
    expect(await handler(sqsEvent('calls', { contact: 'nobody', call: 'none' }))).toEqual({ batchItemFailures: [] });
    await handler(sqsEvent('calls', { contact: 1 }));
    expect(aws.take('SendMessage')).toMatchObject([{ QueueUrl: queueUrl('calls-dead') }]);
  });

  test('track folds a click back, and wakes the passage that waits for it', async () => {
    const { handler } = await import('#functions/track/handler.ts');
    const tags = Object.fromEntries(mail.EmailTags.map(({ Name, Value }) => [Name, Value]));
    expect(await handler(sqsEvent('track', sesEvent('Click', tags)))).toEqual({ batchItemFailures: [] });
    expect(aws.take('SendTaskSuccess')).toMatchObject([{ taskToken: 'task-token' }]);
  });

  test('respond shows a page, and unsubscribes on POST', async () => {
    const { handler } = await import('#functions/respond/handler.ts');
    const { Headers } = mail.Content.Simple;
    const link = Headers.find(({ Name }) => Name === 'List-Unsubscribe')?.Value ?? '';
    const [, token = ''] = /\/u\/([^>]+)>/.exec(link) ?? [];
    const ask = (method: string) => httpRequest(method, `/u/${token}`, { pathParameters: { token } });
    aws.take('PutEvents');
    expect(await handler(ask('GET'))).toMatchObject({ statusCode: 200, body: expect.stringContaining('<form') });
    expect(aws.take('PutEvents')).toEqual([]);
    expect(await handler(ask('POST'))).toMatchObject({ statusCode: 200 });
    expect(aws.take('PutEvents')).toMatchObject([{ Entries: [{ DetailType: 'unsubscribed' }] }]);
  });

  test('respond shows a mail in the browser, of the template that it was sent with', async () => {
    const { handler } = await import('#functions/respond/handler.ts');
    const [, token = ''] = /\/v\/([\w.-]+)/.exec(mail.Content.Simple.Body.Html.Data) ?? [];
    const ask = httpRequest('GET', `/v/${token}`, { pathParameters: { token } });
    const { statusCode, body } = await handler(ask);
    expect(statusCode).toBe(200);
    expect(body).toMatch(/^\s*<!doctype html>[\s\S]*href="\.\.\/u\//i);
  });

  test('catchup asks whom the stage names: nobody', async () => {
    const { handler } = await import('#functions/catchup/handler.ts');
    expect(await handler(scheduledEvent, lambdaContext)).toEqual({});
  });

  test('review looks at what is due by the clock', async () => {
    const { handler } = await import('#functions/review/handler.ts');
    expect(await handler({ part: 0, of: REVIEW_PARTS })).toEqual(expect.any(Number));
  });

  test('the audit looks at what is due, and begins its first round', async () => {
    const { handler } = await import('#functions/audit/handler.ts');
    expect(await handler(scheduledEvent, lambdaContext)).toEqual(expect.any(Number));
    expect((await loadAudit(aws.table))?.round.shard).toBe(0);
    expect(await handler(scheduledEvent, lambdaContext)).toEqual(expect.any(Number));
    expect((await loadAudit(aws.table))?.round.shard).toBe(1);
  });

  test('review puts a passage whose execution broke off on its way again', async () => {
    const { handler } = await import('#functions/review/handler.ts');
    const detail = { executionArn: 'arn', status: 'FAILED', name: 'x', input: JSON.stringify(leg) };
    const event = sqsEvent('stranded', envelope('aws.states', 'Step Functions Execution Status Change', detail));
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(aws.take('StartExecution')).toMatchObject([{ name: expect.stringMatching(/-2$/) }]);
  });

  test('tally counts what the stream tells, once, and answers as a stream read in windows wants it', async () => {
    const { handler } = await import('#functions/tally/handler.ts');
    const row = await aws.table.get(enrolmentKey(leg as never));
    const image = toItem(row ?? { pk: '', sk: '' });
    const event = {
      Records: [{ eventName: 'INSERT', dynamodb: { Keys: {}, NewImage: image, SequenceNumber: '100' } }],
      shardId: 'shardId-1',
      state: {},
    };
    for (const batch of [event, event, { ...event, Records: [], isFinalInvokeForWindow: true }])
      expect(await handler(batch)).toEqual({ state: {}, batchItemFailures: [] });
    expect(await loadCounts(aws.table, 'hello', 1)).toMatchObject({ entries: 1 });
  });

  test('tell writes to the author what publish says, as publish has hinted', async () => {
    for (const operation of ['PutEvents', 'SendMessageBatch']) aws.take(operation);
    const shop = { ...parse(example('settings.json')), authors: { default: 'team@shop.example' } };
    aws.objects.set('settings.json', JSON.stringify(shop));
    aws.objects.set('journeys/slip.json', '{');
    const publish = await import('#functions/publish/handler.ts');
    for (const key of ['settings.json', 'journeys/slip.json'])
      expect(await publish.handler(sqsEvent('publish', upload(key, '0055AED6DCD90281F5')))).toEqual({
        batchItemFailures: [],
      });
    expect(aws.take('PutEvents').at(-1)).toMatchObject({ Entries: [{ Source: 'tropa.publish' }] });
    const { QueueUrl, Entries } = aws.take('SendMessageBatch').at(-1);
    expect([QueueUrl, Entries[0].DelaySeconds]).toEqual([queueUrl('tell'), 120]);
    const { handler } = await import('#functions/tell/handler.ts');
    const hint = sqsEvent('tell', JSON.parse(Entries[0].MessageBody));
    for (let i = 0; i < 2; i += 1) expect(await handler(hint)).toEqual({ batchItemFailures: [] });
    const text = expect.stringContaining('NOT PUBLISHED');
    expect(aws.take('/v2/email/outbound-emails')).toMatchObject([
      {
        Destination: { ToAddresses: ['team@shop.example'] },
        Content: { Simple: { Body: { Text: { Data: text } } } },
      },
    ]);
  });
});
