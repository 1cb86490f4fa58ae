import { basename } from 'node:path';
import { factsOf } from '#apps/cli/replay/lines.ts';
import type { Row, RowReader } from '#apps/cli/replay/rows.ts';
import type { Rejection, Subject } from '#apps/cli/replay/source.ts';
import type { Staging } from '#apps/cli/replay/staging.ts';

/** Puts every usable row of every input into temp.staged, and the others aside. Returns how many it read. */
export async function readRows<R extends Subject>(staging: Staging<R>): Promise<number> {
  const insert = 'INSERT INTO temp.staged (input, number, contact, at, cells) VALUES (?, ?, ?, ?, ?)';
  const stage = staging.db.prepare(insert);
  const onBytes = await byteCounter(staging);
  let read = 0;
  for (const [i, reader] of staging.readers.entries()) {
    const file = basename(reader.input.file);
    for await (const rows of reader.read(onBytes)) {
      for (const row of rows) {
        read += 1;
        const found = judge(staging, reader, row);
        if ('subject' in found) stage.run(i, row.number, found.subject.contact, found.subject.at, found.cells);
        else staging.rejected.add({ file, row: row.number, reason: found.reject, raw: found.raw });
      }
    }
  }
  return read;
}

type Judged<R> = { subject: R; cells: string } | (Rejection & { raw: string });

function judge<R extends Subject>(staging: Staging<R>, reader: RowReader, row: Row): Judged<R> {
  if ('reason' in row) return { reject: row.reason, raw: row.raw };
  const fields = reader.fieldsOf(row.cells);
  if (!fields) return { reject: 'not-json', raw: reader.rawOf(row.cells) };
  const subject = staging.source.read(fields, reader.input, row.number);
  if (isRejection(subject)) return { reject: subject.reject, raw: reader.rawOf(row.cells) };
  return { subject, cells: JSON.stringify(row.cells) };
}

export const isRejection = (read: Subject | Rejection): read is Rejection => 'reject' in read;

async function byteCounter<R extends Subject>({ readers, progress }: Staging<R>): Promise<(bytes: number) => void> {
  const sizes = await Promise.all(readers.map(async ({ input }) => (await factsOf(input.file)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  return (bytes) => {
    done += bytes;
    progress('reading', done, total);
  };
}
