import { cpSync, readdirSync, readFileSync } from 'node:fs';
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

/** Copies of the example shop these journeys and the mails they send, in English: not every test need wait for all 84. */
export function copyShop(to: string, ...journeys: string[]): void {
  const keys = journeys.map((id) => `journeys/${id}.json`);
  const sent = [
    ...keys
      .map(example)
      .join()
      .matchAll(/"template": "([^"]+)"/g),
  ].map(([, id = '']) => id);
  for (const key of exampleKeys('.')) {
    const [folder = '', name = ''] = key.split('/');
    const isOther =
      (folder === 'journeys' && !keys.includes(key)) ||
      folder === 'tests' ||
      (folder === 'templates' && (!['_brand', ...sent].includes(name) || /\.(pl|ru)\./.test(key)));
    if (!isOther) cpSync(join(ROOT, key), join(to, key));
  }
}
