import { beforeEach, describe, expect, it } from 'vitest';
import { type IngestDeps, ingest } from '#functions/ingest/ingest.ts';
import { CollectingBus, CollectingQueue, CountingMetrics, quiet } from '#test/build/ports.ts';
import { headersOf, order, redact, SECRET, SHOP, signature } from '#test/build/shopify.ts';
import { StillClock } from '#test/build/table.ts';
import { drained } from '#test/functions/ingest/drained.ts';

let metrics: CountingMetrics;
let bus: CollectingBus;
let overflow: CollectingQueue;
let deps: IngestDeps;

beforeEach(() => {
  metrics = new CountingMetrics();
  bus = new CollectingBus();
  overflow = new CollectingQueue();
  const secrets = { get: async () => [SECRET] };
  const names = { secretId: 'webhook', sourceSecrets: 'source-' };
  deps = { clock: new StillClock(), bus, overflow, secrets, ...names, log: quiet, metrics };
});

/** Shopify posts this, signed; the status of the answer. */
async function post(topic: string, content: unknown, headers: object = {}): Promise<number> {
  const body = JSON.stringify(content);
  const signed = { ...headersOf(topic), 'x-shopify-hmac-sha256': signature(body), ...headers };
  const http = { pathParameters: { source: 'shopify' }, requestContext: { http: { method: 'POST' } } };
  return (await ingest({ ...http, headers: signed, body, isBase64Encoded: false }, deps)).statusCode;
}

const SHOPIFY = { source: 'shopify' };

describe('of what a storefront posts is counted, with its name,', () => {
  it('how much of it was taken', async () => {
    await post('orders/create', order());
    expect(metrics.counted).toEqual([['EventsAccepted', 2, SHOPIFY]]);
  });

  it('what could not be read', async () => {
    await post('orders/create', order({ created_at: 'noon' }));
    expect(metrics.counted).toEqual([
      ['EventsAccepted', 0, SHOPIFY],
      ['EventsRejected', expect.any(Number), SHOPIFY],
    ]);
    expect(metrics.counts['EventsRejected']).toBeGreaterThan(0);
  });

  it('what no journey can use', async () => {
    await post('orders/edited', {});
    expect(metrics.counted).toEqual([['DeliveriesIgnored', 1, SHOPIFY]]);
  });

  it('that a signature is missing or wrong', async () => {
    await post('orders/create', order(), { 'x-shopify-hmac-sha256': undefined });
    await post('orders/create', order(), { 'x-shopify-hmac-sha256': signature('{}') });
    expect(metrics.counted).toEqual([
      ['WebhookRefused', 1, { ...SHOPIFY, verdict: 'unsigned' }],
      ['WebhookRefused', 1, { ...SHOPIFY, verdict: 'forged' }],
    ]);
  });

  it('that it comes from a shop that is not one of ours, or that says not who it is', async () => {
    deps = { ...deps, shops: { shopify: ['elm.myshopify.com'] } };
    expect(await post('orders/create', order())).toBe(401);
    expect(await post('orders/create', order(), { 'x-shopify-shop-domain': undefined })).toBe(401);
    const refused = ['WebhookRefused', 1, { ...SHOPIFY, verdict: 'other-shop' }];
    expect(metrics.counted).toEqual([refused, refused]);
    deps = { ...deps, shops: { woocommerce: ['elm.example'], shopify: [] } };
    expect(await post('orders/create', order())).toBe(200);
  });

  it('how many events the bus has refused, which the overflow queue has instead', async () => {
    bus.put = () => Promise.reject(new Error('no route'));
    expect(await post('orders/create', order())).toBe(200);
    expect(metrics.counted).toEqual([
      ['BusRefused', 2],
      ['EventsAccepted', 2, SHOPIFY],
    ]);
    expect(overflow.bodies).toHaveLength(2);
  });

  it('nothing of what was not taken', async () => {
    bus.put = () => Promise.reject(new Error('no route'));
    overflow.send = () => Promise.reject(new Error('no route'));
    expect(await post('orders/create', order())).toBe(503);
    expect(metrics.counts).not.toHaveProperty('EventsAccepted');
  });

  it('nothing of a delivery that is to be kept unread, and was not', async () => {
    overflow.send = () => Promise.reject(new Error('no route'));
    expect(await post('orders/create', order({ created_at: 'noon' }))).toBe(503);
    expect(metrics.counted).toEqual([]);
  });
});

it('a path that names no source says where to post', async () => {
  const http = { requestContext: { http: { method: 'POST' } }, headers: {}, body: '', isBase64Encoded: false };
  for (const pathParameters of [undefined, {}, { source: 'elsewhere' }, { source: 'constructor' }]) {
    const { statusCode, body } = await ingest({ ...http, ...(pathParameters && { pathParameters }) }, deps);
    expect(statusCode).toBe(404);
    expect(JSON.parse(body).error).toMatch(/^no such source; post to \/webhooks\/generic or \/webhooks\//);
  }
});

describe('a delivery that comes back from the overflow queue', () => {
  const kept = (topic: string, content: unknown) => ({
    delivery: { source: 'shopify', headers: headersOf(topic), text: JSON.stringify(content) },
  });

  it('is a request of a customer where it tells of one', async () => {
    await drained(kept('customers/redact', redact()), { bus });
    expect(bus.entries.map(({ detailType }) => detailType)).toEqual(['privacy.requested']);
  });

  it('is done with where no journey can use it any more', async () => {
    await drained(kept('orders/edited', {}), { bus });
    expect(bus.entries).toEqual([]);
  });

  it('puts nothing on the bus where nothing of it can be read', async () => {
    bus.put = () => Promise.reject(new Error('asked'));
    await expect(drained(kept('orders/create', order({ created_at: 'noon' })), { bus })).rejects.toMatchObject({
      reason: 'unreadable-delivery',
      message: expect.stringMatching(/^shopify: .*created_at/),
    });
  });

  it('says how much of it had no room, and asks for nothing else', async () => {
    const { delivery } = kept('orders/create', order());
    await expect(drained({ delivery: { ...delivery, lacks: 1 } }, { bus })).rejects.toMatchObject({
      reason: 'unreadable-delivery',
      message: 'shopify: the last 1 characters had no room; ask for it again',
    });
    expect(bus.entries).toEqual([]);
  });
});

it('no shop says who it is by a name that objects have', async () => {
  deps = { ...deps, shops: { constructor: [SHOP] } };
  expect(await post('orders/create', order())).toBe(200);
});
