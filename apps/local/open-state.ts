import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BadInput } from '#apps/cli/bad-input.ts';
import { openDatabase } from '#shared/adapters/sqlite/open.ts';

/** The file of a data folder that holds its whole state. */
export const DATABASE = 'tropa.db';

/** A process that has just ended may still be closing its files. */
const CLOSING = 200;

/**
 * The whole state, for this process alone: two clocks over one state would each do the other's work again. In memory without
 * a folder. Throws BadInput where another process is on it, or where the file is none that can be worked on.
 */
export function openState(dataDir: string | undefined): DatabaseSync {
  if (dataDir === undefined) return openDatabase(':memory:');
  const file = join(dataDir, DATABASE);
  let db: DatabaseSync | undefined;
  try {
    db = openDatabase(file, { patience: CLOSING });
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    if (isForeign(db)) throw new BadInput(`${file} is the database of another program. Take another folder.`);
    return db;
  } catch (error) {
    db?.close();
    const say = SAID.get(codeOf(error));
    throw say ? new BadInput(say(dataDir, file), { cause: error }) : error;
  }
}

const OWN = ['kept', 'rows'];

/** Whatever has tables has one of these, or was made by somebody else. */
function isForeign(db: DatabaseSync): boolean {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  return tables.length > 0 && !tables.some(({ name }) => OWN.includes(String(name)));
}

/** By SQLite's codes: SQLITE_BUSY, READONLY, CORRUPT, CANTOPEN, NOTADB. */
const SAID: ReadonlyMap<number | undefined, (dataDir: string, file: string) => string> = new Map([
  [5, (dataDir) => `${dataDir} is in use by another process; stop it first.`],
  [8, (_, file) => `${file} cannot be written here: see who owns it, and its folder.`],
  [11, (_, file) => `${file} is damaged, and cannot be read. Put a copy of it back, or take another folder.`],
  [14, (_, file) => `${file} cannot be opened: it is no file, or may not be read here.`],
  [26, (_, file) => `${file} is no database, though Tropa keeps its own there. Move it away, or take another folder.`],
]);

/** The lowest byte of SQLite's code says what, the rest in which way. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode % 256 : undefined;
