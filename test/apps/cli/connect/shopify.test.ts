import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isWell, printConnect } from '#apps/cli/connect/print.ts';
import { type ConnectRequest, runConnect } from '#apps/cli/connect/run.ts';
import { SUBSCRIBED } from '#shared/source/shopify/topics.ts';
import { stageHere } from '#test/apps/cli/target/stage-here.ts';
import type { Fault } from './fake-shops.ts';
import { shopifyHere, TOKEN } from './shopify-here.ts';

const HERE = 'https://go.shop.example/webhooks/shopify';
const waits: number[] = [];
const run = runConnect({ reach: async () => undefined, sleep: async (millis) => void waits.push(millis) });

let shop: Awaited<ReturnType<typeof shopifyHere>>;
beforeEach(async () => {
  waits.length = 0;
  shop = await shopifyHere((close) => onTestFinished(close));
});

const request = (given: Partial<ConnectRequest> = {}): ConnectRequest => ({
  shop: { source: 'shopify', shop: shop.url, proof: { token: TOKEN } },
  endpoint: 'https://go.shop.example/',
  check: false,
  move: false,
  renew: false,
  storeSecret: false,
  ...given,
});

const written = () => shop.asked.filter(({ body }) => body.query.startsWith('mutation')).length;

it('subscribes to all that Tropa reads, and changes nothing when it is run again', async () => {
  const first = await run(request());
  expect(first.mended.map(({ topic, wrong }) => [topic, wrong])).toEqual(SUBSCRIBED.map((topic) => [topic, 'missing']));
  expect([...shop.subscriptions.values()].map(({ uri }) => uri)).toEqual(SUBSCRIBED.map(() => HERE));
  expect(isWell(first)).toBe(true);
  const before = written();
  const second = await run(request());
  expect([second.mended, second.left, second.fine]).toEqual([[], [], SUBSCRIBED]);
  expect(written()).toBe(before);
});

it('changes nothing where it is to look only, and says what is missing', async () => {
  const result = await run(request({ check: true }));
  expect(written()).toBe(0);
  expect(isWell(result)).toBe(false);
  expect(printConnect(result, { check: true })).toMatch(/MISSING +orders\/create +nobody is told of it\.\n/);
});

it('takes the filter, the choice of fields and the format from what leaves things out', async () => {
  await run(request());
  const one = shop.subscriptions.values().next().value;
  Object.assign(one ?? {}, { filter: 'total:>100', includeFields: ['id'], format: 'XML' });
  const result = await run(request());
  expect(result.mended).toMatchObject([{ topic: 'orders/create', wrong: 'cut' }]);
  expect(one).toMatchObject({ filter: null, includeFields: [], format: 'JSON', uri: HERE });
});

it('moves what goes to an address of the past only if it is told to, and leaves what is others', async () => {
  const past = shop.put('ORDERS_CREATE', 'https://old.shop.example/webhooks/shopify');
  const others = shop.put('ORDERS_UPDATED', 'https://erp.example/hook');
  const beside = await run(request());
  expect(beside.mended.find(({ topic }) => topic === 'orders/create')?.says).toMatch(/old\.shop\.example.*--move/);
  expect(past.uri).toBe('https://old.shop.example/webhooks/shopify');
  shop.subscriptions.clear();
  shop.subscriptions.set(past.id, past).set(others.id, others);
  await run(request({ move: true }));
  expect(past.uri).toBe(HERE);
  expect(others.uri).toBe('https://erp.example/hook');
  expect(shop.subscriptions.size).toBe(SUBSCRIBED.length + 1);
});

it.each([
  ['unstable', /VERSION.*unstable of .* which changes without notice: choose 2026-07/],
  ['2019-04', /VERSION.*2019-04.*too old/],
])('says of the version %s that only a person can choose another', async (version, line) => {
  shop.state.version = version;
  const result = await run(request());
  expect(result.left).toHaveLength(SUBSCRIBED.length);
  expect(isWell(result)).toBe(false);
  expect(printConnect(result, { check: false })).toMatch(line);
});

