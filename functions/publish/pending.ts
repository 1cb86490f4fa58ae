import { ownOf } from '#shared/own-of.ts';
import { loadShelf, putShelf } from '#shared/store/journeys.ts';
import type { Table } from '#shared/store/table.ts';
import type { Upload } from './publish.ts';

/** Files that were refused and may lack no more than a setting or a template. */
export async function pendingUploads(table: Table): Promise<Upload[]> {
  const { pending } = await loadShelf(table);
  return Object.entries(pending).map(([key, { sequencer, versionId }]) => ({
    key,
    sequencer,
    ...(versionId !== undefined && { versionId }),
  }));
}

/** Notes that a file was refused, or that it no longer waits. */
export async function notePending(table: Table, { key, sequencer, versionId }: Upload, waits: boolean): Promise<void> {
  const shelf = await loadShelf(table);
  const known = ownOf(shelf.pending, key);
  if (known ? known.sequencer > sequencer || (waits && known.sequencer === sequencer) : !waits) return;
  const { [key]: _, ...others } = shelf.pending;
  const entry = { sequencer, ...(versionId !== undefined && { versionId }) };
  await table.write(putShelf({ ...shelf, pending: waits ? { ...others, [key]: entry } : others }));
}

/** A later upload is live: this one waits for nothing any more. */
export async function overtaken(table: Table, upload: Upload): Promise<undefined> {
  await notePending(table, upload, false);
}
