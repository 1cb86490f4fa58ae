/**
 * The port to the one table. Two adapters implement it (DynamoDB and SQLite) and one contract suite holds them to what
 * is written here. It is what DynamoDB can do, no more: no joins, no scans in business code.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type Key = { readonly pk: string; readonly sk: string };

/**
 * A row. Attributes with a meaning to the adapters, all optional:
 * - `expires`: epoch seconds; from then on the row counts as absent (reads and `absent` conditions), whenever it is deleted
 * - `duePk`, `due`: put the row into the index `due`
 * - `dirPk`: puts the row into the index `directory`, sorted by its `pk`
 *
 * An attribute whose value is undefined is not written.
 */
export type Row = Key & { readonly [attribute: string]: Json | undefined };

/** Names from the row inwards: `['heard', 'goal']`. Parents must exist. */
export type AttributePath = readonly [string, ...string[]];

/** What must hold of the stored row for a write to happen. Several together must all hold. */
export type Condition = {
  /** No such row, or it has expired. Goes with nothing else. */
  readonly absent?: true;
  /** The row is there and has not expired. */
  readonly exists?: true;
  /** These top-level attributes have these values. Implies `exists`. */
  readonly equals?: Readonly<Record<string, string | number | boolean>>;
  /** These top-level attributes are missing. */
  readonly missing?: readonly string[];
  /** These top-level attributes are missing or less than the value (numbers by size, text by code unit). */
  readonly below?: Readonly<Record<string, string | number>>;
};

export type Change = {
  readonly set?: readonly (readonly [AttributePath, Json])[];
  /** Adds to a number; a missing one counts as 0. */
  readonly add?: readonly (readonly [AttributePath, number])[];
  /** Sets what is missing and leaves what is there. */
  readonly setIfAbsent?: readonly (readonly [AttributePath, Json])[];
  readonly remove?: readonly AttributePath[];
};

export type Write =
  | { readonly kind: 'put'; readonly row: Row; readonly if?: Condition }
  | { readonly kind: 'update'; readonly key: Key; readonly change: Change; readonly if?: Condition }
  | { readonly kind: 'delete'; readonly key: Key; readonly if?: Condition }
  | { readonly kind: 'check'; readonly key: Key; readonly if: Condition };

/** A stretch of one partition, in order of `sk` by code unit. */
export type Range = {
  readonly pk: string;
  readonly prefix?: string;
  /** Inclusive. Goes with `to`, not with `prefix`. */
  readonly from?: string;
  /** Inclusive. */
  readonly to?: string;
  readonly reverse?: boolean;
  /** Rows at most; without it all, page by page. Expired rows do not count. */
  readonly limit?: number;
};

export type IndexName = 'due' | 'directory';

/** Of an index only keys come back, and they may be stale: read the row before you act on it. */
export type IndexRange = {
  readonly index: IndexName;
  readonly pk: string;
  /** Inclusive upper bound of the index's sort key. */
  readonly to?: string;
  /** Exclusive lower bound, to go on from an earlier page: the last entry of it. */
  readonly after?: IndexEntry;
  readonly limit: number;
};

export type IndexEntry = Key & { readonly sort: string };

export interface Table {
  /** Strongly consistent unless `stale` is asked for, which costs half. */
  get(key: Key, options?: { stale?: boolean }): Promise<Row | undefined>;
  /** In the order of the keys, undefined where there is no row. Any number of keys; duplicates are allowed. Strongly consistent. */
  batchGet(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  /** Strongly consistent. */
  query(range: Range): Promise<Row[]>;
  queryIndex(range: IndexRange): Promise<IndexEntry[]>;
  /**
   * One write. Throws ConditionFailed with what stood there, Conflict when the call may simply be made again, and a
   * RangeError for what no table holds: too large a row, a number out of reach, levels too deep.
   * An update of a row that is not there creates it, unless its condition says otherwise. Returns the row as it is now
   * (undefined after a delete or check).
   */
  write(write: Write): Promise<Row | undefined>;
  /** All or nothing; at most 100 writes, each to another row. Throws as `write` does. */
  transact(writes: readonly Write[]): Promise<void>;
}

/** Characters of the expression that tells DynamoDB of a change. */
export const EXPRESSION_LIMIT = 4096;

/** Writes that fit into one transaction. */
export const TRANSACTION_LIMIT = 100;
