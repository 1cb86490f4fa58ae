import type { Source } from './parse.ts';
import { type Remark, remark } from './remarks.ts';

/** The name that the file gives: `journeys/welcome.json` is "welcome". */
export const nameOfFile = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace(/\.jsonc?$/, '');

/** A file and what stands in it have one name. */
export function fileNamed(fileName: string, what: string, id: string, source: Source): Remark[] {
  const name = nameOfFile(fileName);
  if (name === id) return [];
  const text = `The file is named "${name}", the ${what} "${id}". Make them the same.`;
  return [remark('E06', source.at(['id']), text)];
}
