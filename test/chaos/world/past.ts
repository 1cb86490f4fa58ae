import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import { TABLE } from '#shared/store/keys.ts';
import type { IndexEntry, IndexRange, Key } from '#shared/store/table.ts';
import type { Changed, MemoryTable } from './memory-table.ts';
import type { Scheduler } from './scheduler.ts';

/** How far a read that may be stale is behind, in milliseconds and in commits. */
const BEHIND = 5000;
const COMMITS = 12;

/** The table as it was a moment ago, for reads that are not consistent. */
export class Past {
  readonly #table: MemoryTable;
  readonly #scheduler: Scheduler;
  #commits: { readonly at: number; readonly changed: readonly Changed[] }[] = [];

  constructor(table: MemoryTable, scheduler: Scheduler) {
    this.#table = table;
    this.#scheduler = scheduler;
  }

  written(changed: readonly Changed[]): void {
    if (this.#commits.length >= COMMITS) this.#commits.shift();
    this.#commits.push({ at: this.#scheduler.millis, changed });
  }

  read(key: Key): Stored | undefined {
    const then = this.#then().get(nameOf(key));
    return then ? then.before : this.#table.read(key);
  }

  index(range: IndexRange): IndexEntry[] {
    const then = this.#then();
    const now = this.#table.index({ ...range, limit: range.limit + then.size });
    const untouched = now.filter((entry) => !then.has(nameOf(entry)));
    const before = [...then.values()].flatMap(({ before: row }) => entryOf(range, row) ?? []);
    return [...untouched, ...before].sort(inOrder).slice(0, range.limit);
  }

  /** What was written lately, each row as it stood before the first of these writes. */
  #then(): Map<string, Changed> {
    const since = this.#scheduler.millis - BEHIND;
    const first = new Map<string, Changed>();
    for (const { at, changed } of this.#commits)
      if (at >= since) for (const one of changed) if (!first.has(nameOf(one.key))) first.set(nameOf(one.key), one);
    return first;
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`;

const inOrder = (a: IndexEntry, b: IndexEntry): number =>
  compare(a.sort, b.sort) || compare(a.pk, b.pk) || compare(a.sk, b.sk);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The row's entry in the index, if it has one and lies in the range. */
function entryOf({ index, pk, to, after }: IndexRange, row: Stored | undefined): IndexEntry | undefined {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  const sort = row?.[sortKey];
  if (row?.[partitionKey] !== pk || typeof sort !== 'string') return undefined;
  const entry = { pk: row.pk, sk: row.sk, sort };
  return (to !== undefined && sort > to) || (after && inOrder(entry, after) <= 0) ? undefined : entry;
}
