import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES } from '#apps/local/folder.ts';

const KINDS = ['settings.json', 'journeys', 'segments', 'templates', 'pools'];

/** Whether a folder is laid out as a shop's is. */
export const isShop = (folder: string): boolean => KINDS.some((kind) => existsSync(join(folder, kind)));

/** Where a journey that is named by its id is looked for: in what `--folder` says, else here if this is a shop's folder, else among the examples. */
export const folderOr = (given: string | undefined, here = '.'): string => given ?? (isShop(here) ? here : EXAMPLES);

/** A journey is named by its id, or by its file. */
export const isFileName = (given: string): boolean => /[/\\]|\.jsonc?$/.test(given);

/** The line that says where a journey was found that the user has not said the folder of; undefined of others. */
export function sayFolder(journey: string, given: string | undefined, here = '.'): string | undefined {
  if (given !== undefined || isFileName(journey)) return undefined;
  const where = isShop(here) ? 'this folder' : 'the examples of Tropa, as this is no folder of a shop';
  return `"${journey}" is that of ${where}. --folder DIR takes another.\n`;
}
