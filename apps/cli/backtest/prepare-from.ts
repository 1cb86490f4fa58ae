import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { openSource, type SourceName, type SourceOptions } from '#apps/cli/replay/open.ts';
import { openStage } from '#apps/cli/replay/stage.ts';
import { prepare } from './prepare.ts';
import type { Head } from './prepared.ts';

export type PrepareRequest = SourceOptions & {
  readonly source: SourceName;
  readonly files: readonly string[];
  /** Where the prepared file goes. */
  readonly to: string;
};

/** Prepares files of a shop's past. Throws BadInput for what its user can mend. */
export async function prepareFrom(request: PrepareRequest, progress: Progress): Promise<Head> {
  const { source: name, files, to, topics, rejectedFile } = request;
  const folder = mkdtempSync(join(tmpdir(), 'tropa-'));
  const db = openStage(join(folder, 'events.db'));
  try {
    const source = await openSource(name, files, request);
    const { rows } = await source.stage(db, (task, done, total) => progress.show(task, done, total));
    const span = source.span(db);
    if (!span) throw new BadInput(`No row of ${files.join(', ')} could be used: see ${rejectedFile}.`);
    const told = source.grantsConsent ? [...topics] : [];
    const known = { tropa: 'events by contact', version: 1, source: source.name, rows, topics: told } as const;
    const head = { ...known, ...span, events: source.countEvents(db) };
    return prepare({ db, file: to, head, progress: progress.show });
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