it('takes a newer version for no fault, and says it once', async () => {
  shop.state.version = '2026-10';
  const result = await run(request());
  expect([isWell(result), result.left]).toEqual([true, []]);
  expect(printConnect(result, { check: false }).match(/2026-10/g)).toHaveLength(1);
});

it('goes on after a topic that Shopify does not give, and says what the app lacks', async () => {
  shop.state.refuses.set(
    'CUSTOMERS_CREATE',
    'This app is not approved to subscribe to webhook topics containing protected customer data. See https://x',
  );
  shop.state.refuses.set('CARTS_CREATE', 'You cannot create a webhook subscription with the specified topic');
  const result = await run(request());
  expect(result.mended).toHaveLength(SUBSCRIBED.length - 2);
  expect(result.left.map(({ topic, why }) => [topic, why])).toEqual([
    ['carts/create', expect.stringMatching(/specified topic\. So .*read_orders/)],
    ['customers/create', expect.stringMatching(/So ask for access to protected customer data/)],
  ]);
});

describe('says how to mend', () => {
  it.each<[string, Fault, RegExp]>([
    ['a token of another shop', () => ({ status: 401, body: { errors: 'no' } }), /does not know this token.*shpat_/],
    ['an unpaid bill', () => ({ status: 402, body: {} }), /bill/],
    ['a lack of rights', () => ({ status: 403, body: {} }), /read_orders, read_customers/],
    ['a shop that is none', () => ({ status: 404, body: '<h1>no</h1>' }), /\.myshopify\.com/],
    ['a request that is not taken', () => ({ status: 422, body: '' }), /does not take/],
    ['an end that is broken', () => ({ status: 500, body: '' }), /broken for the moment/],
    ['too many requests', () => ({ status: 429, headers: { 'retry-after': '2.0' }, body: '' }), /again in a minute/],
    ['a shop that moved', () => ({ status: 301, headers: { location: 'https://b.example/' }, body: '' }), /b\.example/],
    [
      'a scope that is lacking',
      () => ({ body: { errors: [{ message: 'Access denied for x', extensions: { code: 'ACCESS_DENIED' } }] } }),
      /Access denied for x.*scopes/,
    ],
    ['a page of somebody', () => ({ body: '<h1>Hello</h1>' }), /no answer of Shopify: Hello/],
  ])('%s', async (_, fault, message) => {
    shop.state.fault = fault;
    await expect(run(request())).rejects.toThrow(message);
    await expect(run(request())).rejects.not.toThrow(TOKEN);
  });
});

it('waits as long as Shopify says, and while it is throttled', async () => {
  let asked = 0;
  shop.state.fault = () => {
    asked += 1;
    if (asked === 1) return { status: 429, headers: { 'retry-after': '2.5' }, body: { errors: 'Exceeded' } };
    if (asked === 2) return { body: { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }] } };
    return undefined;
  };
  expect(isWell(await run(request()))).toBe(true);
  expect(waits).toEqual([2500, 3000]);
});

it('stores the client secret on a stage only when it is asked to, and else says the command', async () => {
  const aws = await stageHere(
    (close) => onTestFinished(close),
    () => ({}),
  );
  const onStage = { endpoint: undefined, stage: 'test', signing: 'shpss_secret' };
  const first = await run(request(onStage));
  expect([first.address, first.secret, isWell(first)]).toEqual([HERE, 'missing', false]);
  const text = printConnect(first, { check: false });
  expect(text).toContain(
    'aws secretsmanager create-secret --name tropa-test-source-shopify --secret-string "$SHOPIFY_CLIENT_SECRET"',
  );
  expect(text).not.toContain('shpss_secret');
  expect(aws.secrets.size).toBe(0);
  const second = await run(request({ ...onStage, storeSecret: true }));
  expect([second.secret, isWell(second)]).toEqual(['stored', true]);
  expect(aws.secrets.get('tropa-test-source-shopify')).toBe('shpss_secret');
  const third = await run(request({ ...onStage, signing: 'shpss_other' }));
  expect([third.secret, third.command]).toEqual(['differs', expect.stringContaining('put-secret-value')]);
  await expect(
    run(request({ endpoint: undefined, stage: 'test', signing: undefined, storeSecret: true })),
  ).resolves.toMatchObject({
    secret: 'stored',
  });
});
