import { expect, test } from 'vitest';
import { AwsApi } from '#shared/adapters/aws/api.ts';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { type Said, type Seen, standIn } from './stand-in.ts';

async function s3(answer: (seen: Seen) => Said) {
  const { options, seen } = await standIn(answer);
  return { seen, bucket: new S3Bucket('shop-bucket', new AwsApi('s3', options)) };
}

test('an object is read as text, with its version', async () => {
  const { seen, bucket } = await s3(() => ({ headers: { 'x-amz-version-id': 'v2' }, body: '{"id":"ł"}' }));
  expect(await bucket.get('journeys/welcome.json')).toEqual({ body: '{"id":"ł"}', versionId: 'v2' });
  expect(seen).toMatchObject([{ method: 'GET', path: '/journeys/welcome.json', query: {} }]);
});

test('a certain version is asked for by its id', async () => {
  const { seen, bucket } = await s3(() => ({ body: 'old' }));
  expect(await bucket.get('settings.json', 'v1')).toEqual({ body: 'old' });
  expect(seen).toMatchObject([{ query: { versionId: 'v1' } }]);
});

test.each([
  ['a key that is not there', 404, 'NoSuchKey'],
  ['a version that is not there', 404, 'NoSuchVersion'],
  ['a delete marker', 405, 'MethodNotAllowed'],
])('%s is undefined', async (_, status, code) => {
  const { bucket } = await s3(() => ({ status, body: `<Error><Code>${code}</Code></Error>` }));
  expect(await bucket.get('journeys/gone.json')).toBeUndefined();
});

test('a refusal is thrown: it does not mean that there is nothing', async () => {
  const { bucket } = await s3(() => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }));
  await expect(bucket.get('settings.json')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('an object is written with its content type', async () => {
  const { seen, bucket } = await s3(() => ({}));
  await bucket.put('reports/welcome.json', '{"ł":1}', 'application/json');
  expect(seen).toMatchObject([
    { method: 'PUT', path: '/reports/welcome.json', headers: { 'content-type': 'application/json' }, body: '{"ł":1}' },
  ]);
});

test('an object is replaced only if it is still the one that was read, or if there is still none', async () => {
  const { seen, bucket } = await s3(({ headers }) =>
    headers['if-match'] === '"old"' ? { status: 412, body: '' } : { headers: { 'x-amz-version-id': 'v3' } },
  );
  expect(await bucket.replace('a.json', '{}', 'application/json', { body: '', tag: '"new"' })).toBe('v3');
  expect(await bucket.replace('a.json', '{}', 'application/json', { body: '', tag: '"old"' })).toBeUndefined();
  expect(await bucket.replace('a.json', '{}', 'application/json', undefined)).toBe('v3');
  expect(seen[2]?.headers['if-none-match']).toBe('*');
});

test('a list goes over all pages, and names come as they were given', async () => {
  const page = (keys: string[], more = '') =>
    `<ListBucketResult><Prefix>templates/</Prefix>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}${more}</ListBucketResult>`;
  const { seen, bucket } = await s3(({ query }) => ({
    body: query['continuation-token']
      ? page(['templates/c'])
      : page(['templates/a+b%2B%26', 'templates/%C5%82'], '<NextContinuationToken>m/1=</NextContinuationToken>'),
  }));
  expect(await bucket.list('templates/')).toEqual(['templates/a b+&', 'templates/ł', 'templates/c']);
  expect(seen.map(({ query }) => query['continuation-token'])).toEqual([undefined, 'm/1=']);
});
