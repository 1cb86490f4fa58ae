import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { webhookCommand } from '#apps/cli/commands/webhook.ts';
import { runSend } from '#apps/cli/webhook/send.ts';
import { runTail } from '#apps/cli/webhook/tail.ts';
import { noteRunning } from '#apps/local/running.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { entryOf } from '#shared/event/put.ts';
import { openShop, registration, type Shop } from '#test/apps/local/shop.ts';
import { event } from '#test/build/event.ts';

const send = runSend(() => new Date().toISOString());

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

/** What the command prints of what is there, line by line. */
async function tail(...words: string[]): Promise<string[]> {
  let text = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  const command = webhookCommand({ send, tail: runTail }, { out, err: out });
  await command.parseAsync(['tail', '--no-follow', ...words], { from: 'user' });
  return text.trimEnd().split('\n');
}
const passed = () => shop.runtime.drive('2026-03-02T10:05:00.000Z');

it('shows what was recorded, and whose it is in part only', async () => {
  await send({ source: 'shopify', topic: 'orders/create', email: 'ann@shop.example', to: shop.url });
  await passed();
  const lines = await tail('--to', shop.url);
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d {2}shopify +purchase +recorded +shopify:\S+:purchase {2}contact \S{8}$/),
    expect.stringMatching(/customer.updated +recorded/),
  ]);
  expect(lines.join()).not.toContain('@');
  expect((await tail('--to', shop.url, '--show')).join()).toContain('ann@shop.example');
});

it('shows what came twice, and what was put aside with its reason', async () => {
  await shop.post(registration('ann'));
  await passed();
  await shop.post(registration('ann'));
  await shop.post({ ...registration('ben'), at: '2020-01-01T00:00:00Z' });
  await shop.runtime.drive('2026-03-02T10:06:00.000Z');
  expect(await tail('--to', shop.url)).toEqual([
    expect.stringMatching(/registration +recorded +registration-ann {2}contact/),
    expect.stringMatching(/registration +duplicate +registration-ann {2}contact/),
    expect.stringMatching(/registration +parked +registration-ben {2}too-old$/),
  ]);
});

it('shows what was refused, what nobody could read, and what there is nothing to do about', async () => {
  await send({ source: 'shopify', topic: 'orders/create', secret: 'forged', to: shop.url });
  await shop.post({ type: 'purchase' });
  await send({ source: 'shopify', topic: 'orders/edited', to: shop.url });
  const file = join(mkdtempSync(join(tmpdir(), 'tropa-tail-')), 'order.json');
  writeFileSync(file, '{"id": 1}');
  await send({ source: 'shopify', topic: 'orders/create', file, to: shop.url });
  await fetch(`${shop.url}/webhooks/%1b[31mann@shop.example`, { method: 'POST', body: '{}' });
  await passed();
  const lines = await tail('--to', shop.url);
  expect(lines).toEqual([
    expect.stringMatching(/shopify +orders\/create +refused +401: the signature is missing or wrong$/),
    expect.stringMatching(/generic +a delivery +refused +id: is missing/),
    expect.stringMatching(/shopify +orders\/edited +ignored +the order tells of it/),
    expect.stringMatching(/ +refused +404: no such source/),
    expect.stringMatching(/shopify +orders\/create +unusable +unreadable-delivery: shopify: Shopify: created_at/),
  ]);
  expect(lines.join()).not.toMatch(/\p{Cc}|ann@/u);
});

it('shows what browsers were refused', async () => {
  await fetch(`${shop.url}/collect/pk_of_nobody`, { method: 'POST', body: '[]' });
  await fetch(`${shop.url}/collect/${shop.runtime.writeKey}`, { method: 'POST', body: '{"no": "list"}' });
  await fetch(`${shop.url}/collect/tropa.js`);
  expect(await tail('--to', shop.url)).toEqual([
    expect.stringMatching(/browser +a delivery +refused +401: there is no such write key$/),
    expect.stringMatching(/browser +a delivery +refused +400: a list of 1 to 20 events$/),
  ]);
});

