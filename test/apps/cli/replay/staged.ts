import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource, type SourceName, type SourceOptions } from '#apps/cli/replay/open.ts';
import { openStage } from '#apps/cli/replay/stage.ts';
import type { Event } from '#shared/event/event.ts';

/** A folder of its own, with these files in it. */
export function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tropa-replay-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export type StagedText = {
  rows: { read: number; used: number; rejected: Record<string, number> };
  events: Event[];
  rejected: { file: string; row: number; reason: string; raw: string }[];
};

/** Stages files given as texts: the first is the one to replay, the others lie beside it. */
export async function stageTexts(
  name: SourceName,
  files: Record<string, string | Uint8Array>,
  options: Partial<SourceOptions> & { replay?: string[] } = {},
): Promise<StagedText> {
  const folder = folderWith(files);
  const names = options.replay ?? Object.keys(files).slice(0, 1);
  const rejectedFile = join(folder, 'rejected.jsonl');
  const source = await openSource(
    name,
    names.map((file) => join(folder, file)),
    { topics: ['marketing', 'news'], rejectedFile, ...options },
  );
  const db = openStage(':memory:');
  const { rows } = await source.stage(db, () => {});
  const events = [...source.events(db)].map(({ event }) => event);
  db.close();
  const lines = existsSync(rejectedFile) ? readFileSync(rejectedFile, 'utf8').split('\n').filter(Boolean) : [];
  return { rows, events, rejected: lines.map((line) => JSON.parse(line)) };
}

/** `type id` of each event, which shows order and keys at a glance. */
export const outline = (events: readonly Event[]): string[] => events.map(({ type, id }) => `${type} ${id}`);
