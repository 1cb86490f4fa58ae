import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { stagedEvents } from '#apps/cli/replay/staged-events.ts';
import { REPORT_EVERY } from '#apps/cli/replay/staging.ts';
import { Owners } from './owners.ts';
import type { Head } from './prepared.ts';

const BUFFERED = 256 * 1024;
const TABLE = `
  PRAGMA temp_store = FILE;
  PRAGMA temp.cache_size = -48000;
  DROP TABLE IF EXISTS temp.placed;
  CREATE TEMP TABLE placed (sequence INTEGER PRIMARY KEY, contact INTEGER, event TEXT);`;

const SORTED = `
  SELECT event, r.id FROM temp.placed p JOIN temp.contacts c ON c.contact = p.contact
  JOIN temp.contacts r ON r.contact = c.root ORDER BY r.contact, sequence`;

const placedSchema = z.object({ event: z.string(), id: z.string() });

type Preparing = {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly head: Omit<Head, 'contacts'>;
  readonly progress: (task: string, done: number, total: number) => void;
};

/**
 * Writes staged events as a prepared file: each is given to its contact, in order of time, then they are sorted by contact,
 * on disk. The file has its name only when it is complete.
 */
export function prepare({ db, file, head, progress }: Preparing): Head {
  db.exec(`${TABLE} BEGIN`);
  try {
    const contacts = place(db, head.events, progress);
    const whole = { ...head, contacts };
    write(db, file, whole, progress);
    db.exec('COMMIT; DROP TABLE temp.placed; DROP TABLE temp.owners; DROP TABLE temp.contacts;');
    return whole;
  } catch (error) {
    db.exec('ROLLBACK');
    rmSync(`${file}.part`, { force: true });
    throw error;
  }
}

function place(db: DatabaseSync, total: number, progress: Preparing['progress']): number {
  const owners = new Owners(db);
  const insert = db.prepare('INSERT INTO temp.placed VALUES (?, ?, ?)');
  for (const { sequence, event } of stagedEvents(db)) {
    insert.run(sequence, owners.of(event).contact, JSON.stringify(event));
    if (sequence % REPORT_EVERY === 0) progress('telling contacts apart', sequence, total);
  }
  return owners.count();
}

function write(db: DatabaseSync, file: string, head: Head, progress: Preparing['progress']): void {
  const descriptor = openSync(`${file}.part`, 'w');
  try {
    let buffer = `${JSON.stringify(head)}\n`;
    let written = 0;
    for (const row of db.prepare(SORTED).iterate()) {
      const { event, id } = placedSchema.parse(row);
      // Who it belongs to is known once all that they have done is.
      buffer += `${event.slice(0, -1)},"contact":"${id}"}\n`;
      written += 1;
      if (written % REPORT_EVERY === 0) progress('sorting by contact', written, head.events);
      if (buffer.length < BUFFERED) continue;
      writeSync(descriptor, buffer);
      buffer = '';
    }
    writeSync(descriptor, buffer);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.part`, file);
}
