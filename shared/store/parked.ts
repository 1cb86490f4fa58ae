import type { Event } from '#shared/event/event.ts';
import type { Instant } from '#shared/time/instant.ts';
import { PARKED_SHARDS, parkedKey, parkedPk } from './keys.ts';
import { rowOf } from './row.ts';
import { shardOf } from './shards.ts';
import type { Row, Table, Write } from './table.ts';

/** Puts an event aside, with the reason, for a person to look at. The same event again lies on the same place. */
export const park = (event: Pick<Event, 'id' | 'at'>, reason: string, now: Instant): Write => ({
  kind: 'put',
  row: rowOf(parkedKey(reason, shardOf(event.id, PARKED_SHARDS), event.at, event.id), {
    v: 1,
    reason,
    parkedAt: now,
    event,
  }),
});

/** Parked events of one reason in one shard, the oldest first. */
export const loadParkedShard = (table: Table, reason: string, shard: number): Promise<Row[]> =>
  table.query({ pk: parkedPk(reason, shard), prefix: '' });

/** Parked events of one reason, the oldest first within a shard. */
export async function loadParked(table: Table, reason: string): Promise<Row[]> {
  const shards = Array.from({ length: PARKED_SHARDS }, (_, shard) => loadParkedShard(table, reason, shard));
  return (await Promise.all(shards)).flat();
}
