import { lookup } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Reader, Reading, Reply, Web } from '#shared/ports.ts';
import { isPublicAddress } from './addresses.ts';

const LIMITS = { milliseconds: 10_000, bytes: 64 * 1024 };

export type WebOptions = {
  /** Origins that may be called wherever they lie, and without TLS: for the laptop. @default none */
  readonly trusted?: readonly string[];
  readonly limits?: Partial<typeof LIMITS>;
  /** How names are resolved. @default the system's way */
  readonly resolve?: typeof lookup | undefined;
};

/** Why an address is not called. */
class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** Too much, of an answer that is wanted. */
class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/**
 * Other people's servers over HTTPS. The address is judged after the name is resolved, and it is that very address which is
 * connected to: a name that leads into the own network leads nowhere. No redirect is followed, and no connection is kept.
 */
export class PublicWeb implements Web, Reader {
  readonly #trusted: readonly string[];
  readonly #limits: typeof LIMITS;
  readonly #resolve: typeof lookup;

  constructor({ trusted = [], limits, resolve = lookup }: WebOptions = {}) {
    this.#trusted = trusted;
    this.#limits = { ...LIMITS, ...limits };
    this.#resolve = resolve;
  }

  async post(url: string, { headers, body, reads }: Parameters<Web['post']>[1]): Promise<Reply> {
    const reading = await this.#ask(url, { method: 'POST', headers, body, reads });
    if ('failed' in reading) return reading;
    return { status: reading.status, body: reading.body, retryAfter: secondsOf(reading.headers['retry-after']) };
  }

  get(url: string, headers: Readonly<Record<string, string>>): Promise<Reading> {
    return this.#ask(url, { method: 'GET', headers, reads: true });
  }

  async #ask(url: string, asked: Asked): Promise<Reading> {
    const signal = AbortSignal.timeout(this.#limits.milliseconds);
    try {
      return await this.#send(new URL(url), asked, signal);
    } catch (error) {
      if (error instanceof Forbidden) return { failed: 'forbidden' };
      if (error instanceof TooLarge) return { failed: 'too-large' };
      return { failed: signal.aborted ? 'timed-out' : 'unreachable' };
    }
  }

  async #send(url: URL, { method, headers, body, reads }: Asked, signal: AbortSignal): Promise<Reading> {
    const isTrusted = this.#trusted.includes(url.origin);
    if (!isTrusted && !mayBeCalled(url)) throw new Forbidden('only https, and only public addresses');
    const { request } = url.protocol === 'http:' ? http : https;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        url,
        {
          method,
          headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
          signal,
          agent: false,
          ...(!isTrusted && { lookup: publicOnly(this.#resolve) }),
        },
        resolve,
      )
        .on('error', reject)
        .end(body);
    });
    const status = answer.statusCode ?? 0;
    const isWanted = reads && status >= 200 && status < 300;
    const text = isWanted ? await read(answer, this.#limits.bytes) : '';
    answer.destroy();
    return { status, body: text, headers: headersOf(answer) };
  }
}

type Asked = {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly reads: boolean;
};

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

/** What can be seen before any name is resolved. */
function mayBeCalled({ protocol, hostname, username, password }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return protocol === 'https:' && username === '' && password === '' && (isIP(host) === 0 || isPublicAddress(host));
}

/** Resolves names to public addresses; a name with any other is refused as a whole. */
const publicOnly =
  (resolve: typeof lookup): LookupFunction =>
  (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
        return callback(new Forbidden(`${name} leads to an address that is not public`), '');
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };

async function read(answer: IncomingMessage, most: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    const chunk = Buffer.from(part);
    bytes += chunk.length;
    if (bytes > most) throw new TooLarge('the answer is too large');
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** As a number of seconds; a date is not heeded. */
const secondsOf = (retryAfter: string | undefined): number | undefined =>
  retryAfter !== undefined && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;
