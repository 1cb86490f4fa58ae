import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '#shared/http.ts';

/** Where a request goes, as it is written there: a whole address or `*` is no path that anybody has a route for. */
export function targetOf({ url = '' }: IncomingMessage): { path: string; query: string } {
  const [path = '', ...query] = url.split('?');
  return { path, query: query.join('?') };
}

/** Whether a body comes, or may come, with the request. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

export const isTooLong = ({ headers }: IncomingMessage, limit: number): boolean =>
  Number(headers['content-length'] ?? 0) > limit;

/** The whole body, or undefined as soon as it has more bytes than the limit; the rest is not read then. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (isTooLong(request, limit)) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Ending the loop early must not destroy the connection: an answer is to go through it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A request as HTTP API hands it to a function (payload format 2.0). A body that is no text comes in base64, so that
 * its bytes are the sender's: they are what was signed.
 */
export function httpEvent(
  request: IncomingMessage,
  pathParameters: Readonly<Record<string, string>>,
  query: string,
  body: Buffer,
): HttpRequest {
  const isText = isUtf8(body);
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',')]);
  return {
    headers: Object.fromEntries(headers),
    pathParameters,
    rawQueryString: query,
    requestContext: { http: { method: request.method ?? 'GET' } },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}
