import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const BUFFERED = 64 * 1024;

/**
 * Keeps the rows that could not be used: counted by reason, and each as one line of JSON in a file,
 * `{"file","row","reason","raw"}`. The file has its name only when it is complete.
 */
export class RejectedRows {
  readonly counts: Record<string, number> = {};
  readonly #file: string;
  readonly #descriptor: number;
  #buffer = '';

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(`${file}.part`, 'w');
  }

  add(row: { readonly file: string; readonly row: number; readonly reason: string; readonly raw: string }): void {
    this.counts[row.reason] = (this.counts[row.reason] ?? 0) + 1;
    this.#buffer += `${JSON.stringify(row)}\n`;
    if (this.#buffer.length > BUFFERED) this.#write();
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Completes the file. */
  keep(): void {
    this.#write();
    closeSync(this.#descriptor);
    renameSync(`${this.#file}.part`, this.#file);
  }

  /** Lets go of a file that will not be completed. */
  drop(): void {
    closeSync(this.#descriptor);
    rmSync(`${this.#file}.part`, { force: true });
  }

  #write(): void {
    writeSync(this.#descriptor, this.#buffer);
    this.#buffer = '';
  }
}
