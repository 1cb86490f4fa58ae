import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, IndexRange, Key, Range } from '#shared/store/table.ts';
import { type Measured, rowSize } from '#shared/store/units.ts';
import type { Stored } from './apply.ts';
import { DueTimes } from './due.ts';
import { type Found, FoundRow } from './found.ts';
import { HeldRows } from './held-rows.ts';
import { RowCache } from './row-cache.ts';
import { type Lying, RowFile } from './row-file.ts';
import { assertRow } from './schema.ts';
import { Transactions } from './transactions.ts';

/** A row as it will be stored. */
export type Written = Measured & { readonly row: Stored };

const handles = new WeakMap<DatabaseSync, SqliteRows>();

/**
 * The rows of the SQLite file: reading and writing of single ones, with no say in whether they may be written. Rows that
 * were lately read or written are remembered, as long as nobody else has written to the file, and what is written
 * reaches the file when the transaction is committed.
 */
export class SqliteRows {
  readonly #db: DatabaseSync;
  readonly #transactions: Transactions;
  readonly #file: RowFile;
  readonly #held: HeldRows;
  readonly #cache = new RowCache();
  readonly #due: DueTimes;
  readonly #isFile: boolean;
  /** Grows when another handle has written to the file. */
  readonly #dataVersion: StatementSync;
  #seen: unknown;

  /** One a handle: two memories of one file would not hear of each other's writes. */
  static of(db: DatabaseSync): SqliteRows {
    const known = handles.get(db) ?? new SqliteRows(db);
    handles.set(db, known);
    return known;
  }

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#transactions = new Transactions(db);
    this.#file = new RowFile(db);
    this.#held = new HeldRows(this.#file);
    this.#due = new DueTimes(db);
    this.#isFile = db.location() !== null;
    this.#dataVersion = db.prepare('PRAGMA data_version');
    this.#transactions.watch({
      begun: () => this.#look(),
      flush: () => this.#held.flush(),
      rolledBack: () => {
        this.#held.drop();
        this.#forget();
      },
    });
  }

  /** Expired rows too. */
  read(key: Key): Found | undefined {
    const known = this.#known(key);
    if (known !== undefined) return known ?? undefined;
    if (!this.#remembers()) return foundOf(this.#file.read(key));
    const found = foundOf(this.#file.read(key));
    this.#cache.set(key, found ?? null);
    return found;
  }

  /** What the row will be stored as. Throws an Error for a row that DynamoDB would refuse. */
  measure(row: Stored): Written {
    const size = rowSize(row);
    assertRow(row, size);
    return { row, size };
  }

  write(before: Found | undefined, { row, size }: Written): void {
    this.#put(row, before, { id: 0, row, size });
    const { duePk, due } = row;
    if (typeof duePk === 'string' && typeof due === 'string') this.#due.add(duePk, due);
  }

  delete(before: Found): void {
    this.#put(before.row, before, null);
  }

  range(range: Range, nowSeconds: number): Found[] {
    this.#held.flushRange(range.pk, range.prefix ?? sharedStart(range.from ?? '', range.to));
    const remembers = this.#remembers();
    return this.#file.range(range, nowSeconds).map((lying) => {
      const found = (remembers && this.#cache.get(lying.key)) || new FoundRow(lying);
      if (remembers) this.#cache.set(lying.key, found);
      return found;
    });
  }

  index(range: IndexRange): IndexEntry[] {
    if (range.index === 'due' && this.#remembers()) {
      if (this.#due.isToBeRead) this.#held.flushDue();
      if (this.#due.isAfter(range.pk, range.to)) return [];
    }
    if (range.index === 'due') this.#held.flushDue();
    else this.#held.flush();
    return this.#file.index(range);
  }

  /** Rows that have expired, the oldest first. */
  expired(nowSeconds: number, limit: number): Found[] {
    this.#held.flush();
    return this.#file.expired(nowSeconds, limit).map((lying) => new FoundRow(lying));
  }

  nextDue(nowSeconds: number): string | undefined {
    if (!this.#remembers()) this.#due.clear();
    this.#held.flushDue();
    return this.#due.next(nowSeconds);
  }

  #known(key: Key): Found | null | undefined {
    const held = this.#held.get(key);
    return held === undefined && this.#remembers() ? this.#cache.get(key) : held;
  }

  #put(key: Key, before: Found | undefined, found: Found | null): void {
    this.#held.set(key, before ?? null, found);
    if (this.#remembers()) this.#cache.set(key, found);
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

const foundOf = (lying: Lying | undefined): Found | undefined => lying && new FoundRow(lying);

/** What all texts between the two begin with, in whichever order. */
function sharedStart(from: string, to: string | undefined): string {
  if (to === undefined) return '';
  let n = 0;
  while (n < from.length && from[n] === to[n]) n += 1;
  return from.slice(0, n);
}
