import { beforeEach, describe, expect, it } from 'vitest';
import { type IngestDeps, ingest } from '#functions/ingest/ingest.ts';
import { privacy } from '#functions/privacy/privacy.ts';
import { readFacts } from '#shared/source/source.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { customer, headersOf, order, redact, SECRET, SHOP, signature } from '#test/build/shopify.ts';
import * as woocommerce from '#test/build/woocommerce.ts';
import { drained } from '#test/functions/ingest/drained.ts';

const FORMER = 'the secret before it';
const SECRETS: Readonly<Record<string, string[]>> = {
  'source-shopify': [SECRET, FORMER],
  'source-woocommerce': [woocommerce.SECRET],
};
const REDACT = redact();

let shop: HandShop;
let deps: IngestDeps;

beforeEach(async () => {
  shop = await HandShop.open([]);
  const secrets = { get: async (id: string) => SECRETS[id] ?? ['another'] };
  deps = { ...shop.deps, overflow: shop.overflow, secrets, secretId: 'webhook', sourceSecrets: 'source-' };
});

type Given = { secret?: string; headers?: Record<string, string>; encoded?: boolean; source?: string };

async function post(topic: string, content: unknown, given: Given = {}) {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const { encoded = false, secret = SECRET, source = 'shopify' } = given;
  const signed = { 'x-shopify-hmac-sha256': signature(body, secret) };
  const answer = await ingest(
    {
      headers: { ...headersOf(topic), ...signed, ...given.headers },
      pathParameters: { source },
      requestContext: { http: { method: 'POST' } },
      body: encoded ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: encoded,
    },
    deps,
  );
  return [answer.statusCode, JSON.parse(answer.body || '{}')];
}

const onBus = () => shop.bus.entries.map(({ detailType }) => detailType);

describe('a delivery', () => {
  it.each<[what: string, given: Given]>([
    ['as it is', {}],
    ['wrapped in base64 on the way', { encoded: true }],
    ['signed with the secret that is being replaced', { secret: FORMER }],
  ])('%s lies on the bus when it is answered', async (_, given) => {
    expect(await post('orders/create', order({ note: 'Żółć ☕' }), given)).toEqual([200, { accepted: 2 }]);
    expect(onBus()).toEqual(['purchase', 'customer.updated']);
  });

  it.each<[what: string, given: Given]>([
    ['of another secret', { secret: 'made up' }],
    ['of the secret of another source', { secret: 'another' }],
    ['of another body', { headers: { 'x-shopify-hmac-sha256': signature(JSON.stringify(order({ id: 1 }))) } }],
  ])('with a signature %s is refused', async (_, given) => {
    expect(await post('orders/create', order(), given)).toEqual([401, expect.any(Object)]);
    expect(onBus()).toEqual([]);
  });

  it('of a shop that is none of those that the stage names is refused, whatever signs it', async () => {
    deps = { ...deps, shops: { shopify: ['elm.myshopify.com'] } };
    expect(await post('orders/create', order())).toEqual([401, { error: expect.stringContaining('shopifyShops') }]);
    expect(onBus()).toEqual([]);
    deps = { ...deps, shops: { shopify: ['elm.myshopify.com', SHOP] } };
    expect((await post('orders/create', order()))[0]).toBe(200);
  });

  it('of what no journey can use is answered, with the reason', async () => {
    expect(await post('orders/edited', {})).toEqual([200, { accepted: 0, ignored: expect.any(String) }]);
  });

  it('that nobody can read is kept as it came, with what tells what it is', async () => {
    expect(await post('orders/create', order({ created_at: 'noon' }))).toEqual([200, { accepted: 0 }]);
    const { 'x-shopify-event-id': _, ...headers } = headersOf('orders/create');
    expect(shop.overflow.bodies).toMatchObject([
      { delivery: { source: 'shopify', headers, text: expect.stringContaining('noon') } },
    ]);
    await expect(drained(shop.overflow.bodies[0], deps)).rejects.toThrow(/created_at/);
  });
});

describe('what a customer asks of the shop by law', () => {
  it('is put on the bus for whoever answers it, and is no event of anybody', async () => {
    expect(await post('customers/redact', REDACT)).toEqual([200, { accepted: 0 }]);
    expect(onBus()).toEqual(['privacy.requested']);
    await expect(shop.contact()).rejects.toThrow("nobody's");
  });

  it('is carried out: a customer who is known is forgotten', async () => {
    await post('customers/update', customer());
    for (const { detail } of shop.bus.entries) await shop.enrol(detail);
    expect(await shop.contact()).toMatchObject({ identities: { email: 'ann@shop.example' } });
    await post('customers/redact', REDACT);
    const asked = shop.bus.entries.at(-1)?.detail;
    expect(await privacy(asked, { ...shop.deps, bucket: shop.bucket })).toMatchObject({ kind: 'erase', contacts: 1 });
    await expect(shop.contact()).rejects.toThrow("nobody's");
  });

  it('comes back from the overflow queue when the bus has refused it', async () => {
    const put = shop.bus.put.bind(shop.bus);
    shop.bus.put = async (entries) => entries.map((_, i) => i);
    expect(await post('shop/redact', { shop_id: 954, shop_domain: SHOP })).toEqual([200, { accepted: 0 }]);
    shop.bus.put = put;
    await drained(shop.overflow.bodies[0], deps);
    expect(shop.bus.entries.map(({ detail }) => detail)).toMatchObject([{ kind: 'erase-shop', identities: {} }]);
  });

  it('can be asked by nobody who signs with the secret of events', () => {
    const event = {
      id: 'e1',
      type: 'privacy.requested',
      at: '2026-03-02T09:00:00Z',
      identities: { email: 'a@b.example' },
    };
    expect(readFacts([event], 'generic').rejected).toMatchObject([{ error: expect.stringContaining("Tropa's own") }]);
  });
});

describe('WooCommerce', () => {
  const from = async (body: string, headers: Record<string, string>) => {
    const http = { pathParameters: { source: 'woocommerce' }, requestContext: { http: { method: 'POST' } } };
    return (await ingest({ ...http, headers, body, isBase64Encoded: false }, deps)).statusCode;
  };
  const placed = JSON.stringify(woocommerce.order());
  const headers = woocommerce.headersOf('order.created');

  it('is answered 200 when it asks, unsigned, whether anybody is there; nothing comes of it', async () => {
    deps = { ...deps, secrets: { get: () => Promise.reject(new Error('asked')) } };
    expect(await from('webhook_id=12', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(200);
    expect(onBus()).toEqual([]);
  });

  it('is taken when it signs with its own secret, and only then', async () => {
    const by = (secret: string) => ({ ...headers, 'x-wc-webhook-signature': woocommerce.signature(placed, secret) });
    expect(await from(placed, by(SECRET))).toBe(401);
    expect(await from(placed, headers)).toBe(401);
    expect(onBus()).toEqual([]);
    expect(await from(placed, by(woocommerce.SECRET))).toBe(200);
    expect(onBus()).toEqual(['purchase']);
  });
});
