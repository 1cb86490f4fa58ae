import type { Bucket, StoredObject } from '#shared/ports.ts';
import { AwsApi } from './api.ts';
import { AwsError } from './api-errors.ts';
import { percentEncoded } from './signature.ts';

/** 404: no such key or version. 405: the version asked for is a delete marker. */
const ABSENT = [404, 405];

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
      const version = headers['x-amz-version-id'];
      return { body, ...(typeof version === 'string' && { versionId: version }) };
    } catch (error) {
      if (error instanceof AwsError && ABSENT.includes(error.status)) return undefined;
      throw error;
    }
  }

  async put(key: string, body: string, contentType: string): Promise<void> {
    await this.#api.call({ method: 'PUT', path: pathOf(key), headers: { 'content-type': contentType }, body });
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
