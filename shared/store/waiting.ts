import * as z from 'zod';
import { waitingKey } from './keys.ts';
import { putShared } from './shared-row.ts';
import type { Table } from './table.ts';

/** An uploaded file, in the version that S3 told of. */
export type Upload = { readonly key: string; readonly sequencer: string; readonly versionId?: string };

/** Of what is live: the uploaded file, in the version, that it came from. Rows of before do not say. */
export const originSchema = z.object({ file: z.string(), versionId: z.string().optional() });
export type Origin = z.infer<typeof originSchema>;

export const originOf = ({ key, versionId }: Upload): Origin => ({
  file: key,
  ...(versionId !== undefined && { versionId }),
});

const waitingSchema = z.object({
  rev: z.int(),
  /** By key. */
  files: z.record(z.string(), z.object({ sequencer: z.string(), versionId: z.string().optional() })),
});

async function load(table: Table): Promise<z.infer<typeof waitingSchema>> {
  const row = await table.get(waitingKey);
  return row ? waitingSchema.parse(row) : { rev: 0, files: {} };
}

/** Files that were refused and may lack no more than what another file brings. */
export async function waitingUploads(table: Table): Promise<Upload[]> {
  const { files } = await load(table);
  return Object.entries(files).map(([key, { sequencer, versionId }]) => ({
    key,
    sequencer,
    ...(versionId !== undefined && { versionId }),
  }));
}

/** Notes that a file waits, or that it does so no longer. Throws ConditionFailed when others were faster. */
export async function noteWaiting(table: Table, { key, sequencer, versionId }: Upload, waits: boolean): Promise<void> {
  const { rev, files } = await load(table);
  const known = files[key];
  if (known ? known.sequencer > sequencer || (waits && known.sequencer === sequencer) : !waits) return;
  const { [key]: _, ...others } = files;
  const entry = { sequencer, ...(versionId !== undefined && { versionId }) };
  await table.write(putShared(waitingKey, { rev, files: waits ? { ...others, [key]: entry } : others }));
}
