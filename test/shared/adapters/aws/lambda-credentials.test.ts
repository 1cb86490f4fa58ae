import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultProvider } from '#shared/adapters/aws/lambda-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

function environment(key: string, secret: string, session: string): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', key);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
  vi.stubEnv('AWS_SESSION_TOKEN', session);
}

test("the role's credentials come from the environment, in the form that a client takes", async () => {
  environment('key', 'secret', 'session');
  const client = new SQSClient({ region: 'eu-central-1', credentials: defaultProvider() });
  expect(await client.config.credentials()).toMatchObject({
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    sessionToken: 'session',
  });
});

test('an empty session token is left out', async () => {
  environment('key', 'secret', '');
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' });
});

test('no credentials are an error by the name that the SDK gives it', async () => {
  environment('key', '', '');
  await expect(defaultProvider()()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
});
