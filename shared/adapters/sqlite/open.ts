import { DatabaseSync } from 'node:sqlite';

const BUSY_MILLISECONDS = 10_000;

/**
 * Opens `:memory:` or a file for the laptop's whole state. A killed process loses nothing that was committed; a power
 * cut may lose the last moments and never breaks the file (WAL with synchronous NORMAL).
 */
export function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS });
  db.exec(`
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 4000;
  `);
  return db;
}
