import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { httpEvent } from '#apps/local/http-event.ts';
import type { HttpRequest } from '#shared/http.ts';

/** What a request becomes of which these lines are the head. */
async function eventOf(...lines: string[]): Promise<HttpRequest> {
  const server = createServer((request, response) => {
    server.emit('read', httpEvent(request, {}, '', Buffer.alloc(0)));
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(`GET / HTTP/1.1\r\n${['Host: shop.example', ...lines].join('\r\n')}\r\n\r\n`);
  const [event] = await once(server, 'read');
  return event;
}

it('has all values of a header under one name in small letters, as the HTTP API has them', async () => {
  const { headers } = await eventOf('X-One: a', 'x-one: b', 'Content-Type: text/plain', 'content-type: x/y', 'X-None:');
  expect(headers).toMatchObject({
    'x-one': 'a,b',
    'content-type': 'text/plain,x/y',
    'x-none': '',
    host: 'shop.example',
  });
});

it('takes a header that is called like a part of every object for one like others', async () => {
  const { headers } = await eventOf('__proto__: a', 'constructor: b');
  expect(Object.entries(headers)).toEqual(
    expect.arrayContaining([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]),
  );
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
});
