import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../shared/journey/examples');

/** A file of the example shop by its key in the bucket, such as `journeys/welcome.json`. */
export const example = (key: string): string => readFileSync(join(ROOT, key), 'utf8');

/** Keys of all its files below a folder. */
export const exampleKeys = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
