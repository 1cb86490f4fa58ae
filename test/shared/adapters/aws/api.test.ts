import { createServer } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { AwsApi } from '#shared/adapters/aws/api.ts';
import { lambdaCredentials } from '#shared/adapters/aws/credentials.ts';
import { refusal, type Said, standIn } from './stand-in.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const request = { method: 'POST', path: '/', body: '{}' } as const;

async function asked(answers: readonly Said[], more: object = {}) {
  const aws = await standIn((_, count) => answers[count - 1] ?? { body: 'at last' });
  const api = new AwsApi('states', { ...aws.options, ...more });
  return { aws, answer: () => api.call(request) };
}

test.each<[string, Said]>([
  ['a broken connection', 'cut'],
  ['a fault of the service', { status: 500 }],
  ['a busy service', { status: 503 }],
  ['too many requests', { status: 429 }],
  ['a throttled call', refusal('ThrottlingException')],
  ['a table that needs a moment', refusal('ProvisionedThroughputExceededException')],
])('%s is asked again', async (_, first) => {
  const { aws, answer } = await asked([first, first]);
  expect((await answer()).body).toBe('at last');
  expect(aws.seen).toHaveLength(3);
});

test('after four attempts the last answer stands', async () => {
  const { aws, answer } = await asked(Array<Said>(9).fill(refusal('ThrottlingException')));
  await expect(answer()).rejects.toMatchObject({ name: 'ThrottlingException', status: 400 });
  expect(aws.seen).toHaveLength(4);
});

test.each([400, 403, 404, 301])('a %i is not asked again', async (status) => {
  const { aws, answer } = await asked([{ status }]);
  await expect(answer()).rejects.toMatchObject({ status });
  expect(aws.seen).toHaveLength(1);
});

test.each<[string, Said]>([
  ['in JSON', { status: 400, body: { __type: 'com.amazonaws.sfn#TaskTimedOut', message: 'over' } }],
  ['in JSON without a namespace', { status: 400, body: { __type: 'TaskTimedOut', Message: 'over' } }],
  [
    'in a header',
    { status: 400, headers: { 'x-amzn-errortype': 'TaskTimedOut:http://x/' }, body: '{"message":"over"}' },
  ],
])('the name of a refusal is read %s, with its sentence', async (_, said) => {
  const { answer } = await asked([said]);
  await expect(answer()).rejects.toMatchObject({ name: 'TaskTimedOut', message: 'over', status: 400 });
});

test('the name of a refusal is read in the XML of S3', async () => {
  const { answer } = await asked([{ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }]);
  await expect(answer()).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('an answer that is no answer of the service has its status for a name', async () => {
  const { answer } = await asked([{ status: 404, body: '{"cut' }]);
  await expect(answer()).rejects.toMatchObject({ name: 'Status404', details: {} });
});

test('a service that is silent ends in time', async () => {
  const { aws, answer } = await asked(['silence', 'silence'], { timeout: 100, attempts: 2 });
  await expect(answer()).rejects.toMatchObject({ name: 'AnswerTimeout' });
  expect(aws.seen).toHaveLength(2);
});

test('a server that does not finish the handshake counts as not reached', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  const endpoint = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const api = new AwsApi('email', {
    endpoint,
    attempts: 1,
    connectTimeout: 100,
    credentials: () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
  });
  await expect(api.call(request)).rejects.toMatchObject({ name: 'ConnectTimeout' });
});

test('a connection is used again, and not when it has been idle for longer than it is trusted', async () => {
  const trusting = await asked([]);
  for (let n = 0; n < 3; n++) await trusting.answer();
  expect(trusting.aws.connections()).toBe(1);
  const wary = await asked([], { trusted: 3000 });
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  for (const moment of [0, 3000, 6001]) {
    vi.setSystemTime(moment);
    await wary.answer();
  }
  expect(wary.aws.connections()).toBe(2);
});

test('region, credentials and endpoint come from the environment of the function', async () => {
  const aws = await standIn();
  vi.stubEnv('AWS_ENDPOINT_URL', aws.endpoint);
  vi.stubEnv('AWS_REGION', 'eu-north-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENV');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
  await new AwsApi('email').call(request);
  expect(aws.seen[0]?.headers['authorization']).toMatch(/Credential=AKIDENV\/\d{8}\/eu-north-1\/ses\/aws4_request/);
  expect(aws.seen[0]?.headers['x-amz-security-token']).toBe('session');
});

test('no credentials are an error by the name that the SDK gives it, and nothing is asked', async () => {
  const aws = await standIn();
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  const api = new AwsApi('sqs', { endpoint: aws.endpoint });
  await expect(api.call(request)).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  expect(aws.seen).toEqual([]);
});

test('an empty session token is left out', () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', '');
  expect(lambdaCredentials()).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' });
});
