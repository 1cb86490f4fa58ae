import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, IndexRange, Key, Range } from '#shared/store/table.ts';
import { type Measured, rowSize } from '#shared/store/units.ts';
import type { Stored } from './apply.ts';
import { DueTimes } from './due.ts';
import { indexSql, rangeSql, Statements } from './query.ts';
import { RowCache } from './row-cache.ts';
import { assertRow, columnsOf, createSchema, sameColumns } from './schema.ts';
import { Transactions } from './transactions.ts';

/** A row with the text it is stored as. */
export type Written = Measured & { readonly row: Stored; readonly body: string };

/** A row as it lies there. */
export type Found = Written & { readonly id: number };

const handles = new WeakMap<DatabaseSync, SqliteRows>();

/**
 * The rows of the SQLite file: reading and writing of single ones, with no say in whether they may be written. Rows that
 * were lately read or written are remembered, as long as nobody else has written to the file.
 */
export class SqliteRows {
  readonly #db: DatabaseSync;
  readonly #transactions: Transactions;
  readonly #statements: Statements;
  readonly #cache = new RowCache();
  readonly #due: DueTimes;
  readonly #isFile: boolean;
  /** Grows when another handle has written to the file. */
  readonly #dataVersion: StatementSync;
  #seen: unknown;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #updateBody: StatementSync;
  readonly #delete: StatementSync;
  readonly #expired: StatementSync;

  /** One a handle: two memories of one file would not hear of each other's writes. */
  static of(db: DatabaseSync): SqliteRows {
    const known = handles.get(db) ?? new SqliteRows(db);
    handles.set(db, known);
    return known;
  }

  private constructor(db: DatabaseSync) {
    createSchema(db);
    this.#db = db;
    this.#transactions = new Transactions(db);
    this.#statements = new Statements(db);
    this.#due = new DueTimes(db);
    this.#isFile = db.location() !== null;
    this.#dataVersion = db.prepare('PRAGMA data_version');
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
    this.#transactions.watch({ begun: () => this.#look(), rolledBack: () => this.#forget() });
  }

  /** Expired rows too. */
  read(key: Key): Found | undefined {
    if (!this.#remembers()) return this.#load(key);
    const known = this.#cache.get(key);
    if (known !== undefined) return known ?? undefined;
    const found = this.#load(key);
    this.#cache.set(key, found ?? null);
    return found;
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
    let id = before?.id ?? 0;
    // An index is touched by every statement that names its columns, whether they change or not.
    if (before && sameColumns(before.row, row)) this.#updateBody.run(body, size, id);
    else if (before) this.#update.run(body, size, expires, duePk, due, dirPk, id);
    else id = Number(this.#insert.run(body, size, expires, duePk, due, dirPk, row.pk, row.sk).lastInsertRowid);
    this.#remember(row, new FoundRow(id, row, size, body));
    if (duePk !== null && due !== null) this.#due.add(duePk, due);
  }

  delete({ id, row }: Found): void {
    this.#delete.run(id);
    this.#remember(row, null);
  }

  range(range: Range, nowSeconds: number): Found[] {
    const { sql, values } = rangeSql(range, nowSeconds);
    const remembers = this.#remembers();
    return this.#statements
      .of(sql)
      .all(...values)
      .map((columns) => {
        const key = { pk: range.pk, sk: String(columns['sk']) };
        const found = (remembers && this.#cache.get(key)) || foundOf(key, columns);
        if (remembers) this.#cache.set(key, found);
        return found;
      });
  }

  index(range: IndexRange): IndexEntry[] {
    if (range.index === 'due' && range.to !== undefined && this.#remembers() && this.#due.isAfter(range.pk, range.to))
      return [];
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
      .map((columns) => foundOf({ pk: String(columns['pk']), sk: String(columns['sk']) }, columns));
  }

  nextDue(nowSeconds: number): string | undefined {
    if (!this.#remembers()) this.#due.clear();
    return this.#due.next(nowSeconds);
  }

  #load(key: Key): Found | undefined {
    const columns = this.#read.get(key.pk, key.sk);
    return columns && foundOf(key, columns);
  }

  #remember(key: Key, row: Found | null): void {
    if (this.#remembers()) this.#cache.set(key, row);
    else this.#forget();
  }

  /** Not inside of somebody else's transaction, whose end is not told of. */
  #remembers(): boolean {
    if (this.#transactions.own) return true;
    this.#look();
    return !this.#db.isTransaction;
  }

  #look(): void {
    if (!this.#isFile) return;
    const version = this.#dataVersion.get()?.['data_version'];
    if (version !== this.#seen) this.#forget();
    this.#seen = version;
  }

  #forget(): void {
    this.#cache.clear();
    this.#due.clear();
  }
}

/** Its body is parsed when somebody looks at the row: what was written comes back as it would from the file. */
class FoundRow implements Found {
  readonly id: number;
  readonly size: number;
  readonly body: string;
  readonly #key: Key;
  #row: Stored | undefined;

  constructor(id: number, { pk, sk }: Key, size: number, body: string) {
    this.id = id;
    this.#key = { pk, sk };
    this.size = size;
    this.body = body;
  }

  get row(): Stored {
    const row: Stored = this.#row ?? Object.assign(JSON.parse(this.body), this.#key);
    this.#row = row;
    return row;
  }
}

const foundOf = (key: Key, columns: Readonly<Record<string, unknown>>): Found =>
  new FoundRow(Number(columns['id']), key, Number(columns['size']), String(columns['body']));
