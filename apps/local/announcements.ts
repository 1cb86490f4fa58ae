import type { Bucket } from '#shared/ports.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { notRead } from './misplaced.ts';
import { printReports } from './print-summary.ts';

/**
 * What is said of a shop's files. While a shop is opened, files of one folder wait for each other, and only the last
 * word on each counts; from then on each word is said at once.
 */
export class Announcements {
  readonly #write: (text: string) => void;
  #early: Map<string, Report> | undefined = new Map();

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  readonly published = (report: Report): void => {
    if (this.#early) this.#early.set(report.file, report);
    else this.#write(print(report));
  };

  readonly strange = (key: string): void => {
    const text = notRead(key);
    if (text !== undefined && !this.#told.has(key)) this.#write(text);
    this.#told.add(key);
  };

  readonly failed = (key: string, error: unknown): void => {
    this.#write(`${key}   NOT READ: ${error instanceof Error ? error.message : String(error)}\n`);
  };

  /** Says what is wrong and, of a shop of the user's own, what has gone live since it was last open; then goes on word by word. */
  async open(bucket: Bucket, own: boolean): Promise<void> {
    const changed = [...(this.#early?.values() ?? [])].filter(({ remarks }) => own && !hasErrors(remarks));
    this.#early = undefined;
    this.#write(changed.map(print).join('') + (await printReports(bucket)));
  }

  readonly #told = new Set<string>();
}
