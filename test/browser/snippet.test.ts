import { createServer, type Server } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from '#test/apps/local/shop.ts';
import { openBrowser } from './chromium.ts';

let browser: Browser;
let shop: Shop;
let storefront: Server;
let site = '';
let context: BrowserContext;
let page: Page;
/** What the page's script has sent, in the order of sending, and what it was answered. */
let said: { n: number; status: number; events: { type: string; anonymousId: string; data: object }[] }[];

beforeAll(async () => {
  browser = await openBrowser();
  shop = await openShop();
  storefront = createServer(({ url }, response) => {
    const attributes = url?.includes('ask') ? 'data-consent="required"' : '';
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Kettle</title>
      <script>window.Shopify = ${url?.includes('shopify') ? '{}' : 'undefined'};
      window.tropa = window.tropa || function (...a) { (tropa.q = tropa.q || []).push(a) };
      tropa('view', { productId: 17, title: 'Kettle', price: 39.9 })</script>
      <script async src="${shop.url}/collect/tropa.js" data-key="${shop.runtime.writeKey}" ${attributes}></script>`);
  });
  await new Promise<void>((resolve) => void storefront.listen(0, '127.0.0.1', resolve));
  const address = storefront.address();
  site = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  storefront?.close();
  await browser?.close();
  await shop?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  said = [];
  const sent: unknown[] = [];
  page.on('request', (request) => void sent.push(request));
  // The script goes on at the first byte of an answer: the news of its end may overtake each other.
  page.on('requestfinished', async (request) => {
    if (request.method() !== 'POST' || !request.url().startsWith(shop.url)) return;
    const status = (await request.response())?.status() ?? 0;
    said.push({ n: sent.indexOf(request), status, events: request.postDataJSON() });
    said.sort((a, b) => a.n - b.n);
  });
  return () => context.close();
});

const events = () => said.flatMap((each) => each.events);
const isEmpty = "localStorage.getItem('_tropa_q') === '[]'";

/** Does something while nobody can reach the shop. */
async function cutOff(act: () => Promise<void>): Promise<void> {
  const collect = `${shop.url}/collect/pk_*`;
  await page.route(collect, (route) => route.abort());
  await act();
  await page.unroute(collect);
}

it('tells what is looked at and put into the cart, by one browser of its own', async () => {
  await page.goto(site);
  await expect.poll(events).toHaveLength(1);
  await page.evaluate("tropa('cart', { total: 39.9, items: [{ productId: 17, quantity: 1 }] })");
  await expect.poll(events).toHaveLength(2);
  expect(said.map(({ status }) => status)).toEqual([204, 204]);
  expect(events().map(({ type }) => type)).toEqual(['product.viewed', 'cart.updated']);
  const id = await page.evaluate("tropa('id')");
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  await page.goto(`${site}/again`);
  await expect.poll(events).toHaveLength(3);
  expect(new Set(events().map(({ anonymousId }) => anonymousId))).toEqual(new Set([id]));
});

it('says it again, and the same, when the shop could not be reached', async () => {
  await cutOff(async () => {
    await page.goto(site);
    await page.waitForFunction("localStorage.getItem('_tropa_q')?.length > 10");
  });
  await page.goto(site);
  await expect.poll(events).toHaveLength(2);
  await page.waitForFunction(isEmpty);
});

const cartOf = (total: number, letters: number) =>
  `tropa('cart', { total: ${total}, note: '\u00e9'.repeat(${letters}) })`;
/** Until the script knows that what it said reached nobody: before, it would say no more. */
const inVain = (act: () => Promise<unknown>) => Promise.all([page.waitForEvent('requestfailed'), act()]);
const totals = () => events().flatMap(({ data }) => ('total' in data ? [data.total] : []));

it('sends large carts in parts that are taken, and leaves out one that never would be', async () => {
  await cutOff(async () => {
    await inVain(() => page.goto(site));
    for (let i = 1; i <= 12; i += 1) await inVain(() => page.evaluate(cartOf(i, i === 5 ? 16_000 : 4000)));
  });
  await page.evaluate(cartOf(13, 1));
  await page.waitForFunction(isEmpty);
  await expect.poll(totals).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(new Set(said.map(({ status }) => status))).toEqual(new Set([204]));
});

it('sends fewer at once where so many are too large, and goes on behind one that is', async () => {
  const isOdd = (body: string) => body.includes('"total":2');
  await cutOff(async () => {
    await inVain(() => page.goto(site));
    for (let i = 1; i <= 4; i += 1) await inVain(() => page.evaluate(cartOf(i, 1)));
  });
  await page.route(`${shop.url}/collect/pk_*`, (route) =>
    isOdd(route.request().postData() ?? '')
      ? route.fulfill({ status: 413, headers: { 'access-control-allow-origin': '*' } })
      : route.continue(),
  );
  await page.evaluate(cartOf(5, 1));
  await page.waitForFunction(isEmpty);
  const taken = () => said.flatMap(({ status, events: all }) => (status === 204 ? all : [])).map(({ data }) => data);
  await expect.poll(taken).toMatchObject([{ productId: 17 }, { total: 1 }, { total: 3 }, { total: 4 }, { total: 5 }]);
});

it('loses nothing to a call that cannot be said', async () => {
  await page.goto(site);
  const returned = await page.evaluate("const a = { total: 1 }; a.self = a; tropa('cart', a); tropa('view', 1n); 7");
  await page.evaluate(cartOf(8, 1));
  await expect.poll(totals).toEqual([8]);
  expect(returned).toBe(7);
});

it.each(['{"a":1}', '[1,null,"x",{}]', '7', '"text"', 'nope', 'null'])(
  'starts where %s lies in its place',
  async (lies) => {
    await page.addInitScript(`localStorage.setItem('_tropa_q', ${JSON.stringify(lies)})`);
    await page.goto(site);
    await expect.poll(events).toMatchObject([{ data: { productId: 17 } }]);
    expect(said[0]?.status).toBe(204);
  },
);

it('says nothing and keeps nothing before it may, where consent is asked for', async () => {
  await page.goto(`${site}/ask`);
  await page.evaluate("tropa('view', { productId: 18 })");
  expect(await page.evaluate("tropa('id')")).toBeUndefined();
  expect(await context.cookies()).toEqual([]);
  await page.evaluate("tropa('consent', true)");
  await page.evaluate("tropa('view', { productId: 19 })");
  await expect.poll(events).toMatchObject([{ data: { productId: 19 } }]);
  await page.evaluate("tropa('consent', false)");
  await page.evaluate("tropa('view', { productId: 20 })");
  expect(await context.cookies()).toEqual([]);
  await page.waitForTimeout(300);
  expect(events()).toHaveLength(1);
});

it('follows nobody whose browser says not to', async () => {
  await page.addInitScript("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })");
  await page.goto(site);
  await page.waitForTimeout(300);
  expect([events(), await context.cookies()]).toEqual([[], []]);
});

it("puts the browser's id into a Shopify cart, once a visit", async () => {
  const carts: unknown[] = [];
  await page.route(`${site}/cart/update.js`, (route) => {
    carts.push(route.request().postDataJSON());
    return route.fulfill({ status: 200, body: '{}' });
  });
  await page.goto(`${site}/shopify`);
  await expect.poll(() => carts).toHaveLength(1);
  await page.goto(`${site}/shopify`);
  await page.waitForTimeout(300);
  expect(carts).toEqual([{ attributes: { _tropa_id: await page.evaluate("tropa('id')") } }]);
});
