import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Event } from '#shared/event/event.ts';

/** Events read at a time: no statement stays open while others write. */
const PAGE = 500;

export type StagedEvent = { readonly sequence: number; readonly event: Event };

const pageSchema = z.array(z.object({ sequence: z.int(), event: z.string() }));

/** Staged events in order of time, from the one after the sequence number given. Numbers begin at 1 and have no gaps. */
export function* stagedEvents(db: DatabaseSync, after = 0): Generator<StagedEvent> {
  const select = db.prepare('SELECT sequence, event FROM replay_events WHERE sequence > ? ORDER BY sequence LIMIT ?');
  let last = after;
  for (;;) {
    const page = pageSchema.parse(select.all(last, PAGE));
    for (const { sequence, event } of page) yield { sequence, event: eventFrom(event) };
    const end = page.at(-1);
    if (!end) return;
    last = end.sequence;
  }
}

/** Checked against the event schema when it was staged; once more would double the cost of reading a long purchase. */
function eventFrom(json: string): Event {
  const event: Event = JSON.parse(json);
  return event;
}

const summarySchema = z.object({ events: z.int(), first: z.string().nullable(), last: z.string().nullable() });

/** How many events there are, and the times of the first and the last (undefined when there are none). */
export function summaryOf(db: DatabaseSync): {
  events: number;
  first: string | undefined;
  last: string | undefined;
} {
  const row = db.prepare('SELECT count(*) AS events, min(at) AS first, max(at) AS last FROM replay_events').get();
  const { events, first, last } = summarySchema.parse(row);
  return { events, first: first ?? undefined, last: last ?? undefined };
}
