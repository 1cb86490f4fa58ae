import { expect, test } from 'vitest';
import { jsonApi } from '#shared/adapters/aws/json-api.ts';
import { ManagedSecrets } from '#shared/adapters/aws/secrets.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { refusal, type Said, standIn } from './stand-in.ts';

async function vault() {
  const stages = new Map<string, Said>();
  const { options, seen } = await standIn(
    ({ input }) => stages.get(input.VersionStage) ?? refusal('ResourceNotFoundException'),
  );
  const clock = { at: '2026-11-22T10:00:00.000Z', now: () => clock.at };
  return {
    holds: (stage: string, value: string) => stages.set(stage, { body: { SecretString: value } }),
    refuses: (stage: string, name: string) => stages.set(stage, refusal(name)),
    pass: (milliseconds: number) => {
      clock.at = plusMillis(clock.at, milliseconds);
    },
    reads: () => seen.filter(({ input }) => input.VersionStage === 'AWSCURRENT').length,
    secrets: new ManagedSecrets(jsonApi('secretsmanager', options), clock),
  };
}

test('a secret that was never rotated has one value', async () => {
  const { holds, secrets } = await vault();
  holds('AWSCURRENT', 'new');
  expect(await secrets.get('webhook')).toEqual(['new']);
});

test('while a rotation lasts the current value comes first and the previous one second', async () => {
  const { holds, secrets } = await vault();
  holds('AWSCURRENT', 'new');
  holds('AWSPREVIOUS', 'old');
  expect(await secrets.get('webhook')).toEqual(['new', 'old']);
});

test('values are kept for five minutes, then read again', async () => {
  const { holds, pass, secrets, reads } = await vault();
  holds('AWSCURRENT', 'first');
  await secrets.get('webhook');
  holds('AWSCURRENT', 'second');
  pass(299_999);
  expect(await secrets.get('webhook')).toEqual(['first']);
  pass(1);
  expect(await secrets.get('webhook')).toEqual(['second']);
  expect(reads()).toBe(2);
});

test('callers at the same time share one read', async () => {
  const { holds, secrets, reads } = await vault();
  holds('AWSCURRENT', 'new');
  await Promise.all([secrets.get('webhook'), secrets.get('webhook')]);
  expect(reads()).toBe(1);
});

test('a failure is thrown and not remembered', async () => {
  const { holds, refuses, secrets } = await vault();
  refuses('AWSCURRENT', 'DecryptionFailure');
  await expect(secrets.get('webhook')).rejects.toMatchObject({ name: 'DecryptionFailure' });
  holds('AWSCURRENT', 'new');
  expect(await secrets.get('webhook')).toEqual(['new']);
});

test('a failure to read the previous value is thrown: a valid signature must not be refused for it', async () => {
  const { holds, refuses, secrets } = await vault();
  holds('AWSCURRENT', 'new');
  refuses('AWSPREVIOUS', 'DecryptionFailure');
  await expect(secrets.get('webhook')).rejects.toMatchObject({ name: 'DecryptionFailure' });
});

test('the cache keeps the newest sixteen names', async () => {
  const { holds, secrets, reads } = await vault();
  holds('AWSCURRENT', 'new');
  for (let n = 0; n < 17; n++) await secrets.get(`secret-${n}`);
  await secrets.get('secret-16');
  await secrets.get('secret-1');
  expect(reads()).toBe(17);
  await secrets.get('secret-0');
  expect(reads()).toBe(18);
});

test('a secret that is not there is asked for again after a minute', async () => {
  const { holds, pass, secrets, reads } = await vault();
  await expect(secrets.get('source-shopify')).rejects.toMatchObject({ name: 'NoSecret' });
  holds('AWSCURRENT', 'new');
  pass(59_999);
  await expect(secrets.get('source-shopify')).rejects.toMatchObject({ name: 'NoSecret' });
  pass(1);
  expect(await secrets.get('source-shopify')).toEqual(['new']);
  expect(reads()).toBe(2);
});
