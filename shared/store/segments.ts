import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { segmentSchema } from '#shared/segment/segment.ts';
import { segmentsKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { putShared } from './shared-row.ts';
import type { Table, Write } from './table.ts';
import { originSchema } from './waiting.ts';

const storedSchema = z.object({
  rev: z.int(),
  /** By id. */
  segments: z.record(
    z.string(),
    z.object({ definition: segmentSchema, sequencer: z.string(), from: originSchema.optional() }),
  ),
});
/** The segments that are live. */
export type StoredSegments = z.infer<typeof storedSchema>;

const read = readOnce((row): StoredSegments => storedSchema.parse(row));

export async function loadSegments(table: Table, options?: { stale: boolean }): Promise<StoredSegments> {
  const row = await table.get(segmentsKey, options);
  return row ? read(row) : { rev: 0, segments: {} };
}

export const putSegments = (stored: StoredSegments): Write => putShared(segmentsKey, stored);

/** What conditions ask for, by segment. */
export const conditionsOf = ({ segments }: StoredSegments): Readonly<Record<string, Condition>> =>
  Object.fromEntries(Object.entries(segments).map(([id, { definition }]) => [id, definition.if]));
