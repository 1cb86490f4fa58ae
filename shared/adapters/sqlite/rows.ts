import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, IndexRange, Key, Range } from '#shared/store/table.ts';
import { type Measured, rowSize } from '#shared/store/units.ts';
import type { Stored } from './apply.ts';
import { indexSql, NEXT_DUE, rangeSql, Statements } from './query.ts';
import { assertRow, columnsOf, createSchema, sameColumns } from './schema.ts';

/** A row with the text it is stored as. */
export type Written = Measured & { readonly row: Stored; readonly body: string };

/** A row as it lies there. */
export type Found = Written & { readonly id: number };

/** The rows of the SQLite file: reading and writing of single ones, with no say in whether they may be written. */
export class SqliteRows {
  readonly #statements: Statements;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #updateBody: StatementSync;
  readonly #delete: StatementSync;
  readonly #expired: StatementSync;
  readonly #nextDue: StatementSync;

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
    this.#nextDue = db.prepare(NEXT_DUE);
  }

  /** Expired rows too. */
  read({ pk, sk }: Key): Found | undefined {
    const found = this.#read.get(pk, sk);
    return found && foundOf(pk, sk, found);
  }

  /** What the row will be stored as. Throws an Error for a row that DynamoDB would refuse. */
  measure(row: Stored): Written {
    const size = rowSize(row);
    assertRow(row, size);
    const { pk, sk, ...rest } = row;
    return { row, size, body: JSON.stringify(rest) };
  }

  write(before: Found | undefined, { row, size, body }: Written): void {
    const { expires, duePk, due, dirPk } = columnsOf(row);
    // An index is touched by every statement that names its columns, whether they change or not.
    if (before && sameColumns(before.row, row)) this.#updateBody.run(body, size, before.id);
    else if (before) this.#update.run(body, size, expires, duePk, due, dirPk, before.id);
    else this.#insert.run(body, size, expires, duePk, due, dirPk, row.pk, row.sk);
  }

  delete({ id }: Found): void {
    this.#delete.run(id);
  }

  range(range: Range, nowSeconds: number): Found[] {
    const { sql, values } = rangeSql(range, nowSeconds);
    return this.#statements
      .of(sql)
      .all(...values)
      .map((found) => foundOf(range.pk, String(found['sk']), found));
  }

  index(range: IndexRange): IndexEntry[] {
    const { sql, values } = indexSql(range);
    return this.#statements
      .of(sql)
      .all(...values)
      .map(({ pk, sk, sort }) => ({ pk: String(pk), sk: String(sk), sort: String(sort) }));
  }

  /** Rows that have expired, the oldest first. */
  expired(nowSeconds: number, limit: number): Found[] {
    return this.#expired
      .all(nowSeconds, limit)
      .map((found) => foundOf(String(found['pk']), String(found['sk']), found));
  }

  nextDue(nowSeconds: number): string | undefined {
    const due = this.#nextDue.get(nowSeconds)?.['due'];
    return typeof due === 'string' ? due : undefined;
  }
}

function foundOf(pk: string, sk: string, columns: Readonly<Record<string, unknown>>): Found {
  const body = String(columns['body']);
  return { id: Number(columns['id']), row: { pk, sk, ...JSON.parse(body) }, size: Number(columns['size']), body };
}
