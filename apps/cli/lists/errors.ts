import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Row } from '#apps/cli/replay/rows.ts';
import { joinRecord } from '#shared/csv.ts';
import { OURS } from './columns.ts';
import type { List } from './open-list.ts';

/** Rows that could not be used, as they came, with what is wrong: to be mended there and imported by themselves. */
export class Errors {
  readonly #file: string;
  readonly #list: List;
  #descriptor: number | undefined;

  constructor(file: string, list: List) {
    this.#file = file;
    this.#list = list;
    if (existsSync(file)) rmSync(file);
  }

  get any(): boolean {
    return this.#descriptor !== undefined;
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

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}
