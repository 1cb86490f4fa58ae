import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Said = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown };
/** What goes wrong with one request, instead of its answer. */
export type Fault = (asked: Asked) => Said | undefined;
/** All that anybody posts here. */
export type Posted = {
  readonly query: string;
  readonly variables: Variables;
  readonly topic?: string;
  readonly delivery_url?: string;
  readonly secret?: string;
  readonly grant_type?: string;
  readonly client_id?: string;
  readonly client_secret?: string;
};
export type Variables = {
  readonly id: string;
  readonly topic: string;
  readonly webhook: { readonly uri: string; readonly filter?: string };
  readonly after?: string;
};
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Posted;
};

/** A server of this machine that answers as `answer` says. */
export async function serve(
  whenOver: (close: () => void) => void,
  answer: (asked: Asked, request: IncomingMessage) => Said,
) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://here');
    const body = await text(request);
    const one = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: JSON.parse(body === '' ? '{}' : body),
    };
    asked.push(one);
    const { status = 200, headers, body: said } = answer(one, request);
    response.writeHead(status, headers).end(typeof said === 'string' ? said : JSON.stringify(said));
  }).listen(0, '127.0.0.1');
  whenOver(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
