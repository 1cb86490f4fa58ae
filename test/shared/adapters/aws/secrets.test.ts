import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { mocked } from './mocked-client.ts';

function vault() {
  const client = new SecretsManagerClient({});
  const clock = { at: '2026-11-22T10:00:00.000Z', now: () => clock.at };
  const mock = mocked(client);
  mock
    .on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' })
    .rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));
  const holds = (stage: string, value: string) =>
    mock.on(GetSecretValueCommand, { VersionStage: stage }).resolves({ SecretString: value });
  const pass = (milliseconds: number) => {
    clock.at = plusMillis(clock.at, milliseconds);
  };
  return { mock, holds, pass, secrets: new ManagedSecrets(client, clock) };
}

const reads = (mock: ReturnType<typeof vault>['mock']) =>
  mock.commandCalls(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' }).length;

test('a secret that was never rotated has one value', async () => {
  const { holds, secrets } = vault();
  holds('AWSCURRENT', 'new');
  expect(await secrets.get('webhook')).toEqual(['new']);
});

test('while a rotation lasts the current value comes first and the previous one second', async () => {
  const { holds, secrets } = vault();
  holds('AWSCURRENT', 'new');
  holds('AWSPREVIOUS', 'old');
  expect(await secrets.get('webhook')).toEqual(['new', 'old']);
});

test('values are kept for five minutes, then read again', async () => {
  const { mock, holds, pass, secrets } = vault();
  holds('AWSCURRENT', 'first');
  await secrets.get('webhook');
  holds('AWSCURRENT', 'second');
  pass(299_999);
  expect(await secrets.get('webhook')).toEqual(['first']);
  pass(1);
  expect(await secrets.get('webhook')).toEqual(['second']);
  expect(reads(mock)).toBe(2);
});

test('callers at the same time share one read', async () => {
  const { mock, holds, secrets } = vault();
  holds('AWSCURRENT', 'new');
  await Promise.all([secrets.get('webhook'), secrets.get('webhook')]);
  expect(reads(mock)).toBe(1);
});

test('a failure is thrown and not remembered', async () => {
  const { mock, holds, secrets } = vault();
  mock.on(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' }).rejects(new Error('down'));
  await expect(secrets.get('webhook')).rejects.toThrow('down');
  holds('AWSCURRENT', 'new');
  expect(await secrets.get('webhook')).toEqual(['new']);
});

test('a failure to read the previous value is thrown: a valid signature must not be refused for it', async () => {
  const { mock, holds, secrets } = vault();
  holds('AWSCURRENT', 'new');
  mock.on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' }).rejects(new Error('throttled'));
  await expect(secrets.get('webhook')).rejects.toThrow('throttled');
});

test('the cache keeps the newest sixteen names', async () => {
  const { mock, holds, secrets } = vault();
  holds('AWSCURRENT', 'new');
  for (let n = 0; n < 17; n++) await secrets.get(`secret-${n}`);
  await secrets.get('secret-16');
  await secrets.get('secret-1');
  expect(reads(mock)).toBe(17);
  await secrets.get('secret-0');
  expect(reads(mock)).toBe(18);
});
