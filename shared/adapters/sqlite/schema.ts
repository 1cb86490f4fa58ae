import type { DatabaseSync } from 'node:sqlite';
import { TABLE } from '#shared/store/keys.ts';
import type { Json, Key } from '#shared/store/table.ts';
import { ROW_LIMIT } from '#shared/store/units.ts';
import type { Stored } from './apply.ts';

/**
 * Rows lie in the order of their arrival, the body as JSON without its key; what the indexes and expiry need has columns
 * of its own, so that nothing is ever searched inside JSON. WITHOUT ROWID would save a hop a read, but its tree carries
 * whole bodies and splits under them: inserts took two to three times as long.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rows (
    id INTEGER PRIMARY KEY,
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    body TEXT NOT NULL,
    size INTEGER NOT NULL,
    expires REAL,
    duePk TEXT,
    due TEXT,
    dirPk TEXT,
    UNIQUE (pk, sk)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS rows_due ON rows (duePk, due, pk, sk, expires) WHERE duePk IS NOT NULL AND due IS NOT NULL;
  CREATE INDEX IF NOT EXISTS rows_directory ON rows (dirPk, pk, sk) WHERE dirPk IS NOT NULL;
  CREATE INDEX IF NOT EXISTS rows_expires ON rows (expires) WHERE expires IS NOT NULL;
`;

export function createSchema(db: DatabaseSync): void {
  db.exec(SCHEMA);
}

const INDEX_KEYS = [...new Set(Object.values(TABLE.indexes).flatMap((i) => [i.partitionKey, i.sortKey]))].filter(
  (name) => name !== 'pk',
);

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** The columns that stand beside the body. */
export const columnsOf = (row: Stored) => ({
  expires: typeof row['expires'] === 'number' ? row['expires'] : null,
  duePk: text(row['duePk']),
  due: text(row['due']),
  dirPk: text(row['dirPk']),
});

export const sameColumns = (a: Stored, b: Stored): boolean =>
  a['expires'] === b['expires'] && a['duePk'] === b['duePk'] && a['due'] === b['due'] && a['dirPk'] === b['dirPk'];

const PK_LIMIT = 2048;
const SK_LIMIT = 1024;

/** Throws an Error for a key that DynamoDB would refuse. */
export function assertKey({ pk, sk }: Key): void {
  if (pk === '' || sk === '') throw new Error('an empty key');
  if (!pk.isWellFormed() || !sk.isWellFormed()) throw new Error('a key that is no Unicode text');
  // Three bytes a code unit at most: only long keys are worth a count.
  if (pk.length * 3 > PK_LIMIT && Buffer.byteLength(pk) > PK_LIMIT) throw new Error('a pk of more than 2048 bytes');
  if (sk.length * 3 > SK_LIMIT && Buffer.byteLength(sk) > SK_LIMIT) throw new Error('an sk of more than 1024 bytes');
}

/** Throws a RangeError for a row that is too large for DynamoDB, and an Error for one that it would refuse otherwise. */
export function assertRow(row: Stored, size: number): void {
  if (size > ROW_LIMIT) throw new RangeError(`a row of ${size} bytes: DynamoDB takes ${ROW_LIMIT}`);
  const expires = row[TABLE.ttl];
  if (expires !== undefined && typeof expires !== 'number') throw new Error(`${TABLE.ttl} is no number`);
  for (const name of INDEX_KEYS) {
    const value = row[name];
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw new Error(`${name} belongs to an index and must be a text that is not empty`);
  }
}
