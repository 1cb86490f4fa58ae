import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Row } from '#apps/cli/replay/rows.ts';
import { joinRecord } from '#shared/csv.ts';
import { OURS } from './columns.ts';
import type { List } from './open-list.ts';
import { isSameText } from './same-text.ts';

/** Rows that could not be used, as they came, with what is wrong: to be mended there and imported by themselves. */
export class Errors {
  readonly #file: string;
  readonly #list: List;
  /** Files of earlier imports: somebody may be mending one. */
  readonly #earlier: readonly string[];
  #descriptor: number | undefined;

  /** In this file, in place of what is there. */
  static into(file: string, list: List): Errors {
    if (existsSync(file)) rmSync(file);
    return new Errors(file, [], list);
  }

  /** Beside the list, under a name that is free: `people.errors.csv`, `people.errors-2.csv`. */
  static beside(listed: string, list: List): Errors {
    const stem = `${listed.replace(/\.csv$/i, '')}.errors`;
    const earlier: string[] = [];
    for (let n = 1; ; n += 1) {
      const file = `${stem}${n === 1 ? '' : `-${n}`}.csv`;
      if (!existsSync(file)) return new Errors(file, earlier, list);
      earlier.push(file);
    }
  }

  private constructor(file: string, earlier: readonly string[], list: List) {
    this.#file = file;
    this.#earlier = earlier;
    this.#list = list;
  }

  add(row: Row, text: string): void {
    const { header, delimiter } = this.#list;
    if (this.#descriptor === undefined) {
      this.#descriptor = openSync(this.#file, 'wx', 0o600);
      writeSync(
        this.#descriptor,
        `${joinRecord([...header.filter((name) => !OURS.includes(name)), ...OURS], delimiter)}\n`,
      );
    }
    const own = 'cells' in row ? row.cells.filter((_, i) => !OURS.includes(header[i] ?? '')) : [row.raw];
    const cells = joinRecord(own, delimiter);
    writeSync(this.#descriptor, `${cells}${delimiter}${joinRecord([String(row.number), text], delimiter)}\n`);
  }

  /** Where they lie; undefined where there are none. What an earlier import has left just so is not left twice. */
  close(): string | undefined {
    if (this.#descriptor === undefined) return undefined;
    closeSync(this.#descriptor);
    const same = this.#earlier.find((file) => isSameText(file, this.#file));
    if (same !== undefined) rmSync(this.#file);
    return same ?? this.#file;
  }
}
