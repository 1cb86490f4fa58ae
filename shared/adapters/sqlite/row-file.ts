import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, IndexRange, Key, Range } from '#shared/store/table.ts';
import type { Stored } from './apply.ts';
import { indexSql, rangeSql, Statements } from './query.ts';
import { columnsOf, createSchema } from './schema.ts';

/** A row as it lies in the file, its body not parsed. */
export type Lying = { readonly id: number; readonly key: Key; readonly size: number; readonly body: string };

/** The rows in the SQLite file, and nothing else: what they mean and when they are written others decide. */
export class RowFile {
  readonly #statements: Statements;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #updateBody: StatementSync;
  readonly #delete: StatementSync;
  readonly #expired: StatementSync;

  constructor(db: DatabaseSync) {
    createSchema(db);
    this.#statements = new Statements(db);
    this.#read = db.prepare('SELECT id, body, size FROM rows WHERE pk = ? AND sk = ?');
    this.#insert = db.prepare(
      'INSERT INTO rows (body, size, expires, duePk, due, dirPk, pk, sk) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#update = db.prepare(
      'UPDATE rows SET body = ?, size = ?, expires = ?, duePk = ?, due = ?, dirPk = ? WHERE id = ?',
    );
    this.#updateBody = db.prepare('UPDATE rows SET body = ?, size = ? WHERE id = ?');
    this.#delete = db.prepare('DELETE FROM rows WHERE id = ?');
    this.#expired = db.prepare('SELECT id, pk, sk, body, size FROM rows WHERE expires <= ? ORDER BY expires LIMIT ?');
  }

  read(key: Key): Lying | undefined {
    const columns = this.#read.get(key.pk, key.sk);
    return columns && lying(key, columns);
  }

  /** Returns the id of the new row. */
  insert(row: Stored, size: number): number {
    const { expires, duePk, due, dirPk } = columnsOf(row);
    const done = this.#insert.run(bodyOf(row), size, expires, duePk, due, dirPk, row.pk, row.sk);
    return Number(done.lastInsertRowid);
  }

  update(id: number, row: Stored, size: number): void {
    const { expires, duePk, due, dirPk } = columnsOf(row);
    this.#update.run(bodyOf(row), size, expires, duePk, due, dirPk, id);
  }

  /** For a row whose columns are what they were: an index is touched by every statement that names its columns. */
  updateBody(id: number, row: Stored, size: number): void {
    this.#updateBody.run(bodyOf(row), size, id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  range(range: Range, nowSeconds: number): Lying[] {
    const { sql, values } = rangeSql(range, nowSeconds);
    return this.#statements
      .of(sql)
      .all(...values)
      .map((columns) => lying({ pk: range.pk, sk: String(columns['sk']) }, columns));
  }

  index(range: IndexRange): IndexEntry[] {
    const { sql, values } = indexSql(range);
    return this.#statements
      .of(sql)
      .all(...values)
      .map(({ pk, sk, sort }) => ({ pk: String(pk), sk: String(sk), sort: String(sort) }));
  }

  /** Rows that have expired, the oldest first. */
  expired(nowSeconds: number, limit: number): Lying[] {
    return this.#expired
      .all(nowSeconds, limit)
      .map((columns) => lying({ pk: String(columns['pk']), sk: String(columns['sk']) }, columns));
  }
}

const lying = (key: Key, columns: Readonly<Record<string, unknown>>): Lying => ({
  id: Number(columns['id']),
  key,
  size: Number(columns['size']),
  body: String(columns['body']),
});

function bodyOf(row: Stored): string {
  const { pk: _, sk: __, ...rest } = row;
  return JSON.stringify(rest);
}
