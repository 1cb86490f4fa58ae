import { Drafts } from '#apps/cli/replay/drafts.ts';
import { isRejection } from '#apps/cli/replay/read-rows.ts';
import type { Placed, Subject } from '#apps/cli/replay/source.ts';
import { COLUMNS, REPORT_EVERY, type StagedRow, type Staging, stagedRowSchema } from '#apps/cli/replay/staging.ts';

/**
 * Makes drafts of events of all rows that were staged, a contact after the other, each one's rows in order of time.
 * Returns how many rows went into events.
 *
 * @param total how many rows were staged
 */
export function deriveEvents<R extends Subject>(staging: Staging<R>, total: number): number {
  const drafts = new Drafts(staging);
  const inOrder = staging.db.prepare(`SELECT ${COLUMNS} FROM temp.staged ORDER BY contact, at, place`);
  const rows = new Ahead(withProgress(parsed(inOrder.iterate()), staging, total));
  for (let next = rows.peek(); next; next = rows.peek()) {
    const { contact } = next;
    for (const derived of staging.source.derive(rowsOf(contact, rows, staging))) drafts.take(contact, derived);
    if (rows.peek()?.contact === contact) throw new Error('a source left rows of a contact lying');
  }
  return drafts.used;
}

/** Rows with a look at the next one. */
class Ahead {
  readonly #rows: Iterator<StagedRow>;
  #next: StagedRow | undefined;

  constructor(rows: Iterator<StagedRow>) {
    this.#rows = rows;
    this.take();
  }

  peek(): StagedRow | undefined {
    return this.#next;
  }

  take(): void {
    const { done, value } = this.#rows.next();
    this.#next = done ? undefined : value;
  }
}

function* parsed(found: Iterable<unknown>): Generator<StagedRow> {
  for (const row of found) yield stagedRowSchema.parse(row);
}

function* withProgress<R extends Subject>(
  rows: Iterable<StagedRow>,
  { progress }: Staging<R>,
  total: number,
): Generator<StagedRow> {
  let done = 0;
  for (const row of rows) {
    done += 1;
    if (done % REPORT_EVERY === 0 || done === total) progress('deriving', done, total);
    yield row;
  }
}

/** One contact's rows, read as they are asked for: a source that goes row by row needs no more memory than one. */
function* rowsOf<R extends Subject>(contact: string, rows: Ahead, staging: Staging<R>): Generator<Placed<R>> {
  for (let row = rows.peek(); row?.contact === contact; row = rows.peek()) {
    rows.take();
    yield placed(staging, row);
  }
}

/** The row as the source read it before. It is read again because that is cheaper than keeping what was made of it. */
function placed<R extends Subject>(staging: Staging<R>, staged: StagedRow): Placed<R> {
  const reader = staging.readers[staged.input];
  const fields = reader?.fieldsOf(staged.cells);
  const subject = reader && fields && staging.source.read(fields, reader.input, staged.number);
  if (!subject || isRejection(subject)) throw new Error(`row ${staged.number} was of use before and is no longer`);
  return { ...subject, place: staged.place };
}
