import type { Bucket, StoredObject } from '#shared/ports.ts';
import { AwsApi } from './api.ts';
import { AwsError } from './api-errors.ts';
import { percentEncoded } from './signature.ts';

/** 404: no such key or version. 405: the version asked for is a delete marker. */
const ABSENT = [404, 405];

/** 412: another object, or one where there was none. 409: somebody puts one at this moment. 404: it is gone. */
const CHANGED = [404, 409, 412];

/** A bucket of S3. */
export class S3Bucket implements Bucket {
  readonly #api: AwsApi;

  constructor(name: string, api = new AwsApi('s3', { subdomain: name })) {
    this.#api = api;
  }

  async get(key: string, versionId?: string): Promise<StoredObject | undefined> {
    const query = versionId === undefined ? {} : { versionId };
    try {
      const { body, headers } = await this.#api.call({ method: 'GET', path: pathOf(key), query });
      const { 'x-amz-version-id': version, etag } = headers;
      return {
        body,
        ...(typeof version === 'string' && { versionId: version }),
        ...(typeof etag === 'string' && { tag: etag }),
      };
    } catch (error) {
      if (error instanceof AwsError && ABSENT.includes(error.status)) return undefined;
      throw error;
    }
  }

  async put(key: string, body: string, contentType: string): Promise<void> {
    await this.#api.call({ method: 'PUT', path: pathOf(key), headers: { 'content-type': contentType }, body });
  }

  /**
   * Puts an object in place of the one that was read, or of none. Returns its version; undefined when another stands there
   * by now.
   */
  async replace(
    key: string,
    body: string,
    contentType: string,
    before: StoredObject | undefined,
  ): Promise<string | undefined> {
    const condition: Record<string, string> = before ? { 'if-match': before.tag ?? '' } : { 'if-none-match': '*' };
    try {
      const sent = { 'content-type': contentType, ...condition };
      const { headers } = await this.#api.call({ method: 'PUT', path: pathOf(key), headers: sent, body });
      return String(headers['x-amz-version-id']);
    } catch (error) {
      if (error instanceof AwsError && CHANGED.includes(error.status)) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    let more: string | undefined;
    do {
      const { body } = await this.#api.call({
        method: 'GET',
        path: '/',
        query: {
          'list-type': '2',
          // Keys come percent-encoded, so that XML has nothing to escape in them.
          'encoding-type': 'url',
          prefix,
          ...(more !== undefined && { 'continuation-token': more }),
        },
      });
      keys.push(...textsIn(body, 'Key').map((key) => decodeURIComponent(key.replaceAll('+', ' '))));
      [more] = textsIn(body, 'NextContinuationToken');
    } while (more !== undefined);
    return keys;
  }
}

const pathOf = (key: string): string => `/${key.split('/').map(percentEncoded).join('/')}`;

/** What stands in the elements of one name; none of those that are asked for here holds another or an entity. */
const textsIn = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);
