import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '#shared/time/instant.ts';
import type { Credentials } from './credentials.ts';

export type Unsigned = {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Percent-encoded once. Of services but S3 it must not need to be: they want it encoded twice in the signature. */
  readonly path: string;
  /** As queryText makes it; empty for none. */
  readonly query: string;
  /** By names in lower case, `host` among them. All are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Signer = {
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly now: Instant;
};

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

/**
 * The headers of a request with AWS's signature, version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function signedHeaders(request: Unsigned, signer: Signer): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = signer.credentials;
  const time = signer.now.replaceAll(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const bodyHash = sha256(request.body);
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const lines = Object.entries(headers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, value.trim().replaceAll(/\s+/g, ' ')] as const);
  const names = lines.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    request.path,
    request.query,
    ...lines.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    bodyHash,
  ].join('\n');
  const scope = [date, signer.region, signer.service, 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const credential = [accessKeyId, ...scope].join('/');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** A text as it stands in a path or a query: all but letters, digits and -._~ as bytes in hexadecimal. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** A query in the order that is signed. */
export const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .sort()
    .join('&');
