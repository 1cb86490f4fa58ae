import type { Key } from '#shared/store/table.ts';
import type { Found } from './rows.ts';

/** Characters of bodies; parsed they take some six times as many bytes. */
const HALF = 2 * 2 ** 20;
/** What an entry takes besides its body. */
const ENTRY = 200;

const nameOf = ({ pk, sk }: Key): string => `${pk.length} ${pk}${sk}`;

/**
 * Rows as they lie in the table, the lately used ones; null where there is none. When the young half is full the old one
 * goes, so that keeping the order of use costs nothing.
 */
export class RowCache {
  #young = new Map<string, Found | null>();
  #old = new Map<string, Found | null>();
  #size = 0;

  /** Undefined: not known. */
  get(key: Key): Found | null | undefined {
    const name = nameOf(key);
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(name);
    if (old !== undefined) this.#put(name, old);
    return old;
  }

  set(key: Key, row: Found | null): void {
    this.#put(nameOf(key), row);
  }

  delete(key: Key): void {
    const name = nameOf(key);
    this.#young.delete(name);
    this.#old.delete(name);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#size = 0;
  }

  #put(name: string, row: Found | null): void {
    this.#young.set(name, row);
    this.#size += ENTRY + (row?.body.length ?? 0);
    if (this.#size <= HALF) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#size = 0;
  }
}
