import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BadInput } from '#apps/cli/bad-input.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { sweeps } from '#apps/local/sweeps.ts';
import { fromMillis, plusMillis } from '#shared/time/instant.ts';
import { order } from '#test/build/shopify.ts';
import { ShopServer, wholeSecond } from '#test/faults/shop-server.ts';

it('asks a storefront at once, and records what it says', async () => {
  const now = () => fromMillis(Date.now());
  const server = new ShopServer(now);
  const url = await server.open();
  const updated = wholeSecond(plusMillis(now(), -5 * 60_000));
  server.put('orders', { id: 9001, created: updated, updated, body: order({ processed_at: updated }) });
  const runtime = openRuntime({
    start: 'real',
    eventDays: 400,
    mailsPerSecond: 14,
    publicUrl: 'http://localhost',
  });
  const said: string[] = [];
  const asked = [{ name: 'shopify', url }] as const;
  const stop = sweeps(asked, { SHOPIFY_API_TOKEN: 'token' }, (line) => void said.push(line))(runtime);
  for (let i = 0; i < 100 && said.length === 0; i += 1) await pause(20);
  expect(said).toEqual(['Catch-up  shopify customers: done, shopify orders: done']);
  expect(runtime.tallies.of('laid')).toBe(1);
  stop();
  runtime.close();
  server.close();
});

it('says which variable lacks the token', () => {
  const begin = () => sweeps([{ name: 'woocommerce', url: 'https://shop.example' }], {}, () => {});
  expect(begin).toThrow(BadInput);
  expect(begin).toThrow('WOOCOMMERCE_API_TOKEN');
});
