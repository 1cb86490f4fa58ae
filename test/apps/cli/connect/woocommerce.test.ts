import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectCommand } from '#apps/cli/commands/connect.ts';
import { isWell, printConnect } from '#apps/cli/connect/print.ts';
import { type ConnectRequest, runConnect } from '#apps/cli/connect/run.ts';
import { WOOCOMMERCE_TOPICS } from '#shared/source/woocommerce.ts';
import { stageHere } from '#test/apps/cli/target/stage-here.ts';
import type { Fault } from './fake-shops.ts';
import { CONSUMER_SECRET, KEY, woocommerceHere } from './woocommerce-here.ts';

const HERE = 'https://go.shop.example/webhooks/woocommerce';
const deps = { reach: async () => undefined, sleep: async () => {} };
const run = runConnect(deps);

let shop: Awaited<ReturnType<typeof woocommerceHere>>;
beforeEach(async () => {
  shop = await woocommerceHere((close) => onTestFinished(close));
});

const request = (given: Partial<ConnectRequest> = {}): ConnectRequest => ({
  shop: { source: 'woocommerce', url: shop.url, key: KEY, secret: CONSUMER_SECRET },
  endpoint: 'https://go.shop.example',
  check: false,
  move: false,
  renew: false,
  storeSecret: false,
  ...given,
});

const writes = () => shop.asked.filter(({ method }) => method !== 'GET').length;
const secrets = () => new Set([...shop.webhooks.values()].map(({ secret }) => secret));

it('makes all webhooks with one new secret, says it once, and changes nothing when it is run again', async () => {
  const first = await run(request());
  expect(first.mended.map(({ topic }) => topic)).toEqual(WOOCOMMERCE_TOPICS);
  const [secret = ''] = secrets();
  expect(secrets().size).toBe(1);
  expect(secret).toMatch(/^[0-9a-f]{48}$/);
  expect(printConnect(first, { check: false })).toContain(`--secret-string '${secret}'`);
  const before = writes();
  const second = await run(request());
  expect([second.mended, second.left, writes()]).toEqual([[], [], before]);
  expect(printConnect(second, { check: false })).not.toContain(secret);
});

it('gives those that are there the new secret, too, when one is missing and nobody knows theirs', async () => {
  shop.put('order.created', HERE);
  await run(request());
  expect(secrets().size).toBe(1);
  expect(secrets()).not.toContain('made by hand');
  expect(shop.webhooks.size).toBe(WOOCOMMERCE_TOPICS.length);
});

it('uses a secret that is said, and shows it to nobody', async () => {
  shop.put('order.created', HERE, { secret: 'the one of before' });
  const result = await run(request({ signing: 'the one of before' }));
  expect([...secrets()]).toEqual(['the one of before']);
  expect(JSON.stringify(result)).not.toContain('the one of before');
});

it.each([
  ['disabled', /STOPPED +order.created +it was switched off after too many failures/],
  ['paused', /STOPPED +order.created +it is paused/],
])('switches on what is %s', async (status, line) => {
  await run(request({ signing: 'known' }));
  const one = shop.webhooks.get(1);
  Object.assign(one ?? {}, { status, secret: 'another' });
  const checked = await run(request({ signing: 'known', check: true }));
  expect(printConnect(checked, { check: true })).toMatch(line);
  expect(one?.status).toBe(status);
  await run(request({ signing: 'known' }));
  expect(one).toMatchObject({ status: 'active', secret: 'known' });
});

it('finds webhooks of further pages, and says which are there twice or for nothing', async () => {
  for (let i = 0; i < 120; i += 1) shop.put('product.updated', 'https://erp.example/');
  for (const topic of WOOCOMMERCE_TOPICS) shop.put(topic, HERE);
  shop.put('order.created', HERE);
  shop.put('coupon.created', HERE);
  const result = await run(request({ check: true }));
  expect(result.fine).toEqual(WOOCOMMERCE_TOPICS);
  expect(result.notes).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/order.created comes 2 times, and counts once/),
      expect.stringMatching(/coupon.created comes, and no journey can use it/),
    ]),
  );
});

