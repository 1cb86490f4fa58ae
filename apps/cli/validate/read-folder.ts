import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import { isShop } from '#apps/cli/which-folder.ts';
import { belongsElsewhere } from '#apps/local/misplaced.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import type { File } from './check-folder.ts';

/** The folder that a path belongs to, and the key of the file if it names one. */
export type Place = { readonly folder: string; readonly file?: string };

/** A file lies in a shop's folder, which is where `settings.json` is, or what holds `journeys`. Throws BadInput. */
export function placeOf(path: string): Place {
  const full = resolve(path);
  if (!existsSync(full)) throw new BadInput(`There is no ${path}.`);
  if (statSync(full).isDirectory()) return { folder: full };
  const file = relative(folderOf(full), full).split(sep).join('/');
  return { folder: folderOf(full), file };
}

function folderOf(file: string): string {
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    if (isShop(at)) return at;
  }
  throw new BadInput(`${file} does not lie in a shop's folder, with settings.json, journeys/ and templates/.`);
}

/** All files of the shop. Throws BadInput when they cannot be read, or when there are none. */
export function readFolder({ folder, file }: Place): File[] {
  const files = read(folder);
  if (files.length === 0) throw new BadInput(`${folder} has no settings.json, journeys/, segments/ or templates/.`);
  if (file !== undefined && !files.some(({ key }) => key === file))
    throw new BadInput(`${file} is no file of a shop's. ${belongsElsewhere(file) ?? ''}`.trimEnd());
  return files;
}

function read(folder: string): File[] {
  try {
    return filesOf(folder);
  } catch (error) {
    throw new BadInput(`${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
