import { type Event, eventSchema } from '#shared/event/event.ts';
import { plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { saidKey, saidRange } from './keys.ts';
import { rowOf } from './row.ts';
import type { Table, Write } from './table.ts';

/** Longer than any queue stands still before somebody looks. */
const KEPT_FOR = 2 * 86_400_000;
/** The newest only: whoever presses a button a thousand times has said it once. */
const MOST = 20;

/** What a contact has just said on a page, to be shown to them until it is recorded. */
export const putSaid = (event: Event, contact: string): Write => ({
  kind: 'put',
  row: rowOf(saidKey(contact, event.at, event.id), {
    v: 1,
    event,
    expires: toEpochSeconds(plusMillis(event.at, KEPT_FOR)),
  }),
});

/** Oldest first. What has been recorded meanwhile is among it. */
export async function loadSaid(table: Table, parts: readonly string[]): Promise<Event[]> {
  const rows = await Promise.all(
    parts.map((contact) => table.query({ ...saidRange(contact), reverse: true, limit: MOST })),
  );
  return rows
    .flat()
    .map((row) => eventSchema.parse(row['event']))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
