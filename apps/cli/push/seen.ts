import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';

/** A hidden file in the shop's folder that notes what push and pull have seen, so that nobody overwrites another's work. */
const FILE = '.tropa.json';

/** Of a file: what was in the bucket, and what stood here at that moment, as hashes. */
const seenSchema = z.record(z.string(), z.object({ there: z.string(), here: z.string() }));
export type Seen = z.infer<typeof seenSchema>;
/** By the name of the target. */
const fileSchema = z.record(z.string(), seenSchema);

/** Throws BadInput when the note is damaged. */
export const readSeen = (folder: string, target: string): Seen => read(folder)[target] ?? {};

export function writeSeen(folder: string, target: string, seen: Seen): void {
  const path = join(folder, FILE);
  const all = { ...read(folder), [target]: seen };
  writeFileSync(`${path}.new`, `${JSON.stringify(all, null, 1)}\n`);
  renameSync(`${path}.new`, path);
}

function read(folder: string): z.infer<typeof fileSchema> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new BadInput(`${path} is damaged. Remove it, then pull: it only notes what you have seen.`, { cause });
  }
}
