import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CollectDeps, collect } from '#functions/collect/collect.ts';
import { SNIPPET } from '#shared/collect/snippet.ts';
import { CollectingBus, CollectingQueue, CountingMetrics, quiet } from '#test/build/ports.ts';
import { StillClock } from '#test/build/table.ts';
import { made } from '../../../tools/snippet/made.ts';

const KEY = 'pk_0123456789abcdef';
const BROWSER = 'c0ffee00c0ffee00c0ffee00c0ffee00';

let bus: CollectingBus;
let overflow: CollectingQueue;
let deps: CollectDeps;

beforeEach(() => {
  bus = new CollectingBus();
  overflow = new CollectingQueue();
  const ports = { bus, overflow, log: quiet, metrics: new CountingMetrics() };
  deps = { clock: new StillClock(), keys: [KEY], free: new Map(), ...ports };
});

const viewed = (given: object = {}) => ({
  ...{ id: 'a1b2c3d4', type: 'product.viewed', anonymousId: BROWSER, ago: 1500 },
  data: { productId: 4711, title: 'Kettle', price: 39.9, category: 'brewing', url: 'https://shop.example/kettle' },
  ...given,
});

async function post(body: unknown, key = KEY, method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const http = { pathParameters: { key }, requestContext: { http: { method } } };
  return collect({ ...http, headers: {}, body: text, isBase64Encoded: false }, deps);
}

const details = () => bus.entries.map(({ detail }) => detail);

describe('a browser', () => {
  it('says what was looked at, a while ago by its own clock', async () => {
    const answer = await post([viewed()]);
    expect(answer).toMatchObject({ statusCode: 204, headers: { 'access-control-allow-origin': '*' } });
    expect(details()).toEqual([
      {
        ...{
          id: `browser:${BROWSER}:a1b2c3d4`,
          type: 'product.viewed',
          at: '2026-03-02T08:59:58.500Z',
          source: 'browser',
        },
        identities: { anonymousId: BROWSER },
        data: { ...viewed().data, productId: '4711' },
      },
    ]);
  });

  it('says what lies in the cart', async () => {
    const data = { cartId: 'c1', total: 79.8, items: [{ productId: '4711', quantity: 2, price: 39.9 }] };
    expect(await post([viewed({ type: 'cart.updated', data })])).toMatchObject({ statusCode: 204 });
    expect(details()).toMatchObject([{ type: 'cart.updated', data }]);
  });

  it.each([
    ['a purchase', { type: 'purchase', data: { total: 1 } }],
    ['who somebody is', { identities: { email: 'ann@shop.example' } }],
    ['what somebody agrees to', { consents: [] }],
    ['what is known of somebody', { traits: { tier: 'gold' } }],
    ['that it is somebody whose number it knows', { anonymousId: 'short' }],
    ['something of the future', { ago: -1 }],
    ['something of last week', { ago: 7 * 86_400_000 }],
    ['nothing of a product', { data: {} }],
    ['a link that runs', { data: { productId: '1', url: 'javascript:alert(1)' } }],
  ])('cannot say %s', async (_, given) => {
    expect(await post([viewed(given)])).toMatchObject({ statusCode: 400 });
    expect(bus.entries).toEqual([]);
  });

  it('is heard with what it may say, when some of it may not be said', async () => {
    expect(await post([viewed({ type: 'purchase' }), viewed()])).toMatchObject({ statusCode: 204 });
    expect(bus.entries).toHaveLength(1);
  });

  it.each([
    ['without a key of the shop', () => post([viewed()], 'pk_ffffffffffffffff'), 401],
    ['with a name that objects have', () => post([viewed()], 'constructor'), 401],
    ['with no list', () => post(viewed()), 400],
    ['with 21 at once', () => post(Array.from({ length: 21 }, () => viewed())), 400],
    ['with what is no JSON', () => post('{'), 400],
    ['with more than 32 KB', () => post(`["${'x'.repeat(32_768)}"]`), 413],
  ])('is refused %s', async (_, act, statusCode) => {
    expect(await act()).toMatchObject({ statusCode });
    expect(bus.entries).toEqual([]);
  });

  it('is told to wait when a key is used too fast, and may come again later', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => post([viewed()])));
    expect(answers.filter(({ statusCode }) => statusCode === 204)).toHaveLength(400);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(100);
  });

  it('is heard while the bus is down, and told to come again when the queue is, too', async () => {
    deps = { ...deps, bus: { put: () => Promise.reject(new Error('down')) } };
    expect(await post([viewed()])).toMatchObject({ statusCode: 204 });
    expect(overflow.bodies).toHaveLength(1);
    deps = { ...deps, overflow: { send: () => Promise.reject(new Error('down')) } };
    expect(await post([viewed()])).toMatchObject({ statusCode: 503 });
  });
});

describe('the script', () => {
  it('is served to every page', async () => {
    const answer = await post('', 'tropa.js', 'GET');
    expect(answer).toMatchObject({ statusCode: 200, body: SNIPPET });
    expect(answer.headers['content-type']).toMatch(/^text\/javascript/);
  });

  it('has at most 2 KB', () => {
    expect(Buffer.byteLength(SNIPPET)).toBeLessThanOrEqual(2048);
  });

  it('is what its source says', async () => {
    expect(readFileSync('shared/collect/snippet.ts', 'utf8')).toBe(
      await made(readFileSync('apps/browser/snippet.js', 'utf8')),
    );
  });
});
