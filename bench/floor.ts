import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Floor = {
  readonly transactions: number;
  readonly writesPerTransaction: number;
  readonly bytesPerRow: number;
};

/**
 * Seconds that node:sqlite alone takes for as many transactions of as many rows of that size: rows by a text key, one
 * read and one write each, nothing parsed, no index besides. What the path costs on top is ours.
 */
export function sqliteFloor(floor: Floor): { readonly memory: number; readonly file: number } {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-floor-'));
  try {
    return { memory: secondsOf(':memory:', floor), file: secondsOf(join(folder, 'floor.db'), floor) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function secondsOf(path: string, { transactions, writesPerTransaction, bytesPerRow }: Floor): number {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -65536;
    CREATE TABLE rows (id INTEGER PRIMARY KEY, pk TEXT NOT NULL, sk TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (pk, sk)) STRICT;
  `);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const read = db.prepare('SELECT id, body FROM rows WHERE pk = ? AND sk = ?');
  const insert = db.prepare('INSERT INTO rows (pk, sk, body) VALUES (?, ?, ?)');
  const body = 'x'.repeat(bytesPerRow);
  const start = performance.now();
  for (let transaction = 0; transaction < transactions; transaction++) {
    begin.run();
    for (let row = 0; row < writesPerTransaction; row++) {
      // As contacts come: each partition far from the one before.
      const pk = `C#${String((transaction * 7919) % 1_000_003).padStart(32, '0')}`;
      const sk = `E#${transaction}#${row}`;
      read.get(pk, sk);
      insert.run(pk, sk, body);
    }
    commit.run();
  }
  const seconds = (performance.now() - start) / 1000;
  db.close();
  return seconds;
}
