import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { S3Bucket } from '#shared/adapters/aws/bucket.ts';
import { mocked } from './mocked-client.ts';

function s3() {
  const client = new S3Client({});
  return { mock: mocked(client), bucket: new S3Bucket('shop-bucket', client) };
}

const text = (body: string) => ({ transformToString: async () => body }) as never;
const refusal = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });

test('an object is read as text, with its version', async () => {
  const { mock, bucket } = s3();
  mock.on(GetObjectCommand).resolves({ Body: text('{"id":"ł"}'), VersionId: 'v2' });
  expect(await bucket.get('journeys/welcome.json')).toEqual({ body: '{"id":"ł"}', versionId: 'v2' });
  expect(mock).toHaveReceivedCommandWith(GetObjectCommand, { Bucket: 'shop-bucket', Key: 'journeys/welcome.json' });
});

test('a certain version is asked for by its id', async () => {
  const { mock, bucket } = s3();
  mock.on(GetObjectCommand, { VersionId: 'v1' }).resolves({ Body: text('old') });
  expect(await bucket.get('settings.json', 'v1')).toEqual({ body: 'old' });
});

test.each([
  ['a key that is not there', new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } })],
  ['a version that is not there', refusal('NoSuchVersion', 404)],
  ['a delete marker', refusal('MethodNotAllowed', 405)],
])('%s is undefined', async (_, error) => {
  const { mock, bucket } = s3();
  mock.on(GetObjectCommand).rejects(error);
  expect(await bucket.get('journeys/gone.json')).toBeUndefined();
});

test('a refusal is thrown: it does not mean that there is nothing', async () => {
  const { mock, bucket } = s3();
  mock.on(GetObjectCommand).rejects(refusal('AccessDenied', 403));
  await expect(bucket.get('settings.json')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('an object is written with its content type', async () => {
  const { mock, bucket } = s3();
  mock.on(PutObjectCommand).resolves({});
  await bucket.put('reports/welcome.json', '{}', 'application/json');
  expect(mock).toHaveReceivedCommandWith(PutObjectCommand, {
    Bucket: 'shop-bucket',
    Key: 'reports/welcome.json',
    Body: '{}',
    ContentType: 'application/json',
  });
});

test('a list goes over all pages', async () => {
  const { mock, bucket } = s3();
  mock
    .on(ListObjectsV2Command)
    .resolves({ Contents: [{ Key: 'a' }, { Key: 'b' }], IsTruncated: true, NextContinuationToken: 'more' });
  mock.on(ListObjectsV2Command, { ContinuationToken: 'more' }).resolves({ Contents: [{ Key: 'c' }] });
  expect(await bucket.list('templates/')).toEqual(['a', 'b', 'c']);
});
