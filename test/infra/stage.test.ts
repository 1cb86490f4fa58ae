import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStage, stageSchema } from '#infra/stage.ts';

const least = {
  stage: 'prod',
  domain: 'shop.example',
  sender: 'hello@shop.example',
  alarmEmail: 'alarms@else.example',
};

test('four settings are enough, the rest has defaults', () => {
  expect(stageSchema.parse(least)).toEqual({
    ...least,
    eventRetentionDays: 400,
    sesRate: 10,
    logRetentionDays: 30,
    writeKeys: [],
    storefronts: {},
    shopifyShops: [],
    colleagues: [],
    requestsPerSecond: 1000,
    concurrency: {},
  });
});

test.each([
  ['a sender with a name', { sender: 'Trail Shop <hello@shop.example>' }],
  ['a sender of a subdomain', { sender: 'hello@news.shop.example' }],
  ['a region', { region: 'eu-central-1' }],
  ['a region of another partition', { region: 'us-gov-west-1' }],
  ['an archive', { archiveDays: 30 }],
  ['colleagues by address and by domain', { colleagues: ['desk.example', 'Ann@else.example'] }],
  ['runs that are kept for browsers', { collectConcurrency: 20 }],
  ['what a busy day needs', { requestsPerSecond: 10_000, concurrency: { enrol: 500, transactional: 100 } }],
  ['a shop of Shopify', { storefronts: { shopify: { shop: 'birch.myshopify.com', since: '2026-03-01T00:00:00Z' } } }],
  ['a shop of WooCommerce in a folder', { storefronts: { woocommerce: { url: 'https://shop.example/tea/' } } }],
])('%s is accepted', (_, over) => {
  expect(stageSchema.safeParse({ ...least, ...over }).error).toBeUndefined();
});

test.each([
  ['a sender of another domain', { sender: 'hello@othershop.example' }, 'sender'],
  ['a sender whose domain only ends alike', { sender: 'hello@myshop.example' }, 'sender'],
  ['a sender without an address', { sender: 'Trail Shop' }, 'sender'],
  ['a domain that is an address', { domain: 'https://shop.example' }, 'domain'],
  ['a stage with capitals', { stage: 'Prod' }, 'stage'],
  ['a stage that makes names too long', { stage: 'production-of-the-shop' }, 'stage'],
  ['events that go before their receipts', { eventRetentionDays: 35 }, 'eventRetentionDays'],
  ['a log length that CloudWatch does not know', { logRetentionDays: 31 }, 'logRetentionDays'],
  ['a colleague who is nobody', { colleagues: ['the team'] }, 'colleagues'],
  ['no run for browsers, which would throw all away', { collectConcurrency: 0 }, 'collectConcurrency'],
  ['a door that is closed', { requestsPerSecond: 0 }, 'requestsPerSecond'],
  ['runs for a queue that there is not', { concurrency: { enroll: 500 } }, 'concurrency'],
  ['one run, which AWS does not take for a queue', { concurrency: { enrol: 1 } }, 'concurrency'],
  ['a send rate of nothing', { sesRate: 0 }, 'sesRate'],
  ['a plain public address', { publicUrl: 'http://go.shop.example' }, 'publicUrl'],
  [
    'a shop by the address that its customers know',
    { storefronts: { shopify: { shop: 'birch.example' } } },
    'storefronts',
  ],
  ['a shop without TLS', { storefronts: { woocommerce: { url: 'http://shop.example' } } }, 'storefronts'],
  [
    'a shop with a key in its address',
    { storefronts: { woocommerce: { url: 'https://a:b@shop.example' } } },
    'storefronts',
  ],
  ['a storefront that cannot be asked', { storefronts: { segment: {} } }, 'storefronts'],
  ['no alarm address', { alarmEmail: undefined }, 'alarmEmail'],
])('%s is refused', (_, over, path) => {
  const { error } = stageSchema.safeParse({ ...least, ...over });
  expect(error?.issues.map((issue) => issue.path[0])).toContain(path);
});

test('a setting that nobody knows is refused by its name', () => {
  expect(stageSchema.safeParse({ ...least, sesrate: 5 }).error?.message).toContain('sesrate');
});

test('a slash at the end of the public address is dropped: links add their own', () => {
  expect(stageSchema.parse({ ...least, publicUrl: 'https://go.shop.example/' }).publicUrl).toBe(
    'https://go.shop.example',
  );
});

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tropa-stage-')), 'stage.json');
  writeFileSync(path, text);
  return path;
}

test('the file may have comments', () => {
  expect(readStage(fileOf(`// the shop\n${JSON.stringify(least)}`)).stage).toBe('prod');
});

test('a fault is told with the file and the setting', () => {
  const path = fileOf(JSON.stringify({ ...least, sesRate: 'ten' }));
  expect(() => readStage(path)).toThrow(path);
  expect(() => readStage(path)).toThrow('sesRate');
});

test('a file that is no JSON is told where it breaks', () => {
  expect(() => readStage(fileOf('{ "stage": }'))).toThrow('ValueExpected at character 11');
});

test('the example that the project ships is valid', () => {
  expect(readStage(new URL('../../tropa.stage.json', import.meta.url).pathname).stage).toBe('prod');
});
