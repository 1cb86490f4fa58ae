import * as z from 'zod';
import { channelSchema } from '#shared/event/event.ts';
import type { Counted } from '#shared/sending/caps.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';
import { capsKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import type { Table, Write } from './table.ts';

const sentSchema = z.object({
  at: canonicalInstantSchema,
  channel: channelSchema,
  topic: z.string(),
  journey: z.string(),
  until: canonicalInstantSchema.optional(),
});
const countedSchema = z.object({
  /** Grows by one with each change; who counts a message conditions on it. */
  rev: z.int(),
  sent: z.array(sentSchema),
  /** Caps without a span, by what they count. */
  ever: z.record(z.string(), z.int()),
});
/** What a contact has been sent, as it lies in the table. */
export type CountedRow = z.infer<typeof countedSchema>;

export const NOTHING_COUNTED: CountedRow = { rev: 0, sent: [], ever: {} };

const readCounted = readOnce((row): CountedRow => countedSchema.parse(row));

export async function loadCounted(table: Table, contact: string): Promise<CountedRow> {
  const row = await table.get(capsKey(contact));
  return row ? readCounted(row) : NOTHING_COUNTED;
}

/** Counts as one what two contacts, who are one, were sent. Fails when somebody has counted since. */
export async function joinCounted(table: Table, into: string, from: string): Promise<Write[]> {
  const [mine, theirs] = await Promise.all([loadCounted(table, into), loadCounted(table, from)]);
  if (theirs.rev === 0) return [{ kind: 'check', key: capsKey(from), if: { absent: true } }];
  const ever = { ...mine.ever };
  for (const [name, n] of Object.entries(theirs.ever)) ever[name] = (ever[name] ?? 0) + n;
  const sent = [...mine.sent, ...theirs.sent].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return [
    putCounted(into, { sent, ever }, mine),
    { kind: 'delete', key: capsKey(from), if: { equals: { rev: theirs.rev } } },
  ];
}

/** Counts, on condition that nobody has counted since `before` was read. */
export const putCounted = (contact: string, counted: Counted, before: CountedRow): Write => ({
  kind: 'put',
  row: rowOf(capsKey(contact), { ...counted, v: 1, rev: before.rev + 1 }),
  if: before.rev === 0 ? { absent: true } : { equals: { rev: before.rev } },
});
