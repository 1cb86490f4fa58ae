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

/** Counts, on condition that nobody has counted since `before` was read. */
export const putCounted = (contact: string, counted: Counted, before: CountedRow): Write => ({
  kind: 'put',
  row: rowOf(capsKey(contact), { ...counted, v: 1, rev: before.rev + 1 }),
  if: before.rev === 0 ? { absent: true } : { equals: { rev: before.rev } },
});
