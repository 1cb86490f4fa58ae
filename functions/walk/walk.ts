import * as z from 'zod';
import type { AppointmentDeps } from '#shared/enrolment/keep-appointment.ts';
import type { Queue } from '#shared/ports.ts';
import { contactOf, DIRECTORY_SHARDS, dirShard } from '#shared/store/keys.ts';
import type { IndexEntry } from '#shared/store/table.ts';
import { finishShard, loadWalk, type Walk } from '#shared/store/walks.ts';
import { plusMillis } from '#shared/time/instant.ts';
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
  after: z.object({ pk: z.string(), sk: z.string(), sort: z.string() }).optional(),
});
type Stretch = z.infer<typeof stretchSchema>;

const PAGE = 100;
/** Contacts visited at a time. */
const TOGETHER = 10;
/** A call ends its work after so long, well before its time limit, and leaves the rest to the next. */
const BUDGET = 20_000;

/**
 * Visits the contacts of one shard of the directory for a journey, page by page. What a call does not get through goes on
 * in the next; a stretch that comes again visits its contacts again, and each visit may be repeated.
 * Returns how many were visited.
 */
export async function walk(input: unknown, deps: WalkDeps): Promise<number> {
  const stretch = stretchSchema.parse(input);
  const walking = await loadWalk(deps.table, stretch.journey, stretch.name);
  if (!walking || walking.done[String(stretch.shard)]) return 0;
  const until = plusMillis(deps.clock.now(), BUDGET);
  let after: IndexEntry | undefined = stretch.after;
  let visited = 0;
  for (;;) {
    const page: IndexEntry[] = await deps.table.queryIndex({
      index: 'directory',
      pk: dirShard(stretch.shard),
      limit: PAGE,
      ...(after && { after }),
    });
    await visitAll(walking, page, deps);
    visited += page.length;
    after = page.at(-1);
    if (page.length < PAGE || !after) break;
    if (deps.clock.now() >= until) {
      await goOn({ ...stretch, after }, deps);
      return visited;
    }
  }
  await finishShard(deps.table, walking, stretch.shard);
  return visited;
}

const goOn = (stretch: Stretch, { walk: queue }: WalkDeps): Promise<void> => queue.send([stretch]);

async function visitAll(walking: Walk, page: readonly IndexEntry[], deps: WalkDeps): Promise<void> {
  const contacts = page.flatMap((entry) => contactOf(entry) ?? []);
  for (let i = 0; i < contacts.length; i += TOGETHER) {
    await Promise.all(contacts.slice(i, i + TOGETHER).map((contact) => visit(walking, contact, deps)));
  }
}
