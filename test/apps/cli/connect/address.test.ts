import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { deliveryAddress, reach, shopifyAddress, wordpressAddress } from '#apps/cli/connect/address.ts';

it.each([
  ['mystore', 'mystore.myshopify.com'],
  ['MyStore.myshopify.com', 'mystore.myshopify.com'],
  ['https://mystore.myshopify.com/admin/products', 'mystore.myshopify.com'],
  ['https://admin.shopify.com/store/mystore/settings', 'mystore.myshopify.com'],
])('knows the shop in %s', (written, shop) => {
  expect(shopifyAddress(written)).toEqual({ shop, url: `https://${shop}` });
});

it.each([
  'shop.example',
  'https://shop.example',
  'my store',
  'http://mystore.myshopify.com',
  'evil.com/.myshopify.com',
])('takes %s for no shop of Shopify, whom a token may be shown', (written) => {
  expect(() => shopifyAddress(written)).toThrow(/\.myshopify\.com/);
});

it.each(['http://shop.example', 'shop.example', 'ftp://shop.example'])('asks no WordPress at %s', (written) => {
  expect(() => wordpressAddress(written)).toThrow(/https:\/\//);
});

it('delivers to the address of the source, unless it was said whole', () => {
  expect(deliveryAddress('https://a.example/x/', 'shopify')).toBe('https://a.example/x/webhooks/shopify');
  expect(deliveryAddress('https://a.example/webhooks/shopify', 'shopify')).toBe('https://a.example/webhooks/shopify');
});

it.each([
  [401, undefined],
  [404, /is no Tropa/],
  [200, /is no Tropa/],
])('knows Tropa by what it says to strangers: %s', async (status, said) => {
  const server = createServer((_, response) => void response.writeHead(status).end()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const found = await reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/shopify`);
  if (said === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(said);
});

it('says that nobody answers', async () => {
  expect(await reach('http://127.0.0.1:9/webhooks/shopify')).toMatch(/Nobody answers/);
});