it('shows what customers ask by law, and what was done', async () => {
  for (const topic of ['customers/data_request', 'shop/redact']) await send({ source: 'shopify', topic, to: shop.url });
  await passed();
  expect(await tail('--to', shop.url)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/shopify +a request by law \(export\) +answered +shopify:/),
      expect.stringMatching(/shopify +a request by law \(erase-shop\) +parked +shopify:.* {2}privacy$/),
    ]),
  );
});

it('hides addresses in ids of the shop, in JSON, too', async () => {
  await shop.post({ ...registration('ann'), id: 'signup:ann@mail.example:1' });
  await passed();
  expect(JSON.parse((await tail('--to', shop.url, '--json'))[0] ?? '')).toMatchObject({ event: 'signup:...@...:1' });
  const [shown = ''] = await tail('--to', shop.url, '--json', '--show');
  expect(JSON.parse(shown)).toMatchObject({
    event: 'signup:ann@mail.example:1',
    identities: { email: 'ann@mail.example' },
  });
});

it('finds the server of a data folder, and shows so many as were asked for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tropa-tail-'));
  noteRunning(dir, { url: shop.url, secrets: {} });
  for (const name of ['ann', 'ben', 'cid']) await shop.post(registration(name));
  await passed();
  expect(await tail('--data', dir, '--lines', '1')).toEqual([expect.stringContaining('registration-cid')]);
  expect(await tail('--data', dir, '--lines', '0')).toEqual(['']);
});

it('shows what a data folder has kept when nothing runs on it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tropa-tail-'));
  const start = '2026-03-02T09:00:00.000Z';
  const runtime = openRuntime({ dataDir, start, eventDays: 400, mailsPerSecond: 10, publicUrl: 'http://a' });
  const [one, old] = [
    event('purchase', { id: 'shopify:a:1', at: start }),
    event('purchase', { id: 'old', at: '2020-01-01T00:00:00.000Z' }),
  ];
  await runtime.bus.put([
    entryOf(one),
    entryOf(old),
    { source: 'tropa', detailType: 'purchase', detail: { id: 'bad', type: 'purchase', source: 'generic', at: start } },
  ]);
  await runtime.drive('2026-03-02T09:05:00.000Z');
  runtime.close();
  noteRunning(dataDir, { url: 'http://127.0.0.1:9', secrets: {} });
  const lines = await tail('--data', dataDir);
  expect(lines).toEqual([
    expect.stringMatching(/shopify +purchase +recorded +shopify:a:1 {2}contact \S{8}$/),
    expect.stringMatching(/purchase +parked +old {2}too-old$/),
    expect.stringMatching(/generic +purchase +unusable +bad {2}bad-event/),
  ]);
  expect((await tail('--data', dataDir, '--show')).join()).toContain('contact ann@shop.example');
});

it('goes on with what arrives, and says so when the server has gone', async () => {
  const seen: string[] = [];
  await shop.post(registration('ann'));
  await passed();
  const following = runTail(
    { to: shop.url, lines: 5, follow: true, show: false },
    ({ event: id = '' }) => void seen.push(id),
  );
  const over = expect(following).rejects.toThrow(/Nobody answers/);
  await shop.post(registration('ben'));
  await shop.runtime.drive('2026-03-02T10:06:00.000Z');
  await expect.poll(() => seen, { timeout: 5000 }).toEqual(['registration-ann', 'registration-ben']);
  await shop.close();
  await over;
  shop = await openShop();
});

it.each([
  [['--stage', 'prod', '--data', 'x'], /neither --data nor --to/],
  [['--to', 'http://127.0.0.1:9'], /Nobody answers/],
  [['--lines', 'many'], /--lines/],
])('says of %s what to do instead', async (words, message) => {
  await expect(tail(...words)).rejects.toThrow(message);
});
