import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { afterEach, expect, test } from 'vitest';
import { oneAttempt, SesMailer } from '#shared/adapters/aws/mailer.ts';
import { MailAmbiguous, MailDeferred } from '#shared/errors.ts';

/** What the SDK does by itself is seen only by a server that counts what it is asked. */

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function mailerAgainst(handle: (end: (status: number, type: string) => void, cut: () => void) => void) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const end = (status: number, type: string) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type }).end('{}');
    };
    request.resume().on('end', () => handle(end, () => response.destroy()));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const client = new SESv2Client({
    ...oneAttempt,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return { mailer: new SesMailer('shop-set', client), requests: () => requests };
}

const mail = { from: 'a@b.example', to: 'c@d.example', subject: 's', html: 'h', text: 't', headers: [], tags: {} };

test('a connection that breaks after the request left is ambiguous and not tried again', async () => {
  const { mailer, requests } = await mailerAgainst((_, cut) => cut());
  await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailAmbiguous);
  expect(requests()).toBe(1);
});

test.each([
  { status: 500, type: 'InternalServiceErrorException', kind: MailAmbiguous },
  { status: 503, type: 'ServiceUnavailableException', kind: MailAmbiguous },
  { status: 429, type: 'TooManyRequestsException', kind: MailDeferred },
])('a $status is $kind.name after one attempt', async ({ status, type, kind }) => {
  const { mailer, requests } = await mailerAgainst((end) => end(status, type));
  await expect(mailer.send(mail)).rejects.toBeInstanceOf(kind);
  expect(requests()).toBe(1);
});

test('a server that nobody runs has taken nothing', async () => {
  const client = new SESv2Client({
    ...oneAttempt,
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await expect(new SesMailer('shop-set', client).send(mail)).rejects.toBeInstanceOf(MailDeferred);
});
