import {
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Bucket, StoredObject } from '#shared/ports.ts';

/** 404: no such key or version. 405: the version asked for is a delete marker. */
const ABSENT = [404, 405];

/** A bucket of S3, by its name. */
export class S3Bucket implements Bucket {
  readonly #name: string;
  readonly #client: S3Client;

  constructor(name: string, client: S3Client = new S3Client({})) {
    this.#name = name;
    this.#client = client;
  }

  async get(key: string, versionId?: string): Promise<StoredObject | undefined> {
    try {
      const { Body, VersionId } = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#name,
          Key: key,
          ...(versionId !== undefined && { VersionId: versionId }),
        }),
      );
      const body = (await Body?.transformToString('utf-8')) ?? '';
      return { body, ...(VersionId !== undefined && { versionId: VersionId }) };
    } catch (error) {
      if (error instanceof S3ServiceException && ABSENT.includes(error.$metadata.httpStatusCode ?? 0)) return undefined;
      throw error;
    }
  }

  async put(key: string, body: string, contentType: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#name, Key: key, Body: body, ContentType: contentType }),
    );
  }

  async list(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.#client }, { Bucket: this.#name, Prefix: prefix })) {
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    }
    return keys;
  }
}
