import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectCommand } from '#apps/cli/commands/connect.ts';
import { type ConnectRequest, runConnect } from '#apps/cli/connect/run.ts';
import { stageHere } from '#test/apps/cli/target/stage-here.ts';
import { keepEnvironment } from '#test/build/environment.ts';
import type { Fault } from './fake-shops.ts';
import { APP, shopifyHere, TOKEN } from './shopify-here.ts';

const run = runConnect({ reach: async () => undefined, sleep: async () => {} });

let shop: Awaited<ReturnType<typeof shopifyHere>>;
beforeEach(async () => {
  shop = await shopifyHere((close) => onTestFinished(close));
});

const request = (given: Partial<ConnectRequest> = {}, proof = APP): ConnectRequest => ({
  shop: { source: 'shopify', shop: shop.url, proof },
  endpoint: 'https://go.shop.example',
  check: false,
  move: false,
  renew: false,
  storeSecret: false,
  ...given,
});
const exchanges = () => shop.asked.filter(({ path }) => path === '/admin/oauth/access_token').length;

it('fetches one token by the id and the secret of an app, and registers the webhooks by it', async () => {
  expect((await run(request())).left).toEqual([]);
  expect(exchanges()).toBe(1);
});

it('stores on a stage what the catch-up fetches its tokens by, beside what the webhooks are signed with', async () => {
  const aws = await stageHere(
    (close) => onTestFinished(close),
    () => ({}),
  );
  const onStage = { endpoint: undefined, stage: 'test', signing: APP.secret };
  await run(request({ ...onStage, storeSecret: true, check: true }));
  await run(request(onStage));
  expect(aws.secrets.size).toBe(0);
  await run(request({ ...onStage, storeSecret: true }));
  expect(Object.fromEntries(aws.secrets)).toEqual({
    'tropa-test-source-shopify': APP.secret,
    'tropa-test-source-shopify-api': `${APP.id}:${APP.secret}`,
  });
});

describe('says what to do about', () => {
  const refused = (error: string): Fault => {
    const body = { error, error_description: 'No.' };
    return ({ path }) => (path.includes('oauth') ? { status: 400, body } : undefined);
  };
  it.each<[string, Fault, RegExp]>([
    ['an app of others', refused('shop_not_permitted'), /shop_not_permitted: No\.\). So .*same organization/],
    ['an app that is not installed', refused('app_not_installed'), /So install the app/],
    ['an app that is not known', refused('constructor'), /compare SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET/],
    ['a refusal in HTML', () => ({ status: 400, body: '<h1>no</h1>' }), /it says: 400\). So compare/],
    ['a shop that is none', () => ({ status: 404, body: '<h1>no</h1>' }), /not known.*\.myshopify\.com/],
    ['an end that is broken', () => ({ status: 502, body: '' }), /502.*again later/],
    ['too many requests', () => ({ status: 429, headers: { 'retry-after': '1' }, body: '' }), /429.*again later/],
    ['a shop that moved', () => ({ status: 302, headers: { location: 'https://b.example/' }, body: '' }), /b\.example/],
    ['a page of somebody', () => ({ body: '<h1>Hello</h1>' }), /no token of Shopify: Hello/],
  ])('%s', async (_, fault, message) => {
    shop.state.fault = fault;
    await expect(run(request())).rejects.toThrow(message);
    await expect(run(request())).rejects.not.toThrow(APP.secret);
  });

  it('a secret that is not the app’s', async () => {
    await expect(run(request({}, { ...APP, secret: 'shpss_other' }))).rejects.toThrow(/invalid_client.*compare/);
  });
});

describe('the command', () => {
  const asked: string[] = [];
  const putBack = keepEnvironment();
  afterEach(() => {
    putBack();
    process.exitCode = 0;
  });

  async function command(environment: Record<string, string>, answers: Record<string, string>, ...words: string[]) {
    asked.splice(0);
    for (const name of ['SHOPIFY_CLIENT_ID', 'SHOPIFY_CLIENT_SECRET', 'SHOPIFY_API_TOKEN'])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    const out = new PassThrough();
    const ask = async (question: string) => {
      asked.push(question);
      return Object.entries(answers).find(([begin]) => question.startsWith(begin))?.[1] ?? '';
    };
    await connectCommand(run, { out, err: out }, ask).parseAsync(
      ['shopify', '--shop', shop.url, '--endpoint', 'https://go.shop.example', ...words],
      { from: 'user' },
    );
    return text(out.end());
  }
  const app = { SHOPIFY_CLIENT_ID: APP.id, SHOPIFY_CLIENT_SECRET: APP.secret };

  it('takes the app of the environment before a token there, and prints none of them', async () => {
    const said = await command({ ...app, SHOPIFY_API_TOKEN: 'shpat_of_yesterday' }, {});
    expect(exchanges()).toBe(1);
    for (const secret of [APP.id, APP.secret, TOKEN]) expect(said).not.toContain(secret);
  });

  it('takes a token that lasts where no app is named, or where it is told to', async () => {
    await command({ SHOPIFY_API_TOKEN: TOKEN }, {});
    await command(app, { 'Admin API access token': TOKEN }, '--token', '-');
    expect(exchanges()).toBe(0);
    expect(asked).toHaveLength(1);
  });
});
