import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ApiOptions } from '#shared/adapters/aws/api.ts';

/** A request as it arrived. */
export type Seen = {
  readonly method: string;
  /** Path and query as they stood in the request. */
  readonly target: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
  /** What a JSON service is asked to do, such as `PutEvents`. */
  readonly operation: string;
  /** Of a JSON body, else undefined. */
  // biome-ignore lint/suspicious/noExplicitAny: a wrong path shows as a failed expectation
  readonly input: any;
};

/** `cut` breaks the connection, `silence` never answers. */
export type Said =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: object | string }
  | 'cut'
  | 'silence';

/** Something on this machine that answers in place of AWS, until the test is over, and what it was asked. */
export async function standIn(
  answer: (seen: Seen, count: number) => Said | Promise<Said> = () => ({}),
  whenOver: (close: () => void) => void = onTestFinished,
) {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const url = new URL(request.url ?? '', 'http://aws');
      const body = Buffer.concat(chunks).toString('utf8');
      const one: Seen = {
        method: request.method ?? '',
        target: request.url ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body,
        operation: String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
        input: body.startsWith('{') ? JSON.parse(body) : undefined,
      };
      const said = await answer(one, seen.push(one));
      if (said === 'silence') return;
      if (said === 'cut') response.destroy();
      else {
        const { status = 200, headers = {}, body: text = {} } = said;
        response.writeHead(status, headers).end(typeof text === 'string' ? text : JSON.stringify(text));
      }
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  whenOver(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { endpoint, region: 'eu-central-1', credentials: () => CREDENTIALS } satisfies ApiOptions;
  return { endpoint, options, seen, connections: () => connections };
}

export const CREDENTIALS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret', sessionToken: 'session' };

/** How a JSON service refuses. */
export const refusal = (name: string, status = 400, more: object = {}): Said => ({
  status,
  body: { __type: `com.amazonaws.service#${name}`, message: 'no', ...more },
});
