import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';

export type ConnectionOptions = {
  /** Milliseconds until there is a connection, TLS included. */
  readonly connectTimeout: number;
  /** Milliseconds until the whole answer is there. */
  readonly timeout: number;
  /** Milliseconds after which an idle connection is not trusted any more. @default for ever */
  readonly trusted?: number;
};

export type Sent = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** No connection in time: nothing has left. */
export class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout';
}

/** No whole answer in time: what was asked for may have happened. */
export class AnswerTimeout extends Error {
  override readonly name = 'AnswerTimeout';
}

/** Connections to one server, kept open between requests. One attempt a request. */
export class Connections {
  readonly #server: URL;
  readonly #options: ConnectionOptions;
  readonly #agent: http.Agent;
  #lastUsed = 0;

  constructor(server: URL, options: ConnectionOptions) {
    this.#server = server;
    this.#options = options;
    this.#agent = new (this.#isTls ? https : http).Agent({ keepAlive: true });
  }

  get #isTls(): boolean {
    return this.#server.protocol === 'https:';
  }

  /** Rejects with ConnectTimeout, AnswerTimeout or what the connection broke with. Any status is an answer. */
  exchange({ method, path, headers, body }: Sent): Promise<Answer> {
    this.#dropIdle();
    const { hostname: host, port } = this.#server;
    const { connectTimeout, timeout } = this.#options;
    return new Promise((resolve, reject) => {
      const request = (this.#isTls ? https : http).request({
        host,
        port,
        method,
        path,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: this.#agent,
      });
      const fail = (error: Error) => request.destroy(error);
      const timer = setTimeout(() => fail(new AnswerTimeout(`no answer within ${timeout} ms`)), timeout);
      request.once('close', () => clearTimeout(timer));
      request.once('error', reject);
      request.once('socket', (socket) => {
        whenLate(socket, connectTimeout, this.#isTls ? 'secureConnect' : 'connect', () =>
          fail(new ConnectTimeout(`no connection within ${connectTimeout} ms`)),
        );
      });
      request.once('response', (response) => read(response).then(resolve, reject));
      request.end(body);
    });
  }

  /**
   * A Lambda is frozen between calls, and the server closes what is idle meanwhile: a request written to such a
   * connection may or may not have arrived. Who can't ask twice takes a new connection, for some 20 ms.
   */
  #dropIdle(): void {
    const now = Date.now();
    if (this.#options.trusted !== undefined && now - this.#lastUsed > this.#options.trusted) {
      for (const sockets of Object.values(this.#agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    }
    this.#lastUsed = now;
  }
}

function whenLate(socket: Socket, milliseconds: number, connected: string, late: () => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(late, milliseconds);
  socket.once(connected, () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}

async function read(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
