import type { Key } from '#shared/store/table.ts';
import type { Found } from './found.ts';

/** Bytes of rows, as DynamoDB counts them; as objects they take some six times as many. */
const HALF = 2 * 2 ** 20;
/** What an entry takes besides its body. */
const ENTRY = 200;

type Partitions = Map<string, Map<string, Found | null>>;

/**
 * Rows as they lie in the table, the lately used ones; null where there is none. When the young half is full the old one
 * goes, so that keeping the order of use costs nothing.
 */
export class RowCache {
  #young: Partitions = new Map();
  #old: Partitions = new Map();
  #size = 0;

  /** Undefined: not known. */
  get(key: Key): Found | null | undefined {
    const young = this.#young.get(key.pk)?.get(key.sk);
    if (young !== undefined) return young;
    const old = this.#old.get(key.pk)?.get(key.sk);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set({ pk, sk }: Key, row: Found | null): void {
    const partition = this.#young.get(pk) ?? new Map<string, Found | null>();
    this.#young.set(pk, partition);
    partition.set(sk, row);
    this.#size += ENTRY + (row?.size ?? 0);
    if (this.#size <= HALF) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#size = 0;
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#size = 0;
  }
}
