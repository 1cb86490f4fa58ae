import * as z from 'zod';
import { Throttled } from '#shared/errors.ts';
import type { FactDeps } from '#shared/message/record-fact.ts';
import type { Clock, MailAccount, Queue } from '#shared/ports.ts';
import type { Flow } from '#shared/sending/flow.ts';
import type { WarmUp } from '#shared/sending/warm-up.ts';
import type { Retention } from '#shared/store/events.ts';
import { loadFlow } from '#shared/store/flow.ts';
import { learnDone } from '#shared/store/habits.ts';
import { DUE_SHARDS, dueShard, kindOf, type RowKind } from '#shared/store/keys.ts';
import type { IndexEntry } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { askAccount } from './account.ts';
import { reviewAppointment } from './appointment.ts';
import { type Judged, judge, reviewReception, watchTrips } from './breaker.ts';
import { reviewCall } from './call.ts';
import { reviewDoor } from './door.ts';
import { reviewGlance } from './glance.ts';
import { reviewLook } from './look.ts';
import { reviewMessage } from './message.ts';
import { reviewPassage } from './passage.ts';
import { lookAgain, release } from './release.ts';
import { reviewWalk } from './walk.ts';

export type ReviewDeps = FactDeps & {
  readonly clock: Clock;
  readonly retention: Retention;
  /** Stretches of the directory to be walked. */
  readonly walk: Queue;
  readonly calls: Queue;
  /** Who writes to the shop's own people. */
  readonly tell: Queue;
  /** Who knows what the account may send; nobody on a laptop. */
  readonly account?: MailAccount;
  /** The plan by which a new domain becomes known. */
  readonly warmUp?: WarmUp | undefined;
  readonly outbox: { readonly transactional: Queue; readonly marketing: Queue };
};

/** A run, and what it has read once: how mail stands, and how many more marketing mails it may hint at. */
export type Run = ReviewDeps & {
  readonly flow: Flow;
  readonly hints: { left: number };
  /** How mails are received, and what follows from it, once a run. */
  readonly judged: () => Promise<Judged>;
  /** The hours that were counted become part of the pattern, once a run. */
  readonly learned: () => Promise<void>;
};

/**
 * A part of what is due, for runs that share it: every so manieth shard. What is there once for all (the account, what was
 * parked, how mails are received) is the first part's. Who says nothing has all.
 */
export const partSchema = z
  .object({ part: z.int().min(0).default(0), of: z.int().min(1).default(1) })
  .refine(({ part, of }) => part < of, 'parts are counted from 0: of two there are 0 and 1');
export type Part = z.output<typeof partSchema>;

/** Marketing mails that one run hints at, at most: what is more is parked, and comes back in its order. */
const HINTS = 5000;
const PAGE = 100;
/** Rows of a shard worked on at a time. */
const TOGETHER = 10;

/** What each kind of due row gets. Each reads the row itself: the index may be behind. */
const REVIEW: Readonly<Partial<Record<RowKind, (entry: IndexEntry, now: Instant, deps: Run) => Promise<void>>>> = {
  door: reviewDoor,
  enrolment: reviewPassage,
  message: reviewMessage,
  call: reviewCall,
  appointment: reviewAppointment,
  walk: reviewWalk,
  look: reviewLook,
  glance: reviewGlance,
  reception: reviewReception,
  habits: (_, __, { learned }) => learned(),
};

/**
 * Everything of a part that is due by now: quiet times that have ended, pauses that should have, messages that nobody took.
 * One row's failure keeps no other from its turn; failures are counted and the row stays due.
 * Returns how many rows were looked at.
 */
export async function review(deps: ReviewDeps, { part, of }: Part = { part: 0, of: 1 }): Promise<number> {
  const now = deps.clock.now();
  const isFirst = part === 0;
  const flow = isFirst ? await askAccount(deps) : await loadFlow(deps.table);
  if (isFirst) await watchTrips(flow, deps);
  let judging: Promise<Judged> | undefined;
  const judged = () => (judging ??= judge(flow, deps));
  let learning: Promise<void> | undefined;
  const learned = () => (learning ??= learnDone(deps.table));
  // The others park what they find of marketing. The first brings it back in its order, no more a minute than one run may.
  const run: Run = { ...deps, flow, hints: { left: isFirst ? HINTS : 0 }, judged, learned };
  const released = isFirst ? await release(run) : { freed: 0, isMore: false };
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => shard).filter((shard) => shard % of === part);
  const seen = await Promise.all(shards.map((shard) => reviewShard(shard, now, run)));
  if (isFirst) await lookAgain(run, released.isMore || run.hints.left <= 0);
  return seen.reduce((a, b) => a + b, released.freed);
}

async function reviewShard(shard: number, now: Instant, deps: Run): Promise<number> {
  let seen = 0;
  let after: IndexEntry | undefined;
  do {
    const page: IndexEntry[] = await deps.table.queryIndex({
      index: 'due',
      pk: dueShard(shard),
      to: now,
      limit: PAGE,
      ...(after && { after }),
    });
    for (let i = 0; i < page.length; i += TOGETHER) {
      await Promise.all(page.slice(i, i + TOGETHER).map((entry) => reviewOne(entry, now, deps)));
    }
    seen += page.length;
    after = page.length === PAGE ? page.at(-1) : undefined;
  } while (after);
  return seen;
}

async function reviewOne(entry: IndexEntry, now: Instant, deps: Run): Promise<void> {
  const kind = kindOf(entry);
  try {
    await REVIEW[kind]?.(entry, now, deps);
  } catch (error) {
    // Nothing is wrong with the row, and it comes again in a minute.
    if (error instanceof Throttled) return deps.metrics.count('HintThrottled', 1);
    deps.metrics.count('ReviewFailed', 1, { kind });
    deps.log.error('a due row could not be reviewed; it stays due', { kind }, error);
  }
}
