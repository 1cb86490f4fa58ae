import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import timers from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '#apps/local/server.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { openShop, registration, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.post(registration('ann'));
  await shop.runtime.drive('2026-03-02T10:05:00.000Z');
});
afterAll(() => shop.close());
afterEach(async () => {
  // Whatever came before, the next reader is served, and nothing went wrong inside.
  expect((await fetch(shop.url)).status).toBe(200);
  expect(shop.logged).toEqual([]);
});

/** Speaks to the server byte by byte. Returns all that it answers until it hangs up. */
async function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(shop.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

const lines = (...list: string[]): string => `${list.join('\r\n')}\r\nConnection: close\r\n\r\n`;

describe('an odd request', () => {
  it.each([
    ['an unknown path', lines('GET /nowhere HTTP/1.1', 'Host: localhost'), 404],
    ['a path with broken percents', lines('GET /mails/%zz%00 HTTP/1.1', 'Host: localhost'), 404],
    ['percents that are no UTF-8', lines('GET /mails/%ff%fe HTTP/1.1', 'Host: localhost'), 404],
    ['a way out of the folder', lines('GET /mails/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1', 'Host: localhost'), 404],
    ['dots', lines('GET /../../etc/passwd HTTP/1.1', 'Host: localhost'), 404],
    ['no path at all', lines('OPTIONS * HTTP/1.1', 'Host: localhost'), 404],
    ['a whole address', lines('GET http://elsewhere.example/ HTTP/1.1', 'Host: localhost'), 404],
    ['two slashes', lines('GET //elsewhere.example/ HTTP/1.1', 'Host: localhost'), 404],
    ['an empty token', lines('GET /u/ HTTP/1.1', 'Host: localhost'), 404],
    ['a mail that is called __proto__', lines('GET /mails/__proto__ HTTP/1.1', 'Host: localhost'), 404],
    ['a name like a header in an address', lines('GET /mails/a%0d%0aSet-Cookie:x=1 HTTP/1.1', 'Host: localhost'), 404],
    ['numbers that are none', lines('GET /?before=-1&after=1e9&journey=%27--&to=%25 HTTP/1.1', 'Host: localhost'), 200],
    ['another method on the list', lines('DELETE / HTTP/1.1', 'Host: localhost'), 405],
    ['a look at a webhook', lines('GET /webhooks/generic HTTP/1.1', 'Host: localhost'), 405],
    ['an answer by GET', lines('GET /mails/local-000000001/answer?kind=Open HTTP/1.1', 'Host: localhost'), 405],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['an endless address', lines(`GET /${'x'.repeat(20_000)} HTTP/1.1`, 'Host: localhost'), 431],
  ])('with %s is answered', async (_, bytes, status) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('is told which methods there are', async () => {
    const answer = await fetch(`${shop.url}/u/x`, { method: 'PUT' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('gets a page when a browser makes it', async () => {
    const answer = await fetch(`${shop.url}/nowhere`, { headers: { accept: 'text/html' } });
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toContain('<h1>Not found</h1>');
  });
});

describe('a body of more than a megabyte', () => {
  it('is refused before it comes, when its length is told', async () => {
    const head = lines('POST /webhooks/generic HTTP/1.1', 'Host: localhost', 'Content-Length: 1000001');
    expect(await raw(head)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('is refused without the sender being asked for it', async () => {
    const head = lines('POST /u/x HTTP/1.1', 'Host: localhost', 'Content-Length: 9000000', 'Expect: 100-continue');
    expect(await raw(head)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('is refused as soon as it gets longer, when it comes in pieces', async () => {
    const head = lines('POST /webhooks/generic HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked');
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    expect(await raw(head + piece.repeat(16))).toMatch(/^HTTP\/1.1 413 /);
  });

  it('gets its answer also from a client that goes on sending', async () => {
    const answer = await fetch(`${shop.url}/webhooks/generic`, { method: 'POST', body: 'x'.repeat(1_000_001) });
    expect(answer.status).toBe(413);
  });

  it('is not read where nobody takes one', async () => {
    expect((await fetch(`${shop.url}/nowhere`, { method: 'POST', body: 'x'.repeat(3_000_000) })).status).toBe(404);
  });

  it('may be just one', async () => {
    const answer = await fetch(`${shop.url}/webhooks/generic`, { method: 'POST', body: 'x'.repeat(1_000_000) });
    expect(answer.status).toBe(401);
  });
});

it('bears a sender that goes away in the middle of its body', async () => {
  const { hostname, port } = new URL(shop.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write('POST /webhooks/generic HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"id"');
  await timers.setTimeout(20);
  socket.destroy();
  await once(socket, 'close');
});

describe('the inbox', () => {
  /** Lets Tropa hear of an answer, and says what the list shows then. */
  const answered = async (headers: Record<string, string>) => {
    const body = 'kind=Bounce';
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const type = 'Content-Type: application/x-www-form-urlencoded';
    const length = `Content-Length: ${body.length}`;
    const answer = await raw(lines('POST /mails/local-000000001/answer HTTP/1.1', ...head, type, length) + body);
    await shop.runtime.drive(plusMillis(shop.runtime.clock.now(), 1000));
    const list = await (await fetch(shop.url)).text();
    return { status: Number(answer.split(' ', 2)[1]), bounced: list.includes('bounced') };
  };

  it.each([
    ['under the name of another host', { host: 'evil.example' }],
    ['from a form of another site', { host: 'localhost', origin: 'http://evil.example' }],
    ['from another server of this machine', { host: 'localhost:1', origin: 'http://localhost:2' }],
    ['from a page without an origin', { host: 'localhost', origin: 'null' }],
    ['from what the browser calls another site', { host: 'localhost', 'sec-fetch-site': 'cross-site' }],
    ['from what the browser calls the same site', { host: 'localhost', 'sec-fetch-site': 'same-site' }],
  ])('takes no answer %s', async (_, headers) => {
    expect(await answered(headers)).toEqual({ status: 403, bounced: false });
  });

  it.each(['/', '/mails/local-000000001', '/mails/local-000000001/html', '/api/summary'])(
    'shows %s under no other name than this machine’s',
    async (path) => {
      expect(await raw(lines(`GET ${path} HTTP/1.1`, 'Host: rebound.example'))).toMatch(/^HTTP\/1.1 403 /);
      expect(await raw(lines(`GET ${path} HTTP/1.1`, 'Host: LOCALHOST:8080'))).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  it('takes an answer from itself', async () => {
    const headers = { host: 'localhost:1', origin: 'http://localhost:1', 'sec-fetch-site': 'same-origin' };
    expect(await answered(headers)).toEqual({ status: 303, bounced: true });
  });
});

it('is reached from this machine only, and by its one address', async () => {
  expect(new URL(shop.url).hostname).toBe('127.0.0.1');
  const elsewhere = shop.url.replace('127.0.0.1', '127.0.0.2');
  await expect(fetch(elsewhere, { signal: AbortSignal.timeout(2000) })).rejects.toThrow();
});

it('says so when the port is taken', async () => {
  const port = Number(new URL(shop.url).port);
  const summary = async () => ({});
  await expect(serve(shop.runtime, { port, summary })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
