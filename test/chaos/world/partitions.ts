import type { Stored } from '#shared/adapters/sqlite/apply.ts';
import type { Key, Range } from '#shared/store/table.ts';

/** Units from here on do not sort as UTF-8 does: halves of characters beyond U+FFFF stand before U+E000. */
const ODD = /[\ud800-\uffff]/;

/** By the bytes in UTF-8. */
const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

/** Rows of one partition, in the order of their sort keys. */
class Partition {
  readonly #sks: string[] = [];
  readonly #rows: Stored[] = [];
  #hasOdd = false;

  get(sk: string): Stored | undefined {
    const i = this.#place(sk);
    return this.#sks[i] === sk ? this.#rows[i] : undefined;
  }

  at(i: number): Stored | undefined {
    return this.#rows[i];
  }

  set(row: Stored): void {
    const i = this.#place(row.sk);
    if (this.#sks[i] === row.sk) this.#rows[i] = row;
    else {
      this.#hasOdd ||= ODD.test(row.sk);
      this.#sks.splice(i, 0, row.sk);
      this.#rows.splice(i, 0, row);
    }
  }

  delete(sk: string): void {
    const i = this.#place(sk);
    if (this.#sks[i] !== sk) return;
    this.#sks.splice(i, 1);
    this.#rows.splice(i, 1);
  }

  rows(): readonly Stored[] {
    return this.#rows;
  }

  /** Where the rows of a range begin, and where they end: the last place is not one of them. */
  span({ prefix, from, to }: Range): readonly [first: number, end: number] {
    const first = this.#place(prefix ?? from ?? '');
    if (prefix === undefined) {
      if (to === undefined) return [first, this.#sks.length];
      const last = this.#place(to);
      return [first, this.#sks[last] === to ? last + 1 : last];
    }
    let end = first;
    while (this.#sks[end]?.startsWith(prefix)) end += 1;
    return [first, end];
  }

  /** Where it stands, or would. */
  #place(sk: string): number {
    const sks = this.#sks;
    const isOdd = this.#hasOdd || ODD.test(sk);
    let low = 0;
    let high = sks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = sks[middle] ?? '';
      if (isOdd ? isBefore(there, sk) : there < sk) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** All rows, by partition. */
export class Partitions {
  readonly #partitions = new Map<string, Partition>();

  get({ pk, sk }: Key): Stored | undefined {
    return this.#partitions.get(pk)?.get(sk);
  }

  set(row: Stored): void {
    const partition = this.#partitions.get(row.pk) ?? new Partition();
    this.#partitions.set(row.pk, partition);
    partition.set(row);
  }

  delete({ pk, sk }: Key): void {
    this.#partitions.get(pk)?.delete(sk);
  }

  partition(pk: string): Partition | undefined {
    return this.#partitions.get(pk);
  }

  *all(): IterableIterator<Stored> {
    for (const partition of this.#partitions.values()) yield* partition.rows();
  }
}
