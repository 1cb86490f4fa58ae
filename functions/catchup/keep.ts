import { derivedId } from '#shared/enrolment/ids.ts';
import type { Event } from '#shared/event/event.ts';
import { type KeepDeps, keepEvents } from '#shared/event/keep.ts';
import { type Delivery, readFacts, type Source } from '#shared/source/source.ts';
import { keepUnread } from '#shared/source/unread.ts';
import { receiptKey } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';

export type CaughtDeps = KeepDeps & {
  readonly table: Table;
  /** Ids of what this process has put on the bus, which has no receipt yet. */
  readonly told: Set<string>;
};

const REMEMBERED = 20_000;

/**
 * Tells of what webhooks have not: all events of these deliveries that have no receipt. Returns how many they were; changes
 * of a customer are none, since a webhook shows them as of another moment. Throws when neither bus nor queue takes them.
 */
export async function keepMissed(
  name: string,
  source: Source,
  deliveries: readonly Delivery[],
  deps: CaughtDeps,
): Promise<number> {
  const { events, unread } = readAll(name, source, deliveries);
  const missed = await notRecorded(events, deps);
  if (missed.length > 0) await keepEvents(missed, deps);
  for (const delivery of unread) await keepOnce(name, source, delivery, deps);
  if (deps.told.size > REMEMBERED) deps.told.clear();
  for (const { id } of missed) deps.told.add(id);
  return missed.filter(({ type }) => type !== 'customer.updated').length;
}

function readAll(name: string, source: Source, deliveries: readonly Delivery[]) {
  const events: Event[] = [];
  const unread: Delivery[] = [];
  for (const delivery of deliveries) {
    const told = source.tell(delivery);
    const read = 'facts' in told ? readFacts(told.facts, name) : undefined;
    events.push(...(read?.events ?? []));
    if ('error' in told || (read && read.rejected.length > 0)) unread.push(delivery);
  }
  return { events, unread };
}

async function notRecorded(events: readonly Event[], { table, told }: CaughtDeps): Promise<Event[]> {
  const fresh = [...new Map(events.map((event) => [event.id, event])).values()].filter(({ id }) => !told.has(id));
  const receipts = await table.batchGet(fresh.map(({ id }) => receiptKey(id)));
  return fresh.filter((_, position) => receipts[position] === undefined);
}

async function keepOnce(name: string, source: Source, delivery: Delivery, deps: CaughtDeps): Promise<void> {
  const mark = derivedId(name, delivery.text);
  if (deps.told.has(mark)) return;
  await keepUnread(name, source, delivery, deps);
  deps.told.add(mark);
}
