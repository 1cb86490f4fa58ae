import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Bucket, StoredObject } from '#shared/ports.ts';
import type { LocalEntry } from './bus.ts';

export const LOCAL_BUCKET = 'local';

/** The bucket, in SQLite: each put is a version, as in the versioned bucket of a deployment. */
export class LocalBucket implements Bucket {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(
      'CREATE TABLE IF NOT EXISTS objects (version INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL) STRICT;' +
        'CREATE INDEX IF NOT EXISTS objects_key ON objects (key, version)',
    );
  }

  async get(key: string, versionId?: string): Promise<StoredObject | undefined> {
    const row =
      versionId === undefined
        ? this.#db.prepare('SELECT version, body FROM objects WHERE key = ? ORDER BY version DESC LIMIT 1').get(key)
        : this.#db
            .prepare('SELECT version, body FROM objects WHERE key = ? AND version = ?')
            .get(key, Number(versionId));
    return row && { body: String(row['body']), versionId: String(row['version']) };
  }

  async put(key: string, body: string, _contentType: string): Promise<void> {
    this.store(key, body);
  }

  async list(prefix: string): Promise<readonly string[]> {
    const rows = this.#db
      .prepare('SELECT DISTINCT key FROM objects WHERE substr(key, 1, ?) = ? ORDER BY key')
      .all(prefix.length, prefix);
    return rows.map((row) => String(row['key']));
  }

  /** The number of the newest version. */
  newest(key: string): number | undefined {
    const row = this.#db.prepare('SELECT max(version) AS version FROM objects WHERE key = ?').get(key);
    return typeof row?.['version'] === 'number' ? row['version'] : undefined;
  }

  /** Stores a version and returns its number; undefined when the newest has this content already. */
  store(key: string, body: string): number | undefined {
    const hash = createHash('sha256').update(body).digest('hex');
    const newest = this.#db.prepare('SELECT hash FROM objects WHERE key = ? ORDER BY version DESC LIMIT 1').get(key);
    if (newest?.['hash'] === hash) return undefined;
    return Number(
      this.#db.prepare('INSERT INTO objects (key, hash, body) VALUES (?, ?, ?)').run(key, hash, body).lastInsertRowid,
    );
  }
}

/** What S3 tells the default bus of an upload. */
export const createdEntry = (key: string, version: number): LocalEntry => ({
  source: 'aws.s3',
  detailType: 'Object Created',
  resources: [`arn:aws:s3:::${LOCAL_BUCKET}`],
  detail: {
    version: '0',
    bucket: { name: LOCAL_BUCKET },
    object: { key, sequencer: version.toString(16).padStart(16, '0').toUpperCase(), 'version-id': String(version) },
    reason: 'PutObject',
  },
});
