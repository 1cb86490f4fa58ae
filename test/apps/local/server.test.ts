import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import timers from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serve } from '#apps/local/server.ts';
import { consentOn } from '#shared/condition/consent.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { openShop, purchase, registration, type Shop, START } from './shop.ts';

const LATER = '2026-03-02T10:05:00.000Z';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

/** What the shop knows of whom the only mail went to, and the path of its unsubscribe link. */
async function reader() {
  const [entry] = shop.runtime.inbox.mails.page({}, 2).entries;
  const mail = shop.runtime.inbox.mails.find(entry?.id ?? '')?.mail;
  const link = mail?.headers.find(({ name }) => name === 'List-Unsubscribe')?.value ?? '';
  const consent = async () => {
    const profile = await loadProfile(shop.runtime.table, entry?.tags['contact'] ?? '');
    return profile && consentOn(profile, await shop.runtime.published.settings(), 'email', 'news');
  };
  return { id: entry?.id ?? '', path: new URL(link.slice(1, -1)).pathname, consent };
}

it('turns a signed webhook into a mail in the inbox', async () => {
  const answer = await shop.post(registration('ann'));
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ accepted: 1 });
  await shop.runtime.drive(LATER);
  const { id } = await reader();
  const page = await (await fetch(`${shop.url}/mails/${id}`)).text();
  expect(page).toContain('Hello ann');
  expect(page).toContain('ann@mail.example');
  expect(shop.logged).toEqual([]);
});

it('starts a manual journey when a system of the shop asks for it', async () => {
  const care = {
    id: 'care',
    name: 'Care',
    status: 'live',
    topic: 'orders',
    trigger: { type: 'manual', data: { ticket: 'text' } },
    steps: [{ type: 'send', id: 'answer', template: 'thanks' }],
  };
  shop.runtime.take({ key: 'journeys/care.json', body: JSON.stringify(care) });
  await shop.runtime.drive('2026-03-02T10:01:00.000Z');
  const body = { journey: 'care', identities: { email: 'ann@mail.example' }, data: { ticket: 'T1' } };
  const answer = await shop.post(body, undefined, '/v1/journeys/care/start');
  expect(answer.status).toBe(202);
  await shop.runtime.drive(LATER);
  const mails = shop.runtime.inbox.mails.page({}, 2).entries;
  expect(mails.map(({ tags }) => tags['journey'])).toEqual(['care']);
  expect((await shop.post(body, undefined, '/v1/journeys/welcome/start')).status).toBe(409);
  expect((await shop.post(body, {}, '/v1/journeys/care/start')).status).toBe(401);
});

it('shows the mail to an author in the inbox, as plain text, and takes an answer to it for nothing', async () => {
  const { runtime } = shop;
  const stored = await runtime.published.settings();
  const authors = { default: 'team@corner.example' };
  runtime.take({ key: 'settings.json', body: JSON.stringify({ ...stored, authors }) });
  runtime.take({ key: 'journeys/slip.json', body: '{ "id": "<b>" ' });
  await runtime.drive(LATER);
  const entry = runtime.inbox.mails.page({}, 5).entries.find(({ subject }) => subject.includes('slip'));
  expect(await (await fetch(shop.url)).text()).toContain('report to the author');
  const page = await (await fetch(`${shop.url}/mails/${entry?.id}?view=text`)).text();
  expect(page).toContain('team@corner.example');
  expect(page).toContain('NOT PUBLISHED');
  expect(page).not.toContain('Unsubscribe');
  expect(await (await fetch(`${shop.url}/mails/${entry?.id}/html`)).text()).toContain('<pre>journeys/slip.json');
  await runtime.inbox.act(entry?.id ?? '', 'Bounce');
  await runtime.drive('2026-03-02T10:10:00.000Z');
  expect(runtime.queues.deadLetters('track')).toEqual([]);
  expect(runtime.counters.get('AuthorMailEvent')).toBeGreaterThan(0);
});

it('holds the clock while a request is worked on', async () => {
  const { deps, clock } = shop.runtime;
  const { secrets } = deps;
  let driven: Promise<void> | undefined;
  let seen = '';
  const get = async (name: string) => {
    driven ??= shop.runtime.drive(LATER);
    await timers.setTimeout(20);
    seen = clock.now();
    return secrets.get(name);
  };
  Object.assign(deps, { secrets: { get } });
  expect((await shop.post(registration('ann'))).status).toBe(202);
  await driven;
  expect([seen, clock.now()]).toEqual([START, LATER]);
});

