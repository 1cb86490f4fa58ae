import * as z from 'zod';
import type { AppointmentDeps } from '#shared/enrolment/keep-appointment.ts';
import type { Queue } from '#shared/ports.ts';
import { contactOf, DIRECTORY_SHARDS, dirShard } from '#shared/store/keys.ts';
import type { IndexEntry } from '#shared/store/table.ts';
import { finishShards, loadWalk, type Walk } from '#shared/store/walks.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { visit } from './visit.ts';

export type WalkDeps = AppointmentDeps & {
  /** Takes the rest of a shard that one call does not get through. */
  readonly walk: Queue;
};

const stretchSchema = z.object({
  journey: z.string(),
  name: z.string(),
  shard: z
    .int()
    .min(0)
    .max(DIRECTORY_SHARDS - 1),
  /** Up to which shard it goes; messages of before are about one. */
  to: z.int().min(1).max(DIRECTORY_SHARDS).optional(),
  after: z.object({ pk: z.string(), sk: z.string(), sort: z.string() }).optional(),
});
type Rest = z.infer<typeof stretchSchema>;

const PAGE = 100;
/** Contacts visited at a time. */
const TOGETHER = 10;
/** A call ends its work after so long, well before its time limit, and leaves the rest to the next. */
const BUDGET = 20_000;

/**
 * Visits the contacts of some shards of the directory for a journey, page by page. What a call does not get through goes on
 * in the next; a stretch that comes again visits its contacts again, and each visit may be repeated. A shard that fails keeps
 * no other from its turn: it comes again by itself.
 * Returns how many were visited.
 */
export async function walk(input: unknown, deps: WalkDeps): Promise<number> {
  const stretch = stretchSchema.parse(input);
  const { shard: first, to = first + 1 } = stretch;
  const walking = await loadWalk(deps.table, stretch.journey, stretch.name);
  if (!walking) return 0;
  const until = plusMillis(deps.clock.now(), BUDGET);
  const through: number[] = [];
  const failed: Rest[] = [];
  let visited = 0;
  let rest: Rest | undefined;
  for (let shard = first; shard < to && !rest; shard += 1) {
    if (walking.done[String(shard)]) continue;
    const began = shard === first ? stretch.after : undefined;
    const went = await visitShard(walking, { shard, began, until }, deps).catch((error: unknown) => {
      if (to - first <= 1) throw error;
      deps.log.error('a shard could not be walked; it is tried by itself', { journey: stretch.journey, shard }, error);
      failed.push({ ...stretch, shard, to: shard + 1, after: began });
      return undefined;
    });
    visited += went?.visited ?? 0;
    if (went?.isThrough) through.push(shard);
    if (went && !went.isThrough) rest = { ...stretch, shard, after: went.after };
    else if (shard + 1 < to && deps.clock.now() >= until) rest = { ...stretch, shard: shard + 1, after: undefined };
  }
  await finishShards(deps.table, walking, through);
  const left = rest ? [...failed, rest] : failed;
  if (left.length > 0) await deps.walk.send(left);
  return visited;
}

type Part = { readonly shard: number; readonly began: IndexEntry | undefined; readonly until: Instant };

/** Visits a shard from where it was left until it is through or time is up. */
async function visitShard(walking: Walk, { shard, began, until }: Part, deps: WalkDeps) {
  let [after, visited] = [began, 0];
  for (;;) {
    const page: IndexEntry[] = await deps.table.queryIndex({
      index: 'directory',
      pk: dirShard(shard),
      limit: PAGE,
      ...(after && { after }),
    });
    await visitAll(walking, page, deps);
    visited += page.length;
    after = page.at(-1);
    if (page.length < PAGE) return { visited, after, isThrough: true };
    if (deps.clock.now() >= until) return { visited, after, isThrough: false };
  }
}

async function visitAll(walking: Walk, page: readonly IndexEntry[], deps: WalkDeps): Promise<void> {
  const contacts = page.flatMap((entry) => contactOf(entry) ?? []);
  for (let i = 0; i < contacts.length; i += TOGETHER) {
    await Promise.all(contacts.slice(i, i + TOGETHER).map((contact) => visit(walking, contact, deps)));
  }
}
