import { loadCatalogue, loadShelf, loadStoredSettings } from './journeys.ts';
import { loadSegments } from './segments.ts';
import type { Table } from './table.ts';
import type { Origin } from './waiting.ts';

/** The uploaded files that are live, each in the version that is. A file whose newest upload was refused is live in an older one. */
export async function liveFiles(table: Table): Promise<Origin[]> {
  const [{ journeys }, { templates, brand = {} }, { segments }, settings] = await Promise.all([
    loadCatalogue(table),
    loadShelf(table),
    loadSegments(table),
    loadStoredSettings(table),
  ]);
  const live = [journeys, templates, brand, segments].flatMap((kind) =>
    Object.values<{ from?: Origin | undefined }>(kind),
  );
  return [...live, settings].flatMap((one) => one?.from ?? []);
}
