import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImportedFile } from '#shared/import/draft.ts';

/** What became of one file of an import. */
export type Written = {
  readonly path: string;
  /** `kept`: another one was there already; the new text lies at `instead`. `same`: it says the same already. */
  readonly was: 'written' | 'same' | 'kept';
  readonly instead?: string;
};

function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Writes the files below a folder. What a person has there already stays, unless it may be replaced. */
export function writeFiles(
  folder: string,
  files: readonly ImportedFile[],
  report: string,
  replace: boolean,
): Written[] {
  return files.map(({ path, text }) => {
    const there = join(folder, path);
    if (existsSync(there) && readFileSync(there, 'utf8') === text) return { path, was: 'same' };
    if (existsSync(there) && !replace) {
      const instead = `${report}/${path}`;
      write(folder, instead, text);
      return { path, was: 'kept', instead };
    }
    write(folder, path, text);
    return { path, was: 'written' };
  });
}

export function writeReport(folder: string, report: string, text: string, json: object): void {
  write(folder, `${report}.txt`, text);
  write(folder, `${report}.json`, `${JSON.stringify(json, null, 2)}\n`);
}