describe('says how to mend', () => {
  const error =
    (status: number, code: string, message = 'No.'): Fault =>
    () => ({ status, body: { code, message } });
  it.each<[string, Fault, RegExp]>([
    [
      'a wrong key',
      error(401, 'woocommerce_rest_authentication_error', 'Consumer key is invalid.'),
      /Consumer key is inv.*Read\/Write/,
    ],
    ['a server that drops the key', error(401, 'woocommerce_rest_cannot_view'), /header Authorization.*SetEnvIf/],
    ['a firewall', () => ({ status: 403, body: '<html>Blocked</html>' }), /firewall/],
    ['a WordPress without WooCommerce', error(404, 'rest_no_route'), /plugin active/],
    ['plain permalinks', () => ({ status: 404, body: '<html>' }), /Permalinks/],
    [
      'another address',
      () => ({ status: 301, headers: { location: 'https://www.shop.example/' }, body: '' }),
      /www\.shop\.example.*Say that one/,
    ],
    ['a shop that has too much to do', () => ({ status: 429, body: '' }), /again in a minute/],
    ['maintenance', () => ({ status: 503, body: '' }), /maintenance/],
    ['a list that is none', () => ({ body: { hello: 1 } }), /no list of webhooks/],
  ])('%s', async (_, fault, message) => {
    shop.state.fault = fault;
    await expect(run(request())).rejects.toThrow(message);
    await expect(run(request())).rejects.not.toThrow(CONSUMER_SECRET);
  });

  it('a key that may only read', async () => {
    shop.state.permission = 'read';
    await expect(run(request())).rejects.toThrow(/does not have write permissions.*Read\/Write/);
    expect((await run(request({ check: true }))).left).toHaveLength(WOOCOMMERCE_TOPICS.length);
  });

  it('one webhook that the shop does not take, and makes the others', async () => {
    shop.state.fault = ({ method, body }) =>
      method === 'POST' && body.topic === 'order.restored'
        ? { status: 400, body: { code: 'x_invalid_topic', message: 'Webhook topic must be valid.' } }
        : undefined;
    const result = await run(request());
    expect(result.left).toMatchObject([{ topic: 'order.restored', why: expect.stringContaining('must be valid') }]);
    expect(shop.webhooks.size).toBe(WOOCOMMERCE_TOPICS.length - 1);
  });
});

it('stores a new secret on the stage before any webhook signs with it', async () => {
  const aws = await stageHere(
    (close) => onTestFinished(close),
    () => ({}),
  );
  let storedFirst = false;
  shop.state.fault = ({ method }) => {
    if (method === 'POST') storedFirst ||= aws.secrets.size === 1;
    return undefined;
  };
  const onStage = { endpoint: undefined, stage: 'test' };
  const result = await run(request({ ...onStage, storeSecret: true }));
  expect([storedFirst, result.secret, isWell(result)]).toEqual([true, 'stored', true]);
  expect([...secrets()]).toEqual([aws.secrets.get('tropa-test-source-woocommerce')]);
  shop.webhooks.delete(1);
  await run(request(onStage));
  expect(secrets().size).toBe(1);
});

it.each([
  ['http://127.0.0.1:4400', /No storefront reaches 127\.0\.0\.1:4400.*tunnel/],
  ['http://go.shop.example', /https only/],
  ['go.shop.example', /no address/],
  [undefined, /Where is Tropa\?.*--stage NAME.*--endpoint/],
])('refuses the endpoint %s', async (endpoint, message) => {
  await expect(run(request({ endpoint }))).rejects.toThrow(message);
});

it('reads key and secret from the environment or asks for them, and ends with 1 while something is wrong', async () => {
  let text = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  const command = (...words: string[]) =>
    connectCommand(run, { out, err: out }, async () => CONSUMER_SECRET).parseAsync(
      ['woocommerce', '--url', shop.url, '--endpoint', 'https://go.shop.example', ...words],
      { from: 'user' },
    );
  await command('--key', KEY, '--secret', '-', '--check');
  expect(process.exitCode).toBe(1);
  process.env['WOOCOMMERCE_API_TOKEN'] = `${KEY}:${CONSUMER_SECRET}`;
  onTestFinished(() => {
    delete process.env['WOOCOMMERCE_API_TOKEN'];
    process.exitCode = 0;
  });
  await command();
  expect(process.exitCode).toBe(0);
  expect(text).not.toContain(CONSUMER_SECRET);
  process.env['WOOCOMMERCE_API_TOKEN'] = 'ck_only';
  await expect(command()).rejects.toThrow(/with a colon between them/);
});
