import { Conflict } from '#shared/errors.ts';
import { TABLE } from '#shared/store/keys.ts';
import type { IndexEntry, IndexRange, Key, Range, Row, Table, Write } from '#shared/store/table.ts';
import { keyOf } from '#shared/store/transaction.ts';

/**
 * What may befall a call:
 * - `conflict`, `throttle`: nothing happens, Conflict
 * - `lost`: it happens, and a plain error stands where the answer should
 * - `stale`: an index, or a read that asked for it, answers as of before the last write; other calls do not notice
 * - `crash-before`, `crash-after`: the process dies there; every further call throws Crash, until `restart`
 */
export type Fault = 'conflict' | 'throttle' | 'lost' | 'stale' | 'crash-before' | 'crash-after';

/** The process that made this call is dead. Nobody may catch it but the test. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** The answer to a call that did happen was lost on the way. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

export type Call = {
  /** 1 for the first call. */
  readonly n: number;
  readonly kind: 'get' | 'batchGet' | 'query' | 'queryIndex' | 'write' | 'transact';
  /** 1 for the first write or transaction; undefined for reads. */
  readonly write: number | undefined;
  /** Of a write or transaction; empty for reads. */
  readonly writes: readonly Write[];
};

/** A table to which things happen that SQLite, which does one thing after another, never shows by itself. */
export class FaultyTable implements Table {
  /** All calls so far, so that a test can first count them and then break each. */
  readonly calls: Call[] = [];
  readonly #table: Table;
  readonly #decide: (call: Call) => Fault | undefined;
  #dead = false;
  /** Rows that the last write touched, as they were before it. */
  #before: readonly (readonly [Key, Row | undefined])[] = [];

  constructor(table: Table, decide: (call: Call) => Fault | undefined) {
    this.#table = table;
    this.#decide = decide;
  }

  /** The next process begins. */
  restart(): void {
    this.#dead = false;
  }

  get(key: Key, options: { stale?: boolean } = {}): Promise<Row | undefined> {
    return this.#call('get', [], async (stale) => {
      const earlier = stale && options.stale ? this.#before.find(([touched]) => isSame(touched, key)) : undefined;
      return earlier ? earlier[1] : this.#table.get(key, options);
    });
  }

  batchGet(keys: readonly Key[]): Promise<(Row | undefined)[]> {
    return this.#call('batchGet', [], () => this.#table.batchGet(keys));
  }

  query(range: Range): Promise<Row[]> {
    return this.#call('query', [], () => this.#table.query(range));
  }

  queryIndex(range: IndexRange): Promise<IndexEntry[]> {
    return this.#call('queryIndex', [], (stale) => (stale ? this.#earlier(range) : this.#table.queryIndex(range)));
  }

  write(write: Write): Promise<Row | undefined> {
    return this.#call('write', [write], () => this.#table.write(write));
  }

  transact(writes: readonly Write[]): Promise<void> {
    return this.#call('transact', writes, () => this.#table.transact(writes));
  }

  async #call<T>(kind: Call['kind'], writes: readonly Write[], work: (stale: boolean) => Promise<T>): Promise<T> {
    if (this.#dead) throw new Crash('a call by a process that is dead');
    const isWrite = kind === 'write' || kind === 'transact';
    const earlier = this.calls.filter(({ write }) => write !== undefined).length;
    const call: Call = { n: this.calls.length + 1, kind, write: isWrite ? earlier + 1 : undefined, writes };
    this.calls.push(call);
    const fault = this.#decide(call);
    if (fault === 'conflict' || fault === 'throttle') throw new Conflict(`${fault}, as the test wanted`);
    if (fault === 'crash-before') this.#die(call, 'before');
    const before = isWrite ? await this.#standing(writes) : this.#before;
    const result = await work(fault === 'stale');
    this.#before = before;
    if (fault === 'crash-after') this.#die(call, 'after');
    if (fault === 'lost') throw new AnswerLost(`the answer to call ${call.n} was lost`);
    return result;
  }

  #die({ n, kind }: Call, when: string): never {
    this.#dead = true;
    throw new Crash(`${when} call ${n}, ${kind}`);
  }

  async #standing(writes: readonly Write[]): Promise<[Key, Row | undefined][]> {
    const keys = writes.map(keyOf);
    const rows = await this.#table.batchGet(keys);
    return keys.map((key, i) => [key, rows[i]]);
  }

  async #earlier(range: IndexRange): Promise<IndexEntry[]> {
    const now = await this.#table.queryIndex({ ...range, limit: range.limit + this.#before.length });
    const untouched = now.filter((entry) => !this.#before.some(([key]) => isSame(key, entry)));
    const then = this.#before.flatMap(([, row]) => entryOf(range, row) ?? []);
    return [...untouched, ...then].toSorted(inOrder).slice(0, range.limit);
  }
}

const isSame = (a: Key, b: Key): boolean => a.pk === b.pk && a.sk === b.sk;

const inOrder = (a: IndexEntry, b: IndexEntry): number =>
  compare(a.sort, b.sort) || compare(a.pk, b.pk) || compare(a.sk, b.sk);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The row's entry in the index, if it has one and lies in the range. */
function entryOf({ index, pk, to, after }: IndexRange, row: Row | undefined): IndexEntry | undefined {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  const sort = row?.[sortKey];
  if (row?.[partitionKey] !== pk || typeof sort !== 'string') return undefined;
  const entry = { pk: row.pk, sk: row.sk, sort };
  if ((to !== undefined && sort > to) || (after && inOrder(entry, after) <= 0)) return undefined;
  return entry;
}
