import type { Key } from '#shared/store/table.ts';
import type { Stored } from './apply.ts';
import type { Lying } from './row-file.ts';

/** A row and its size. `id` is its number in the file, 0 as long as it has none. */
export type Found = { id: number; readonly row: Stored; readonly size: number };

/** A row from the file; its body is parsed when somebody looks at it. */
export class FoundRow implements Found {
  readonly id: number;
  readonly size: number;
  readonly #key: Key;
  #body: string;
  #row: Stored | undefined;

  constructor({ id, key, size, body }: Lying) {
    this.id = id;
    this.size = size;
    // A whole row may be given as its key.
    this.#key = { pk: key.pk, sk: key.sk };
    this.#body = body;
  }

  get row(): Stored {
    if (this.#row) return this.#row;
    const row: Stored = Object.assign(JSON.parse(this.#body), this.#key);
    this.#row = row;
    this.#body = '';
    return row;
  }
}
