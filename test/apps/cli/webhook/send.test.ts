import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { secretName } from '#apps/cli/target/stage-secrets.ts';
import { isWell, printSend } from '#apps/cli/webhook/print-send.ts';
import { runSend } from '#apps/cli/webhook/send.ts';
import { noteRunning, noteStopped } from '#apps/local/running.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { stageHere } from '#test/apps/cli/target/stage-here.ts';
import { openShop, type Shop } from '#test/apps/local/shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

/** Senders sign by the time of the machine. */
const send = runSend(() => new Date().toISOString());

it.each([
  ['generic', 'registration', 202, 'registration'],
  ['shopify', 'orders/create', 200, 'purchase'],
  ['woocommerce', 'order.created', 200, 'purchase'],
  ['segment', 'Order Completed', 200, 'purchase'],
  ['stripe', 'checkout.session.completed', 200, 'purchase'],
])('a laptop in memory takes %s %s as it was signed', async (source, topic, status, type) => {
  const result = await send({ source, topic, to: shop.url });
  expect(result.answer.status, result.answer.body).toBe(status);
  expect(result.becomes.events.map((event) => event.type)).toContain(type);
  expect(isWell(result)).toBe(true);
  expect(printSend(result)).toContain(`Becomes   ${type}   `);
});

it('is recorded, of the address that was said', async () => {
  await send({ source: 'shopify', topic: 'orders/create', email: 'ann@shop.example', to: shop.url });
  await shop.runtime.drive('2026-03-02T10:05:00.000Z');
  const contact = shop.runtime.db.prepare("SELECT pk FROM rows WHERE sk = 'PROFILE'").all()[0]?.['pk'];
  const profile = await loadProfile(shop.runtime.table, String(contact).slice(2));
  expect(profile?.identities).toMatchObject({ email: 'ann@shop.example' });
});

it('posts a body from a file as it is, and says what nobody can read in it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tropa-send-')), 'order.json');
  writeFileSync(file, '{"id": 1, "email": "ann@shop.example"}\n');
  const result = await send({ source: 'shopify', topic: 'orders/create', file, to: shop.url });
  expect(result.body).toBe('{"id": 1, "email": "ann@shop.example"}\n');
  expect(result.answer.status).toBe(200);
  expect(isWell(result)).toBe(false);
  expect(printSend(result)).toContain('UNREADABLE   Shopify: created_at');
  await expect(send({ source: 'shopify', topic: 'orders/create', file: '/none', to: shop.url })).rejects.toThrow(
    /\/none cannot be read/,
  );
});

it('says why it was refused, and by which secret it would not be', async () => {
  const result = await send({ source: 'shopify', topic: 'orders/create', secret: 'another', to: shop.url });
  expect(isWell(result)).toBe(false);
  expect(printSend(result)).toMatch(/401.*\n.*--data DIR/);
});

it('erases nobody of a shop by a sample', async () => {
  const to = 'https://go.shop.example';
  const given = { source: 'shopify', topic: 'customers/redact', secret: 'known', to, email: 'ann@shop.example' };
  await expect(send(given)).rejects.toThrow(/would erase ann@shop.example/);
});

it('signs with what a server that keeps its state has said', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tropa-send-'));
  await expect(send({ source: 'stripe', topic: 'customer.created', data: dir })).rejects.toThrow(/Nothing runs on/);
  shop.runtime.kept.set('secret.source-stripe', 'whsec_kept');
  noteRunning(dir, { url: shop.url, secrets: { stripe: 'whsec_kept' } });
  expect(statSync(join(dir, 'running.json')).mode & 0o777).toBe(0o600);
  const { answer } = await send({ source: 'stripe', topic: 'customer.created', data: dir });
  expect(answer.status).toBe(200);
  noteStopped(dir);
  await expect(send({ source: 'stripe', topic: 'customer.created', data: dir })).rejects.toThrow(/Nothing runs on/);
});

it('asks nobody for a secret that is not theirs, and says where nobody answers', async () => {
  const to = 'https://go.shop.example';
  await expect(send({ source: 'shopify', topic: 'orders/create', to })).rejects.toThrow(/--secret, or --stage/);
  await expect(send({ source: 'shopify', topic: 'orders/create', to: 'ftp://a' })).rejects.toThrow(/no address/);
  const local = 'http://127.0.0.1:9';
  await expect(send({ source: 'shopify', topic: 'orders/create', to: local })).rejects.toThrow(/Nobody answers/);
});

it('signs for a stage with what is stored there, and writes to nobody whose mail would bounce', async () => {
  const aws = await stageHere(
    (close) => onTestFinished(close),
    () => ({}),
  );
  aws.secrets.set('tropa-test-source-shopify', 'stored\n');
  const seen: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.end('{"accepted":1}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const result = await send({ source: 'shopify', topic: 'orders/create', stage: 'test', to });
  expect(result.email).toMatch(/^success\+\d+@simulator\.amazonses\.com$/);
  const signature = createHmac('sha256', 'stored').update(result.body).digest('base64');
  expect(seen[0]).toMatchObject({ 'x-shopify-hmac-sha256': signature, 'x-shopify-topic': 'orders/create' });
  aws.secrets.set('arn:aws:secretsmanager:eu-central-1:123456789012:secret:Webhook', `whsec_${'a'.repeat(44)}`);
  const own = await send({ source: 'generic', topic: 'purchase', stage: 'test', to });
  expect(own.headers).toMatchObject({ 'webhook-signature': expect.stringMatching(/^v1,/) });
  expect(() => secretName('old', 'generic', {})).toThrow(/Deploy it again, or say --secret/);
  await expect(send({ source: 'woocommerce', topic: 'order.created', stage: 'test', to })).rejects.toThrow(
    /no secret tropa-test-source-woocommerce.*create-secret/,
  );
});
