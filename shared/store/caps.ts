import * as z from 'zod';
import { channelSchema } from '#shared/event/event.ts';
import { NOTHING_SENT } from '#shared/sending/caps.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';
import { capsKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import type { Table } from './table.ts';

const sentSchema = z.object({
  at: canonicalInstantSchema,
  channel: channelSchema,
  topic: z.string(),
  journey: z.string(),
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

const readCounted = readOnce((row): CountedRow => countedSchema.parse(row));

export async function loadCounted(table: Table, contact: string): Promise<CountedRow> {
  const row = await table.get(capsKey(contact));
  return row ? readCounted(row) : { rev: 0, ...NOTHING_SENT, sent: [], ever: {} };
}
