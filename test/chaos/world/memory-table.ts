import { applyChange, holds, plain, type Stored, sameJson } from '#shared/adapters/sqlite/apply.ts';
import { assertKey, assertRow } from '#shared/adapters/sqlite/schema.ts';
import { ConditionFailed } from '#shared/errors.ts';
import { comesByTime, TABLE } from '#shared/store/keys.ts';
import type { IndexEntry, IndexRange, Key, Range, Row, Table, Write } from '#shared/store/table.ts';
import { assertWrites, keyOf } from '#shared/store/transaction.ts';
import { rowSize } from '#shared/store/units.ts';
import { Partitions } from './partitions.ts';

/** One row, before and after a write. */
export type Changed = { readonly key: Key; readonly before: Stored | undefined; readonly after: Stored | undefined };

export type MemoryTableOptions = {
  /** Milliseconds since 1970: decides what has expired. */
  readonly now: () => number;
  /** Told of what a write or a transaction has changed, all at once. */
  readonly onCommit?: (changed: readonly Changed[]) => void;
};

type Looked = {
  readonly write: Write;
  readonly before: Stored | undefined;
  readonly alive: Stored | undefined;
  readonly holds: boolean;
};

/**
 * The table as objects in memory, for worlds that live for milliseconds. All that it does is done at once: whoever wants
 * others to come in between waits before and after. Rows are shared and nobody changes one.
 */
export class MemoryTable implements Table {
  readonly #rows = new Partitions();
  readonly #due = new Map<string, Map<string, Stored>>();
  readonly #directory = new Map<string, Map<string, Stored>>();
  readonly #now: () => number;
  readonly #onCommit: ((changed: readonly Changed[]) => void) | undefined;

  constructor({ now, onCommit }: MemoryTableOptions) {
    this.#now = now;
    this.#onCommit = onCommit;
  }

  async get(key: Key): Promise<Row | undefined> {
    return this.read(key);
  }

  async batchGet(keys: readonly Key[]): Promise<(Row | undefined)[]> {
    return this.readAll(keys);
  }

  async query(range: Range): Promise<Row[]> {
    return this.range(range);
  }

  async queryIndex(range: IndexRange): Promise<IndexEntry[]> {
    return this.index(range);
  }

  async write(write: Write): Promise<Row | undefined> {
    return this.commit([write])[0];
  }

