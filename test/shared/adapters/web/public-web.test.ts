import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from '#shared/adapters/web/addresses.ts';
import { PublicWeb, type WebOptions } from '#shared/adapters/web/public-web.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server of somebody else's, on this machine. */
async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = { headers: { 'webhook-id': 'c1', 'content-type': 'application/json' }, body: '{"a":"ü"}', reads: true };
const post = (url: string, more: Partial<typeof request> = {}, options: WebOptions = {}) =>
  new PublicWeb({ trusted: [new URL(url).origin], ...options }).post(url, { ...request, ...more });

describe('a request to another system', () => {
  it('brings its headers and its body, and the answer back', async () => {
    const seen: unknown[] = [];
    const url = await served((asked, answer) => {
      const parts: Buffer[] = [];
      asked.on('data', (part) => parts.push(part));
      asked.on('end', () => {
        seen.push(asked.method, asked.url, asked.headers['webhook-id'], Buffer.concat(parts).toString());
        answer.setHeader('retry-after', '7').end('{"ok":"ü"}');
      });
    });
    expect(await post(`${url}/hook?x=1`)).toEqual({ status: 200, body: '{"ok":"ü"}', retryAfter: 7 });
    expect(seen).toEqual(['POST', '/hook?x=1', 'c1', '{"a":"ü"}']);
  });

  it('asks without a body, and brings the headers of the answer', async () => {
    const seen: unknown[] = [];
    const url = await served((asked, answer) => {
      seen.push(asked.method, asked.url, asked.headers['x-token'], asked.headers['content-length']);
      answer.setHeader('Link', '<next>; rel="next"').end('[1]');
    });
    const web = new PublicWeb({ trusted: [url] });
    const answer = { status: 200, body: '[1]', headers: expect.objectContaining({ link: '<next>; rel="next"' }) };
    expect(await web.get(`${url}/list?page=2`, { 'x-token': 't' })).toEqual(answer);
    expect(seen).toEqual(['GET', '/list?page=2', 't', undefined]);
    expect(await new PublicWeb().get(url, {})).toEqual({ failed: 'forbidden' });
  });

  it('ends with an answer that is cut off', async () => {
    const url = await served((_, answer) => {
      answer.writeHead(200, { 'content-length': 100 });
      answer.write('half of it', () => answer.destroy());
    });
    expect(await new PublicWeb({ trusted: [url] }).get(url, {})).toEqual({ failed: 'unreachable' });
  });

  it('ends when there is no answer in time, or it never ends', async () => {
    const silent = await served(() => {});
    const endless = await served((_, answer) => {
      answer.write('{');
    });
    const limits = { milliseconds: 100 };
    expect(await post(silent, {}, { limits })).toEqual({ failed: 'timed-out' });
    expect(await post(endless, {}, { limits })).toEqual({ failed: 'timed-out' });
  });

  it('reads no more of an answer than 64 KB, and nothing that is not wanted', async () => {
    const url = await served((_, answer) => void answer.end('x'.repeat(200_000)));
    expect(await post(url)).toEqual({ failed: 'too-large' });
    expect(await post(url, { reads: false })).toMatchObject({ status: 200, body: '' });
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const url = await served((_, answer) => {
      asked += 1;
      answer.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await post(url)).toMatchObject({ status: 302, body: '' });
    expect(asked).toBe(1);
  });

  it('to nobody is unreachable', async () => {
    expect(await post('http://127.0.0.1:1/')).toEqual({ failed: 'unreachable' });
  });
});

describe('what is not called', () => {
  /** A name server that says what it likes. */
  const resolving = (...addresses: string[]): WebOptions['resolve'] =>
    ((_: string, __: object, callback: (error: null, found: LookupAddress[]) => void) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as never;

  it.each([
    'http://crm.example/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://user:secret@8.8.8.8/',
  ])('%s', async (url) => {
    expect(await new PublicWeb().post(url, request)).toEqual({ failed: 'forbidden' });
  });

  it.each([['10.0.0.7'], ['169.254.169.254'], ['fd00:ec2::254'], ['93.184.216.34', '192.168.1.1']])(
    'a name that leads to %s',
    async (...addresses) => {
      const web = new PublicWeb({ resolve: resolving(...addresses) });
      expect(await web.post('https://crm.example/', request)).toEqual({ failed: 'forbidden' });
    },
  );

  it.each([
    ['8.8.8.8', true],
    ['93.184.216.34', true],
    ['2606:2800:220:1::1', true],
    ['172.15.0.1', true],
    ['172.16.0.1', false],
    ['100.64.0.1', false],
    ['224.0.0.1', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::1', false],
    ['fe80::1%eth0', false],
    ['fc00::1', false],
    ['::ffff:8.8.8.8', false],
    ['64:ff9b::a00:1', false],
    ['2002:7f00:1::', false],
    ['2001:db8::1', false],
    ['crm.example', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});
