import { expect, it } from 'vitest';
import { compiledKey, TemplateLibrary } from '#shared/template/library.ts';
import { MemoryBucket } from '#test/build/ports.ts';
import { CONTENT } from '#test/build/published.ts';

const LIVE = { 'hello/email': { hash: 'h1', sequencer: '0', hasUnsubscribe: true, variables: [] } };

/** A bucket with one compiled template that refuses its first readers. */
function bucketThatRefuses(times: number) {
  const bucket = new MemoryBucket();
  bucket.store(compiledKey('h1'), JSON.stringify({ ...CONTENT, version: 'h1' }));
  const reads = { count: 0 };
  const get = async (key: string) => {
    reads.count += 1;
    if (reads.count <= times) throw new Error('503 Slow Down');
    return bucket.get(key);
  };
  return { bucket: { get, put: bucket.put.bind(bucket), list: bucket.list.bind(bucket) }, reads };
}

it('reads a template once, however many mails want it at the same time', async () => {
  const { bucket, reads } = bucketThatRefuses(0);
  const library = new TemplateLibrary(bucket);
  const find = () => library.find(LIVE, 'hello', 'email', undefined, 'en');
  await Promise.all([find(), find()]);
  expect(await find()).toMatchObject({ version: 'h1' });
  expect(reads.count).toBe(1);
});

it('reads a template again that the bucket did not give once', async () => {
  const { bucket } = bucketThatRefuses(1);
  const library = new TemplateLibrary(bucket);
  const find = () => library.find(LIVE, 'hello', 'email', undefined, 'en');
  await expect(Promise.all([find(), find()])).rejects.toThrow('503');
  expect(await find()).toMatchObject({ version: 'h1' });
});