it.each([
  ['without a signature', {}],
  [
    'with a forged one',
    { 'webhook-id': 'm', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' },
  ],
])('answers 401 to a webhook %s and takes nothing', async (_, headers) => {
  expect((await shop.post(registration('ann'), headers)).status).toBe(401);
  await shop.runtime.drive(LATER);
  expect(shop.runtime.inbox.mails.total()).toBe(0);
});

it('checks the signature on the bytes that came, text or not', async () => {
  const body = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
  const [secret = ''] = await shop.runtime.deps.secrets.get('webhook');
  const hmac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = hmac.update(`m1.${timestamp}.`).update(body).digest('base64');
  const headers = { 'webhook-id': 'm1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  const send = (bytes: Uint8Array<ArrayBuffer>) =>
    fetch(`${shop.url}/webhooks/generic`, { method: 'POST', headers, body: bytes });
  // Genuine, and no JSON; with one bit changed it is not genuine.
  expect((await send(body)).status).toBe(400);
  expect((await send(Buffer.from([0x7b, 0xff, 0xfe, 0x01, 0x7d]))).status).toBe(401);
});

it('knows no other source than those that ingest knows', async () => {
  expect((await fetch(`${shop.url}/webhooks/elsewhere`, { method: 'POST', body: '{}' })).status).toBe(404);
});

it.each(['GET', 'HEAD'])('changes nothing when a mail scanner follows the unsubscribe link with %s', async (method) => {
  await shop.post(registration('ann'));
  await shop.runtime.drive(LATER);
  const { path, consent } = await reader();
  const answer = await fetch(`${shop.url}${path}`, { method });
  expect(answer.status).toBe(200);
  expect((await answer.text()).includes('<form')).toBe(method === 'GET');
  await shop.runtime.drive('2026-03-02T10:10:00.000Z');
  expect(await consent()).toBe('granted');
});

it('withdraws consent when a mailbox posts to the unsubscribe link', async () => {
  await shop.post(registration('ann'));
  await shop.runtime.drive(LATER);
  const { path, consent } = await reader();
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  expect((await fetch(`${shop.url}${path}`, { method: 'POST', body })).status).toBe(200);
  await shop.runtime.drive('2026-03-02T10:10:00.000Z');
  expect(await consent()).toBe('denied');
});

it('answers 404 to an unsubscribe link that was tampered with', async () => {
  await shop.post(registration('ann'));
  await shop.runtime.drive(LATER);
  const { path, consent } = await reader();
  expect((await fetch(`${shop.url}${path.slice(0, -2)}AA`, { method: 'POST' })).status).toBe(404);
  await shop.runtime.drive('2026-03-02T10:10:00.000Z');
  expect(await consent()).toBe('granted');
});

it('counts each request to a use case as the Lambda call that it would be, and no look into the inbox', async () => {
  await shop.post(purchase('ann'));
  await shop.runtime.drive(LATER);
  const before = { ...shop.runtime.meter.counts };
  for (const path of ['/', '/mails/local-000000001', '/api/summary']) await fetch(shop.url + path);
  expect(shop.runtime.meter.counts).toEqual(before);
  await fetch(`${shop.url}/u/unknown`);
  expect(shop.runtime.meter.counts.lambda).toBe(before.lambda + 1);
});

it('answers the summary as JSON', async () => {
  const answer = await fetch(`${shop.url}/api/summary`);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.json()).toMatchObject({ contacts: 3, events: { recorded: 1234 } });
});

it('shows a mail again only once its answer is noted, or says that it is not', async () => {
  await shop.post(registration('ann'));
  await shop.runtime.drive(LATER);
  const { id } = await reader();
  const answer = async (kind: string) => {
    const body = new URLSearchParams({ kind });
    return (await fetch(`${shop.url}/mails/${id}/answer`, { method: 'POST', body })).text();
  };
  const opened = answer('Open');
  await timers.setTimeout(100);
  await shop.runtime.drive('2026-03-02T10:10:00.000Z');
  expect(await opened).toContain('Noted: opened.');
  // This clock stands still.
  expect(await answer('Click')).toContain('clicked. It is not noted yet');
});

it('answers 500 when something goes wrong inside, says so in the log, and goes on', async () => {
  const summary = () => Promise.reject(new Error('no counts'));
  const served = await serve(shop.runtime, { port: 0, summary });
  expect((await fetch(`${served.url}/api/summary`)).status).toBe(500);
  expect((await fetch(`${served.url}/inbox.css`)).status).toBe(200);
  expect(shop.logged).toEqual(['a request could not be answered']);
  await served.close();
});

it('closes also while somebody is still sending', async () => {
  const served = await serve(shop.runtime, { port: 0, summary: async () => ({}) });
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /webhooks/generic HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{');
  const hungUp = once(socket, 'close');
  await timers.setTimeout(20);
  await served.close();
  await hungUp;
  await expect(fetch(served.url)).rejects.toThrow();
  expect(shop.logged).toEqual([]);
});
