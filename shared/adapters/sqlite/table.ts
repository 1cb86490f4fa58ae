import type { DatabaseSync } from 'node:sqlite';
import { ConditionFailed } from '#shared/errors.ts';
import { comesByTime } from '#shared/store/keys.ts';
import type { IndexEntry, IndexRange, Key, Range, Row, Table, Write } from '#shared/store/table.ts';
import { assertWrites, keyOf } from '#shared/store/transaction.ts';
import { indexEntriesSize, readUnits, writeUnits } from '#shared/store/units.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { applyChange, holds, plain, type Stored, sameJson } from './apply.ts';
import type { SqliteFeed } from './feed.ts';
import type { Found } from './found.ts';
import { SqliteRows, type Written } from './rows.ts';
import { assertKey } from './schema.ts';
import { Transactions } from './transactions.ts';

/** Units that DynamoDB would bill for one call. */
export type Use = { readonly read?: number; readonly write?: number };

export type SqliteTableOptions = {
  /** Decides what has expired; a virtual clock as well as a real one. */
  readonly now: () => Instant;
  /** Told of changes, in the same transaction. */
  readonly feed?: SqliteFeed;
  readonly onUse?: (use: Use) => void;
  /** Told of every commit, and of the smallest `due` among the rows that it wrote. */
  readonly onCommit?: (due: Instant | undefined) => void;
};

/** A write that has been looked at: what stands there, and whether its condition holds. */
type Looked = {
  readonly write: Write;
  readonly before: Found | undefined;
  /** As conditions and callers see it: undefined where the row has expired. */
  readonly alive: Stored | undefined;
  readonly holds: boolean;
};

/**
 * The table in SQLite, on a handle that others may share. Where a transaction is open on the handle already, writes
 * become part of it; a write that is refused leaves it as it was.
 */
export class SqliteTable implements Table {
  readonly #transactions: Transactions;
  readonly #rows: SqliteRows;
  readonly #now: () => Instant;
  readonly #feed: SqliteFeed | undefined;
  readonly #onUse: ((use: Use) => void) | undefined;
  readonly #onCommit: ((due: Instant | undefined) => void) | undefined;

  constructor(db: DatabaseSync, { now, feed, onUse, onCommit }: SqliteTableOptions) {
    this.#transactions = new Transactions(db);
    this.#rows = SqliteRows.of(db);
    this.#now = now;
    this.#feed = feed;
    this.#onUse = onUse;
    this.#onCommit = onCommit;
  }

  async get(key: Key, { stale = false }: { stale?: boolean } = {}): Promise<Row | undefined> {
    assertKey(key);
    const found = this.#rows.read(key);
    this.#onUse?.({ read: readUnits(found?.size ?? 0, { consistent: !stale }) });
    return this.#alive(found);
  }

  async batchGet(keys: readonly Key[]): Promise<(Row | undefined)[]> {
    const found = new Map<string, Found | undefined>();
    return keys.map((key) => {
      assertKey(key);
      const name = JSON.stringify([key.pk, key.sk]);
      if (!found.has(name)) {
        const row = this.#rows.read(key);
        found.set(name, row);
        this.#onUse?.({ read: readUnits(row?.size ?? 0, { consistent: true }) });
      }
      return this.#alive(found.get(name));
    });
  }

  async query(range: Range): Promise<Row[]> {
    if (range.limit === 0) return [];
    const found = this.#rows.range(range, this.#seconds());
    const size = found.reduce((sum, row) => sum + row.size, 0);
    this.#onUse?.({ read: readUnits(size, { consistent: true }) });
    return found.map(({ row }) => row);
  }

  async queryIndex(range: IndexRange): Promise<IndexEntry[]> {
    const entries = this.#rows.index(range);
    this.#onUse?.({ read: readUnits(indexEntriesSize(range, entries), { consistent: false }) });
    return entries;
  }

  async write(write: Write): Promise<Row | undefined> {
    const [after] = this.#commit([write], write.kind === 'check');
    return write.kind === 'check' ? undefined : this.#alive(after);
  }

  async transact(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) this.#commit(writes, true);
  }

  /** Deletes what has expired, as DynamoDB does in its own time and at no charge. Returns how many rows went. */
  deleteExpired(now: Instant, limit: number): number {
    return this.#transactions.join(() => {
      const expired = this.#rows.expired(toMillis(now) / 1000, limit);
      for (const found of expired) {
        this.#rows.delete(found);
        this.#feed?.append(found.row, now, { before: found.row, after: undefined, expired: true });
      }
      return expired.length;
    });
  }

  /** The smallest `due` of all rows, for who has to wake then; undefined when nothing is due, ever. */
  nextDue(): string | undefined {
    return this.#rows.nextDue(this.#seconds());
  }

  /** Rows as they stand afterwards. Nothing is written before everything has been read and judged. */
  #commit(writes: readonly Write[], transactional: boolean): (Written | undefined)[] {
    assertWrites(writes);
    const result = this.#transactions.join(() => {
      const looked = writes.map((write) => this.#look(write));
      const failed = looked.flatMap(({ holds }, i) => (holds ? [] : [i]));
      // What is refused costs as much as if it had left everything as it was.
      const after = failed.length > 0 ? looked.map(({ before }) => before) : looked.map((one) => this.#outcome(one));
      for (const [i, { before }] of looked.entries())
        this.#onUse?.({ write: writeUnits(before, after[i], { transactional }) });
      if (failed.length > 0) return refusal(looked, failed);
      for (const [i, { write, before }] of looked.entries()) this.#store(keyOf(write), before, after[i]);
      return after;
    });
    // Nothing was written, so there was nothing to be rolled back.
    if (result instanceof ConditionFailed) throw result;
    this.#onCommit?.(firstDue(result));
    return result;
  }

  #look(write: Write): Looked {
    const key = keyOf(write);
    assertKey(key);
    const before = this.#rows.read(key);
    const alive = this.#alive(before);
    return { write, before, alive, holds: write.if === undefined || holds(write.if, alive) };
  }

  #outcome({ write, before }: Looked): Written | undefined {
    if (write.kind === 'check') return before;
    if (write.kind === 'delete') return undefined;
    return this.#rows.measure(
      write.kind === 'put' ? plain(write.row) : applyChange(write.key, before?.row, write.change),
    );
  }

  #store(key: Key, before: Found | undefined, after: Written | undefined): void {
    if (before === after) return;
    if (after) this.#rows.write(before, after);
    else if (before) this.#rows.delete(before);
    if (!before || !after || !sameJson(before.row, after.row))
      this.#feed?.append(key, this.#now(), { before: before?.row, after: after?.row, expired: false });
  }

  #alive(found: Written | undefined): Stored | undefined {
    const expires = found?.row['expires'];
    return typeof expires === 'number' && expires <= this.#seconds() ? undefined : found?.row;
  }

  #seconds(): number {
    return toMillis(this.#now()) / 1000;
  }
}

function firstDue(rows: readonly (Written | undefined)[]): Instant | undefined {
  let first: Instant | undefined;
  for (const row of rows) {
    const due = row?.row['due'];
    if (typeof due === 'string' && comesByTime(row?.row['duePk']) && (first === undefined || due < first)) first = due;
  }
  return first;
}

const refusal = (looked: readonly Looked[], failed: readonly number[]): ConditionFailed =>
  new ConditionFailed(
    failed,
    failed.map((i) => looked[i]?.alive),
  );
