import * as z from 'zod';
import { type Event, eventSchema } from '#shared/event/event.ts';
import { isOwnType, SEGMENT_MOVED } from '#shared/event/own.ts';
import { SOURCE } from '#shared/event/put.ts';
import { RECEIPT_DAYS, TOLD_FOR_EVER } from '#shared/store/events.ts';
import { canonicalInstantSchema, type Instant, plusMillis } from '#shared/time/instant.ts';

/** What lies aside in the table, and what can come of it. */
export type Parked = {
  /** Why it was put aside, and what it is. */
  readonly reason: string;
  readonly at: Instant;
  /** As it may be put on the bus once more; without it a person decides. */
  readonly event?: Event;
};

const rowSchema = z.object({
  reason: z.string(),
  parkedAt: canonicalInstantSchema,
  event: z.looseObject({ type: z.string(), kind: z.string().optional() }),
});

/** Reads a row of what was put aside; undefined for one that no version of this program has written. */
export function readParked(row: object): Parked | undefined {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return undefined;
  const { reason, parkedAt: at, event } = parsed.data;
  const told = { reason: `${reason}: ${event.kind ?? event.type}`, at };
  const ours = eventSchema.safeParse(event);
  return ours.success && happened(ours.data) ? { ...told, event: asHistory(ours.data) } : told;
}

/** What told journeys to begin, or to let somebody go, is over with its moment: there is nothing to be recorded. */
const happened = ({ type, source }: Event): boolean =>
  !isOwnType(type) && !(type === SEGMENT_MOVED && source === SOURCE);

/** It happened, and starts nothing any more: so it may have come through as many journeys as it likes. */
function asHistory({ hops: _, ...event }: Event): Event {
  return { ...event, historic: true };
}

const DAY = 86_400_000;

/**
 * Whether nobody can tell any more that an event was counted: its receipt may have expired, and so may the event itself.
 * `eventDays`: how long events are kept.
 */
export const isBeyondRecall = ({ type, at }: Event, now: Instant, eventDays: number): boolean =>
  !TOLD_FOR_EVER.has(type) && at < plusMillis(now, -Math.max(eventDays, RECEIPT_DAYS) * DAY);
