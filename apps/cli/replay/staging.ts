import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { RejectedRows } from '#apps/cli/replay/rejected.ts';
import type { RowReader } from '#apps/cli/replay/rows.ts';
import type { Source, Subject } from '#apps/cli/replay/source.ts';

/** `done` of `total`: bytes while reading, rows while deriving, events while ordering. */
export type Stage = 'reading' | 'deriving' | 'ordering';
export type OnProgress = (stage: Stage, done: number, total: number) => void;

/** What the parts of one staging share. */
export type Staging<R extends Subject> = {
  readonly db: DatabaseSync;
  readonly source: Source<R>;
  /** One for each input of the source, in its order. */
  readonly readers: readonly RowReader[];
  readonly rejected: RejectedRows;
  /** Topics that contacts without consents of their own consent to. */
  readonly topics: readonly string[];
  readonly progress: OnProgress;
};

/** Rows or events between two reports of progress. */
export const REPORT_EVERY = 2000;

export const TEMP_TABLES = `
  PRAGMA temp_store = FILE;
  PRAGMA temp.cache_size = -48000;
  DROP TABLE IF EXISTS temp.staged;
  DROP TABLE IF EXISTS temp.drafts;
  CREATE TEMP TABLE staged (place INTEGER PRIMARY KEY, input INTEGER, number INTEGER, contact TEXT, at TEXT, cells TEXT);
  CREATE TEMP TABLE drafts (draft INTEGER PRIMARY KEY, id TEXT UNIQUE, at TEXT, place INTEGER, type TEXT, event TEXT);`;

export const COLUMNS = 'place, input, number, contact, cells';

const cellsSchema = z.array(z.string());
export const stagedRowSchema = z.object({
  place: z.number(),
  input: z.number(),
  number: z.number(),
  contact: z.string(),
  cells: z.string().transform((json) => cellsSchema.parse(JSON.parse(json))),
});
export type StagedRow = z.infer<typeof stagedRowSchema>;
