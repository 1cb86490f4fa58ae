import { promises } from 'node:dns';
import type { Dns, Found } from '#shared/domain/dns.ts';

/** There is no such name, or nothing of this type; or it is no name that can be asked for. */
const NONE = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

const WORDS: Readonly<Record<string, string>> = {
  ESERVFAIL: 'the server failed',
  EREFUSED: 'the server refuses',
  ETIMEOUT: 'no answer in time',
  ECONNREFUSED: 'no server there',
  EBADRESP: 'the answer cannot be read',
};

export type DnsOptions = {
  /** Addresses of servers, with a port if it is another than 53. @default those of this machine */
  readonly servers?: readonly string[];
  /** Milliseconds for one try, of which there are two. */
  readonly timeout?: number;
};

/** The DNS as this machine sees it. Answers that were cut off are asked for once more, over TCP. */
export function systemDns({ servers, timeout = 3000 }: DnsOptions = {}): Dns {
  const resolver = new promises.Resolver({ timeout, tries: 2 });
  if (servers) resolver.setServers(servers);
  return {
    txt: (name) => found(async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
    mx: (name) => found(() => resolver.resolveMx(name)),
    cname: (name) => found(() => resolver.resolveCname(name)),
  };
}

async function found<T>(ask: () => Promise<readonly T[]>): Promise<Found<T>> {
  try {
    const values = await ask();
    return values.length > 0 ? { is: 'found', values } : { is: 'none' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EBADRESP';
    return NONE.has(code) ? { is: 'none' } : { is: 'unknown', why: WORDS[code] ?? code };
  }
}
