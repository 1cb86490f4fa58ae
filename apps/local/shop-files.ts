import { type BigIntStats, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isTest } from '#shared/publish/test-key.ts';
import { isSystemError } from './system-error.ts';

/** A file of a shop, by its key in the bucket. */
export type ShopFile = { readonly key: string; readonly body: string };

/** Files of these endings are the shop's; editors leave others beside them. */
const OURS =
  /^(journeys\/[^/]+\.jsonc?|templates\/.+\.(mjml|liquid)|templates\/_brand\/brand\.json|segments\/[^/]+\.json|pools\/[^/]+\.csv|settings\.json)$/;
/** Folders that are looked into however deep; of others only the files right in them are looked at. */
const DEEP = ['journeys', 'templates', 'segments', 'pools', 'tests'];

/** A key that leads out of the folder it would be written to is nobody's, whoever has put it into the bucket. */
const STRAYS = /(^|\/)\.{0,2}(\/|$)|\\/;

export const isOurs = (key: string): boolean => (isTest(key) || OURS.test(key)) && !STRAYS.test(key);

/** What others refer to comes before them. */
export const RANKS = ['tests/', 'settings.json', 'pools/', 'segments/', 'templates/', 'journeys/'];
const rank = (key: string): number => (isTest(key) ? 0 : RANKS.findIndex((start) => key.startsWith(start)));

/** The shop's files in a folder laid out like the bucket: tests and settings first, then pools, segments, templates and journeys. */
export function filesOf(folder: string): ShopFile[] {
  return keysIn(folder)
    .filter(isOurs)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((key) => ({ key, body: readFileSync(join(folder, key), 'utf8') }));
}

/** Everything that lies where a shop's files lie, or nearly there, by what its key in the bucket would be. */
export const keysIn = (folder: string): string[] =>
  entriesOf(folder).flatMap(({ name, isFolder }) => (isFolder ? below(folder, name, DEEP.includes(name)) : [name]));

function below(folder: string, under: string, deep: boolean): string[] {
  return entriesOf(join(folder, under)).flatMap(({ name, isFolder }) => {
    const key = `${under}/${name}`;
    if (!isFolder) return [key];
    return deep ? below(folder, key, deep) : [];
  });
}

/** Hidden files and foreign code are nobody's. What goes away meanwhile is left out. */
function entriesOf(folder: string): { name: string; isFolder: boolean }[] {
  const found = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return found
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map((entry) => ({
      name: entry.name,
      isFolder: isFolder(entry.isSymbolicLink(), entry.isDirectory(), folder, entry.name),
    }));
}

const isFolder = (isLink: boolean, isDirectory: boolean, folder: string, name: string): boolean =>
  isLink ? (unlessGone(() => statSync(join(folder, name)).isDirectory()) ?? false) : isDirectory;

/** What tells one state of a file from another: the file itself, when it was written, and how long it is. */
export function stampOf(file: string): string | undefined {
  const found = unlessGone((): BigIntStats => statSync(file, { bigint: true }));
  return found && `${found.ino} ${found.mtimeNs} ${found.ctimeNs} ${found.size}`;
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
