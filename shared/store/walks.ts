import * as z from 'zod';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import { dueAt } from './due.ts';
import { DIRECTORY_SHARDS, walkKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { rowOf } from './row.ts';
import type { Row, Table, Write } from './table.ts';

/** What a walk does with each contact. */
export const WALK_TASKS = ['schedule', 'dates', 'quiet', 'archive', 'replace', 'move', 'resume', 'segments'] as const;

const walkSchema = z.object({
  journey: z.string(),
  /** Its sort key: `dates#3`, `schedule#2026-12-08`. */
  name: z.string(),
  task: z.enum(WALK_TASKS),
  occurrence: z.string().optional(),
  /** To which version an edit moves who is inside, or from which on who is inside stays. */
  version: z.int().optional(),
  /** Whose turn was before is left out: it had passed when the journey was published. */
  from: canonicalInstantSchema,
  /** Shards of the directory that are through. */
  done: z.record(z.string(), z.literal(true)),
});
/** One walk of all contacts for one journey. */
export type Walk = z.infer<typeof walkSchema>;

const scheduleSchema = z.object({ journey: z.string(), occurrence: z.string(), from: canonicalInstantSchema });
/** What begins a walk when it is due. */
export type NextOccurrence = z.infer<typeof scheduleSchema>;

/** Shards that one message leads through. Of a small shop most are empty; a large one has more messages than workers. */
const PART = 16;

/** Shards of a walk that follow each other: from one up to another, which is not among them. */
export type Stretch = { readonly journey: string; readonly name: string; readonly shard: number; readonly to: number };

/** The parts of a walk that are not through. */
export function stretchesLeft({ journey, name, done }: Walk): Stretch[] {
  const parts = Array.from({ length: DIRECTORY_SHARDS / PART }, (_, part) => part * PART);
  return parts.flatMap((first) => {
    const to = first + PART;
    let shard = first;
    while (shard < to && done[String(shard)]) shard += 1;
    return shard < to ? [{ journey, name, shard, to }] : [];
  });
}

/** How long after its hints a walk that is not through gets them again. */
export const HINT_AGAIN = 15 * 60_000;
export const SCHEDULE = 'SCHEDULE';

const walkOf = readOnce((row): Walk => walkSchema.parse(row));
export const readWalk = (row: Row | undefined): Walk | undefined => row && walkOf(row);
export const readSchedule = (row: Row | undefined): NextOccurrence | undefined => row && scheduleSchema.parse(row);

export const loadWalk = async (table: Table, journey: string, name: string): Promise<Walk | undefined> =>
  readWalk(await table.get(walkKey(journey, name)));

/** A new walk, due at once: review sends its shards on their way, and again until each is through. */
export const putWalk = (walk: Omit<Walk, 'done'>, now: Instant): Write => ({
  kind: 'put',
  row: rowOf(walkKey(walk.journey, walk.name), walk, { v: 1, done: {}, ...dueAt(walk.journey, now) }),
});

/** When the next occurrence of a schedule begins. */
export const putSchedule = (next: NextOccurrence, due: Instant): Write => ({
  kind: 'put',
  row: rowOf(walkKey(next.journey, SCHEDULE), next, { v: 1, ...dueAt(next.journey, due) }),
});

export const dropSchedule = (journey: string): Write => ({ kind: 'delete', key: walkKey(journey, SCHEDULE) });

/** Shards that surely fit into one expression. */
const SAID_AT_ONCE = 100;

/** Notes that these shards are through; a walk whose shards all are needs nobody any more. */
export async function finishShards(table: Table, { journey, name }: Walk, shards: readonly number[]): Promise<void> {
  if (shards.length === 0) return;
  const key = walkKey(journey, name);
  let row: Row | undefined;
  for (let i = 0; i < shards.length; i += SAID_AT_ONCE)
    row = await table.write({
      kind: 'update',
      key,
      change: { set: shards.slice(i, i + SAID_AT_ONCE).map((shard) => [['done', String(shard)], true]) },
      if: { exists: true },
    });
  const done = readWalk(row)?.done ?? {};
  if (Object.keys(done).length < DIRECTORY_SHARDS) return;
  await table.write({ kind: 'update', key, change: { remove: [['duePk'], ['due']] }, if: { exists: true } });
}
