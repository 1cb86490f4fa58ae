import { basename } from 'node:path';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { readLines } from '#apps/cli/replay/lines.ts';
import { type CsvRecord, RecordAssembler } from '#apps/cli/replay/records.ts';
import { joinRecord } from '#shared/csv.ts';

/** `columns`: fields parted by blanks, a line with their names at the head or not. */
export type Format =
  | { readonly kind: 'csv'; readonly delimiter: string }
  | { readonly kind: 'jsonl' }
  | { readonly kind: 'columns' };

/** One file of a source. `columns` are those it must have; of a headless file, all of them in their order. */
export type Input = { readonly file: string; readonly format: Format; readonly columns: readonly string[] };

/** A table with commas between its fields, and their names at the head. */
export const commaSeparated = (file: string, columns: readonly string[]): Input => ({
  file,
  format: { kind: 'csv', delimiter: ',' },
  columns,
});

/** What stands in one row, by column. Of CSV always texts. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * A row as it was read. `number` counts rows, not lines, from 1; the header is none. `cells` are its values in the order
 * of the header; of JSONL the one line. A row that cannot be read has its text and the reason instead.
 */
export type Row =
  | { readonly number: number; readonly cells: readonly string[] }
  | { readonly number: number; readonly raw: string; readonly reason: string };

const jsonRowSchema = z.record(z.string(), z.unknown());

/** Reads one input: its header first, then its rows in lists. */
export class RowReader {
  readonly input: Input;
  readonly #assembler: RecordAssembler;
  #header: readonly string[] | undefined;
  #number = 0;

  constructor(input: Input) {
    this.input = input;
    this.#assembler = new RecordAssembler(input.format.kind === 'csv' ? input.format.delimiter : ',');
  }

  /** Every row of the file, blank lines aside. Throws BadInput when a needed column is missing or the file is empty. */
  async *read(onBytes: (bytes: number) => void): AsyncGenerator<readonly Row[]> {
    for await (const lines of readLines(this.input.file, onBytes)) {
      const rows = lines.flatMap((line) => this.#rowsOf(line));
      if (rows.length > 0) yield rows;
    }
    yield this.#assembler.end().flatMap((record) => this.#row(record));
    if (!this.#header && this.#number === 0) throw new BadInput(`"${basename(this.input.file)}" is empty.`);
  }

  /** The row's values by column; undefined when a row of JSONL is no JSON object. */
  fieldsOf(cells: readonly string[]): Fields | undefined {
    if (this.input.format.kind === 'jsonl') return jsonFields(cells[0] ?? '');
    const fields: Record<string, string> = {};
    this.#header?.forEach((name, i) => {
      fields[name] = (cells[i] ?? '').trim();
    });
    return fields;
  }

  /** The row as text again, as it goes into the file of rejected rows. */
  rawOf(cells: readonly string[]): string {
    const { format } = this.input;
    return format.kind === 'csv' ? joinRecord(cells, format.delimiter) : cells.join(' ');
  }

  #rowsOf(line: string): Row[] {
    if (this.input.format.kind === 'csv') return this.#assembler.take(line).flatMap((record) => this.#row(record));
    if (line.trim() === '') return [];
    if (this.input.format.kind === 'columns') return this.#row({ raw: line, cells: line.trim().split(/\s+/) });
    return [{ number: this.#next(), cells: [line] }];
  }

  #row(record: CsvRecord): Row[] {
    if ('reason' in record) return [{ number: this.#next(), ...record }];
    const { cells, raw } = record;
    if (!this.#header) {
      this.#header = this.#headerFrom(cells);
      // A headless file has digits where another has the name of its first column.
      if (this.input.format.kind === 'csv' || !/^\d/.test(cells[0] ?? '')) return [];
    }
    if (cells.length !== this.#header.length) return [{ number: this.#next(), raw, reason: 'wrong-number-of-fields' }];
    return [{ number: this.#next(), cells }];
  }

  #headerFrom(cells: readonly string[]): readonly string[] {
    const { columns, format, file } = this.input;
    if (format.kind === 'columns') return columns;
    const names = cells.map((cell) => cell.trim());
    const missing = columns.filter((column) => !names.includes(column));
    if (missing.length === 0) return names;
    throw new BadInput(`"${basename(file)}" has no column "${missing.join('", "')}". It has "${names.join('", "')}".`);
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

function jsonFields(line: string): Fields | undefined {
  try {
    return jsonRowSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
