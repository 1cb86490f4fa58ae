import { splitRecord } from '#shared/csv.ts';

/** One record with its text, or the text of a line that belongs to none, with the reason. */
export type CsvRecord =
  | { readonly raw: string; readonly cells: string[] }
  | { readonly raw: string; readonly reason: string };

/** Lines that one record may take. A quote left open would else swallow the rest of the file. */
const RECORD_LINES = 100;

/** Puts lines together to records: most are one line, but a line end may stand inside quotes. */
export class RecordAssembler {
  readonly #delimiter: string;
  /** Lines of a record that is not complete yet. */
  #pending: string[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  take(line: string): CsvRecord[] {
    if (this.#pending.length > 0) return this.#continue(line);
    if (line.trim() === '') return [];
    const split = splitRecord(line, this.#delimiter);
    if ('values' in split) return [{ raw: line, cells: split.values }];
    if (split.problem === 'stray') return [{ raw: line, reason: 'stray-quote' }];
    this.#pending = [line];
    return [];
  }

  /** What is left when the file ends. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    while (this.#pending.length > 0) records.push(...this.#giveUp());
    return records;
  }

  #continue(line: string): CsvRecord[] {
    this.#pending.push(line);
    // Only a line with a quote can end a record that is open.
    if (!line.includes('"')) return this.#pending.length > RECORD_LINES ? this.#giveUp() : [];
    const raw = this.#pending.join('\n');
    const split = splitRecord(raw, this.#delimiter);
    if ('values' in split) {
      this.#pending = [];
      return [{ raw, cells: split.values }];
    }
    return split.problem === 'stray' || this.#pending.length > RECORD_LINES ? this.#giveUp() : [];
  }

  /** The line that opened the record is to blame; those after it are read anew, as lines of their own. */
  #giveUp(): CsvRecord[] {
    const [first = '', ...others] = this.#pending;
    this.#pending = [];
    return [{ raw: first, reason: 'quote-not-closed' }, ...others.flatMap((line) => this.take(line))];
  }
}
