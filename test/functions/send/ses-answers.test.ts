import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AwsApi } from '#shared/adapters/aws/api.ts';
import { oneAttempt, SesMailer } from '#shared/adapters/aws/mailer.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { CREDENTIALS } from '#test/shared/adapters/aws/stand-in.ts';

/** What comes of a message for each answer that SES may give, through the real adapter and over a real connection. */

const MINUTE = 60_000;
const LANES = ['marketing', 'transactional'] as const;

type Answer = (request: IncomingMessage, response: ServerResponse, body: () => Promise<string>) => Promise<void> | void;

const says =
  (status: number, name: string, message = 'no'): Answer =>
  async (_, response, body) => {
    await body();
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
      .end(JSON.stringify({ message }));
  };
const accepts: Answer = async (_, response, body) => {
  await body();
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ MessageId: 'ses-real' }));
};
const silence: Answer = async (_, __, body) => void (await body());

/** SES on this machine, which answers each request with the next of these, and the last for ever. */
async function ses(...answers: readonly Answer[]) {
  const taken: string[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? accepts;
    asked += 1;
    const body = async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      taken.push(text);
      return text;
    };
    void Promise.resolve(answer(request, response, body)).catch(() => {});
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = new AwsApi('email', {
    ...oneAttempt,
    endpoint,
    region: 'eu-central-1',
    credentials: () => CREDENTIALS,
    // A busy machine may take its time over an answer; over silence nobody has to wait.
    timeout: answers.includes(silence) ? 150 : 5000,
  });
  return { mailer: new SesMailer('shop-set', api), asked: () => asked, taken };
}

/** A shop with one mail in the outbox, which has been handed to SES once. */
async function handedOver(lane: (typeof LANES)[number], ...answers: readonly Answer[]) {
  const topics = settings({ topics: { offers: { kind: 'marketing' }, orders: { kind: 'transactional' } } });
  const topic = lane === 'marketing' ? 'offers' : 'orders';
  const shop = await HandShop.open([journey({ topic, steps: [send('hello'), wait('w', 'P9D')] })], topics);
  await shop.enrol(event('cart.updated', { consents: [consent('offers', '2026-03-01T00:00:00.000Z')] }));
  await shop.leg().run();
  const server = await ses(...answers);
  const begun = shop.clock.now();
  await shop.send({ mailer: server.mailer });
  const later = async (minutes: number) => {
    shop.clock.pass(minutes * MINUTE);
    await shop.review();
    await shop.send({ mailer: server.mailer });
  };
  return { shop, server, begun, later, message: () => shop.message('hello') };
}

describe.each(LANES)('a %s mail', (lane) => {
  it.each<[string, number, string?]>([
    ['TooManyRequestsException', 429, 'Maximum sending rate exceeded.'],
    ['ThrottlingException', 400, 'Rate exceeded'],
    ['LimitExceededException', 400, 'Daily message quota exceeded.'],
    ['SendingPausedException', 400, 'Sending is disabled for the configuration set.'],
    ['AccountSuspendedException', 400, 'The account is suspended.'],
    ['MailFromDomainNotVerifiedException', 400, 'The MAIL FROM domain is not verified.'],
    [
      'MessageRejected',
      400,
      'Email address is not verified. The following identities failed the check: hello@shop.example',
    ],
  ])('waits in the outbox when SES answers %s (%i), and goes once when it may', async (name, status, text) => {
    const { shop, server, later, message } = await handedOver(lane, says(status, name, text), accepts);
    expect(await message()).toEqual(expect.objectContaining({ state: 'queued', facts: {} }));
    expect((await message()).claim).toBeUndefined();
    expect(shop.metrics.counts).toMatchObject({ MailDeferred: 1 });
    for (let n = 0; n < 20; n += 1) await later(5);
    expect(await message()).toMatchObject({
      state: 'done',
      providerId: 'ses-real',
      facts: { sent: expect.any(String) },
    });
    expect(server.asked()).toBe(2);
  });

  it.each([
    ['MessageRejected', 'Address blacklisted.'],
    ['BadRequestException', 'Invalid header.'],
  ])('has failed when SES answers %s, and is not tried again', async (name, text) => {
    const { shop, server, later, message } = await handedOver(lane, says(400, name, text), accepts);
    expect(await message()).toMatchObject({ state: 'done', reason: name, facts: { failed: expect.any(String) } });
    expect(shop.metrics.counts).toMatchObject({ MailRejected: 1 });
    for (let n = 0; n < 5; n += 1) await later(15);
    expect(server.asked()).toBe(1);
  });
});

const AMBIGUOUS: readonly [string, Answer][] = [
  ['a 500', says(500, 'InternalServiceErrorException')],
  ['a 503', says(503, 'ServiceUnavailable')],
  ['silence after the mail was taken', silence],
  ['a connection reset before the mail was read', (request) => void request.socket.resetAndDestroy()],
  [
    'a connection reset after it was read',
    async (request, _, body) => {
      await body();
      request.socket.resetAndDestroy();
    },
  ],
  [
    'a connection reset amid the answer',
    async (request, response, body) => {
      await body();
      response.writeHead(200, { 'content-length': '100' }).write('{"Mess');
      setTimeout(() => request.socket.resetAndDestroy(), 20);
    },
  ],
];

describe.each(AMBIGUOUS)('after %s, when nobody knows whether a mail was taken,', (_, answer) => {
  it('it stays claimed and is not tried again for fifteen minutes', async () => {
    const { shop, server, later, message } = await handedOver('transactional', answer, accepts);
    expect(await message()).toMatchObject({ state: 'claimed', facts: {}, claim: { attempt: 1 } });
    expect(shop.metrics.counts).toMatchObject({ MailAmbiguous: 1 });
    for (let n = 0; n < 14; n += 1) await later(1);
    expect(server.asked()).toBe(1);
  });

  it('a marketing mail is unknown then, and never sent again', async () => {
    const { server, later, message } = await handedOver('marketing', answer, accepts);
    for (let n = 0; n < 8; n += 1) await later(16);
    expect(await message()).toMatchObject({ state: 'done', facts: { unknown: expect.any(String) } });
    expect(server.asked()).toBe(1);
  });

  it('a transactional one is sent once more, and no third time', async () => {
    const { server, later, message } = await handedOver('transactional', answer);
    for (let n = 0; n < 8; n += 1) await later(16);
    expect(await message()).toMatchObject({ state: 'done', facts: { unknown: expect.any(String) } });
    expect(server.asked()).toBe(2);
  });

  it.each(LANES)('a word of SES settles it: the %s mail has gone', async (lane) => {
    const { shop, server, later, message, begun } = await handedOver(lane, answer, accepts);
    const { contact, id } = await message();
    const timestamp = plusMillis(begun, 1000);
    const tags = { contact: [contact], message: [id] };
    await shop.track({
      eventType: 'Send',
      mail: { timestamp, messageId: 'ses-1', destination: ['ann@shop.example'], tags },
    });
    for (let n = 0; n < 4; n += 1) await later(16);
    expect(await message()).toMatchObject({ state: 'done', providerId: 'ses-1', facts: { sent: timestamp } });
    expect((await message()).facts.unknown).toBeUndefined();
    expect(server.asked()).toBe(1);
  });
});
