import { DatabaseSync } from 'node:sqlite';

/** How long a connection waits for another one. */
const PATIENCE = 10_000;

const SETTINGS = `
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 4000;
`;

/**
 * Opens `:memory:` or a file for the laptop's whole state. A killed process loses nothing that was committed; a power
 * cut may lose the last moments and never breaks the file (WAL with synchronous NORMAL). `patience`: milliseconds to wait
 * for whoever has locked the file.
 */
export function openDatabase(path: string, { patience = PATIENCE } = {}): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: patience });
  try {
    db.exec(SETTINGS);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
