import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import timers from 'node:timers/promises';
import type { HttpResponse } from '#shared/http.ts';
import { hasBody, httpEvent, isTooLong, readBody, targetOf } from './http-event.ts';
import { refusal } from './pages/refusal.ts';
import { inboxRoutes } from './pages/routes.ts';
import { publicRoutes } from './public-routes.ts';
import { findRoute, type Route } from './routing.ts';
import type { Runtime } from './runtime.ts';

export type ServeOptions = {
  /** 0 for any that is free. */
  readonly port: number;
  /** The mails of a shop are nobody else's business: only this machine is served. */
  readonly host?: '127.0.0.1' | '::1';
  /** What happened so far, as the inbox shows it and `GET /api/summary` answers it. Called outside of the clock. */
  readonly summary: () => Promise<object>;
};

export type Served = {
  readonly url: string;
  /** Takes no more requests, and resolves when those that run have been answered. */
  readonly close: () => Promise<void>;
};

const MOST_BYTES = 1_000_000;
/** A sender has so many milliseconds to bring its request. */
const PATIENCE = 30_000;
/** How long an answer stays on the line when nobody reads the body: a reset at once may overtake it (RFC 9112, 9.6). */
const LINGER = 300;

/** How long a closing server waits for requests that have not come in whole. */
const GRACE = 1000;

/** Serves the public API of a deployment and the inbox. Rejects when the port is taken. */
export async function serve(runtime: Runtime, options: ServeOptions): Promise<Served> {
  const { port, host = '127.0.0.1', summary } = options;
  const routes = [...publicRoutes(runtime), ...inboxRoutes(runtime, summary)];
  const running = new Set<Promise<void>>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const work = answer(request, response, routes, runtime).finally(() => running.delete(work));
    running.add(work);
  };
  const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE }, listener);
  // Whoever asks before it sends a body need not send one that is too long.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!isTooLong(request, MOST_BYTES)) response.writeContinue();
    listener(request, response);
  });
  await listen(server, port, host);
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      const answered = Promise.allSettled([...running]);
      await Promise.race([answered, timers.setTimeout(GRACE, undefined, { ref: false })]);
      server.closeAllConnections();
      await Promise.all([answered, closed]);
    },
  };
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  { deps: { log } }: Runtime,
): Promise<void> {
  try {
    const { unread, ...given } = await dispatch(request, routes);
    write(request, response, given, unread);
  } catch (error) {
    // A sender that went away in the middle of its body wants no answer.
    if (request.destroyed && !request.complete) return;
    log.error('a request could not be answered', { method: request.method ?? '' }, error);
    if (response.headersSent) response.destroy();
    else write(request, response, refusal(request, 500), !request.complete);
  }
}

type Given = HttpResponse & { readonly unread: boolean };

async function dispatch(request: IncomingMessage, routes: readonly Route[]): Promise<Given> {
  const unread = hasBody(request);
  const target = targetOf(request);
  const found = findRoute(routes, request.method ?? '', target.path);
  if (!found) return { ...refusal(request, 404), unread };
  if ('allow' in found) return { ...refusal(request, 405, { allow: found.allow.join(', ') }), unread };
  const body = await readBody(request, MOST_BYTES);
  if (!body) return { ...refusal(request, 413), unread };
  const event = httpEvent(request, found.pathParameters, target.query, body);
  return { ...(await found.route.answer(event)), unread: false };
}

/** Where the body has not been read to its end, the connection cannot be used again. */
function write(
  request: IncomingMessage,
  response: ServerResponse,
  { statusCode, headers, body }: HttpResponse,
  unread: boolean,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(statusCode, {
    ...headers,
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
    ...(unread && { connection: 'close' }),
  });
  if (!unread) return void response.end(bytes);
  request.pause();
  response.write(bytes);
  const timer = setTimeout(() => response.destroy(), LINGER);
  response.once('close', () => clearTimeout(timer));
}
