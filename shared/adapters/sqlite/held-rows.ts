import type { Key } from '#shared/store/table.ts';
import type { Stored } from './apply.ts';
import type { Found } from './found.ts';
import type { RowFile } from './row-file.ts';
import { sameColumns } from './schema.ts';

/** What the file holds of a row, and what it is to hold; null for none. */
type Held = { readonly key: Key; readonly inFile: Found | null; found: Found | null };

/**
 * Rows that were written and do not lie in the file yet. A passage or a message changes several times in a row; of what
 * happens between two commits the file needs the last.
 */
export class HeldRows {
  readonly #file: RowFile;
  #rows = new Map<string, Map<string, Held>>();
  /** Those that stand elsewhere in the index of what is due than the file says. */
  #moved = new Set<Held>();

  constructor(file: RowFile) {
    this.#file = file;
  }

  /** Undefined: not held, so that it is as the file has it. */
  get({ pk, sk }: Key): Found | null | undefined {
    return this.#rows.get(pk)?.get(sk)?.found;
  }

  /** `before` is the row as it stood, held or in the file. */
  set({ pk, sk }: Key, before: Found | null, found: Found | null): void {
    const partition = this.#rows.get(pk) ?? new Map<string, Held>();
    this.#rows.set(pk, partition);
    const held = partition.get(sk) ?? { key: { pk, sk }, inFile: before, found };
    partition.set(sk, held);
    held.found = found;
    if (isMoved(held.inFile?.row, found?.row)) this.#moved.add(held);
    else this.#moved.delete(held);
  }

  /** Writes all of them to the file. */
  flush(): void {
    for (const partition of this.#rows.values()) for (const held of partition.values()) this.#write(held);
    this.drop();
  }

  /** Writes those of one partition whose sort key begins so. */
  flushRange(pk: string, prefix: string): void {
    for (const [sk, held] of this.#rows.get(pk) ?? []) if (sk.startsWith(prefix)) this.#take(held);
  }

  /** Writes those without which the index of what is due would be wrong. */
  flushDue(): void {
    for (const held of this.#moved) this.#take(held);
  }

  /** Forgets them: they are in the file, or have been rolled back. */
  drop(): void {
    this.#rows = new Map();
    this.#moved = new Set();
  }

  #take(held: Held): void {
    this.#write(held);
    this.#rows.get(held.key.pk)?.delete(held.key.sk);
    this.#moved.delete(held);
  }

  #write({ inFile, found }: Held): void {
    if (found === null) {
      if (inFile) this.#file.delete(inFile.id);
    } else if (inFile === null) found.id = this.#file.insert(found.row, found.size);
    else {
      found.id = inFile.id;
      if (sameColumns(inFile.row, found.row)) this.#file.updateBody(found.id, found.row, found.size);
      else this.#file.update(found.id, found.row, found.size);
    }
  }
}

const isMoved = (before: Stored | undefined, after: Stored | undefined): boolean =>
  before?.['duePk'] !== after?.['duePk'] ||
  before?.['due'] !== after?.['due'] ||
  // Without a due time there is no entry that could expire.
  (after?.['due'] !== undefined && before?.['expires'] !== after['expires']);