  async transact(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) this.commit(writes);
  }

  /** Puts rows there that others have made, as they are. */
  seed(rows: readonly Stored[]): void {
    for (const row of rows) this.#put(row, undefined, row);
  }

  read(key: Key): Stored | undefined {
    assertKey(key);
    return this.#alive(this.#rows.get(key));
  }

  readAll(keys: readonly Key[]): (Stored | undefined)[] {
    return keys.map((key) => this.read(key));
  }

  range(range: Range): Stored[] {
    const { prefix, from, to, reverse = false, limit = Number.POSITIVE_INFINITY } = range;
    if (prefix !== undefined && (from !== undefined || to !== undefined))
      throw new Error('a range by prefix has no other bounds');
    const partition = this.#rows.partition(range.pk);
    if (!partition || limit <= 0) return [];
    const found: Stored[] = [];
    const [first, end] = partition.span(range);
    for (let i = reverse ? end - 1 : first; reverse ? i >= first : i < end; i += reverse ? -1 : 1) {
      const row = this.#alive(partition.at(i));
      if (row) found.push(row);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Entries of expired rows too, as an index has them. */
  index({ index, pk, to, after, limit }: IndexRange): IndexEntry[] {
    const shard = (index === 'due' ? this.#due : this.#directory).get(pk);
    if (!shard || shard.size === 0) return [];
    const sort = TABLE.indexes[index].sortKey;
    const entries = [...shard.values()].map((row) => ({ pk: row.pk, sk: row.sk, sort: String(row[sort]) }));
    const from = after;
    return entries
      .filter((entry) => (to === undefined || entry.sort <= to) && (from === undefined || inOrder(entry, from) > 0))
      .sort(inOrder)
      .slice(0, limit);
  }

  /** Whether anything at all lies in this shard of an index. */
  hasIndexed({ index, pk }: IndexRange): boolean {
    return ((index === 'due' ? this.#due : this.#directory).get(pk)?.size ?? 0) > 0;
  }

  /** The smallest `due` of what comes by time. */
  nextDue(): string | undefined {
    let least: string | undefined;
    for (const [pk, shard] of this.#due) {
      if (!comesByTime(pk)) continue;
      for (const row of shard.values()) {
        const due = String(row['due']);
        if ((least === undefined || due < least) && this.#alive(row)) least = due;
      }
    }
    return least;
  }

  /** Every row there is, expired or not. */
  all(): IterableIterator<Stored> {
    return this.#rows.all();
  }

  /** Rows as they stand afterwards. Nothing is written before everything has been judged. */
  commit(writes: readonly Write[]): (Stored | undefined)[] {
    assertWrites(writes);
    const looked = writes.map((write) => this.#look(write));
    const failed = looked.flatMap((one, i) => (one.holds ? [] : [i]));
    if (failed.length > 0)
      throw new ConditionFailed(
        failed,
        failed.map((i) => looked[i]?.alive),
      );
    const after = looked.map((one) => outcome(one));
    const changed: Changed[] = [];
    for (const [i, { write, before }] of looked.entries()) {
      const row = after[i];
      if (row === before) continue;
      const key = keyOf(write);
      this.#put(key, before, row);
      if (!before || !row || !sameJson(before, row)) changed.push({ key, before, after: row });
    }
    if (changed.length > 0) this.#onCommit?.(changed);
    return after.map((row, i) => (writes[i]?.kind === 'check' ? undefined : this.#alive(row)));
  }

  #look(write: Write): Looked {
    const key = keyOf(write);
    assertKey(key);
    const before = this.#rows.get(key);
    const alive = this.#alive(before);
    return { write, before, alive, holds: write.if === undefined || holds(write.if, alive) };
  }

  #put(key: Key, before: Stored | undefined, after: Stored | undefined): void {
    if (after) this.#rows.set(after);
    else this.#rows.delete(key);
    this.#reindex(this.#due, TABLE.indexes.due, key, before, after);
    this.#reindex(this.#directory, TABLE.indexes.directory, key, before, after);
  }

  #reindex(
    index: Map<string, Map<string, Stored>>,
    { partitionKey, sortKey }: { partitionKey: string; sortKey: string },
    { pk, sk }: Key,
    before: Stored | undefined,
    after: Stored | undefined,
  ): void {
    const was = before?.[partitionKey];
    const is = after?.[partitionKey];
    if (was === undefined && is === undefined) return;
    const name = `${pk}\u0000${sk}`;
    if (typeof was === 'string' && was !== is) index.get(was)?.delete(name);
    if (typeof is !== 'string' || !after) return;
    const shard = index.get(is) ?? new Map<string, Stored>();
    index.set(is, shard);
    if (typeof after[sortKey] === 'string') shard.set(name, after);
    else shard.delete(name);
  }

  #alive(row: Stored | undefined): Stored | undefined {
    const expires = row?.['expires'];
    return typeof expires === 'number' && expires * 1000 <= this.#now() ? undefined : row;
  }
}

function outcome({ write, before }: Looked): Stored | undefined {
  if (write.kind === 'check') return before;
  if (write.kind === 'delete') return undefined;
  const row = write.kind === 'put' ? plain(write.row) : applyChange(write.key, before, write.change);
  assertRow(row, rowSize(row));
  return row;
}

const inOrder = (a: IndexEntry, b: IndexEntry): number =>
  compare(a.sort, b.sort) || compare(a.pk, b.pk) || compare(a.sk, b.sk);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
