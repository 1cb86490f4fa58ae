import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { deriveEvents } from '#apps/cli/replay/derive-events.ts';
import { readRows } from '#apps/cli/replay/read-rows.ts';
import { RowReader } from '#apps/cli/replay/rows.ts';
import type { Subject } from '#apps/cli/replay/source.ts';
import { type Staging, TEMP_TABLES } from '#apps/cli/replay/staging.ts';

/**
 * Rows as they are read -> rows by contact and time -> events in order of time. Both sorts are SQLite's, on disk, so
 * memory holds one contact's rows at a time, however long the file is. Rows and drafts lie in temporary tables and all
 * is one transaction: a staging that was cut off leaves nothing behind and starts anew.
 */

const TABLES = `
  CREATE TABLE IF NOT EXISTS replay_staged (fingerprint TEXT PRIMARY KEY, rows TEXT);
  CREATE TABLE IF NOT EXISTS replay_events (sequence INTEGER PRIMARY KEY, at TEXT, type TEXT, event TEXT);`;

export const rowCountsSchema = z.object({ read: z.int(), used: z.int(), rejected: z.record(z.string(), z.int()) });
/** Rows that were read, that went into events, and that could not be used, by reason. read = used + all rejected. */
export type RowCounts = z.infer<typeof rowCountsSchema>;

/** Opens the file that holds staged events; it is made where there is none. */
export function openStage(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL; ${TABLES}`);
  return db;
}

/** The counts of the staging with this fingerprint, when one was completed here. */
export function stagedBefore(db: DatabaseSync, fingerprint: string): RowCounts | undefined {
  db.exec(TABLES);
  const found = db.prepare('SELECT rows FROM replay_staged WHERE fingerprint = ?').get(fingerprint);
  return found ? rowCountsSchema.parse(JSON.parse(String(found['rows']))) : undefined;
}

/** Stages a source anew, in place of whatever was staged in this database. */
export async function stageSource<R extends Subject>(
  options: Omit<Staging<R>, 'readers'>,
  fingerprint: string,
): Promise<RowCounts> {
  const { db } = options;
  db.exec(`${TABLES} ${TEMP_TABLES} BEGIN`);
  try {
    db.exec('DELETE FROM replay_staged; DELETE FROM replay_events;');
    const counts = await fill({ ...options, readers: options.source.inputs.map((input) => new RowReader(input)) });
    db.prepare('INSERT INTO replay_staged VALUES (?, ?)').run(fingerprint, JSON.stringify(counts));
    options.rejected.keep();
    db.exec('COMMIT; DROP TABLE temp.staged; DROP TABLE temp.drafts;');
    return counts;
  } catch (error) {
    db.exec('ROLLBACK');
    options.rejected.drop();
    throw error;
  }
}

async function fill<R extends Subject>(staging: Staging<R>): Promise<RowCounts> {
  const { db, rejected, progress } = staging;
  const read = await readRows(staging);
  const staged = read - rejected.total;
  const used = deriveEvents(staging, staged);
  progress('ordering', 0, 1);
  db.exec(
    'INSERT INTO replay_events (at, type, event) SELECT at, type, event FROM temp.drafts ORDER BY at, place, draft',
  );
  progress('ordering', 1, 1);
  if (used + rejected.total !== read)
    throw new Error(`rows went astray: ${read} read, ${used} used, ${rejected.total} rejected`);
  return { read, used, rejected: rejected.counts };
}
