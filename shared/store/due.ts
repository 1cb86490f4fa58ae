import type { Instant } from '#shared/time/instant.ts';
import { DUE_SHARDS, dueShard } from './keys.ts';
import { shardOf } from './shards.ts';
import type { AttributePath, Json } from './table.ts';

/** The shard of the due index in which the rows of a contact, or of a journey, lie. */
export const duePlace = (of: string): string => dueShard(shardOf(of, DUE_SHARDS));

/** The attributes that have review look at a row at a moment. */
export const dueAt = (of: string, due: Instant) => ({ duePk: duePlace(of), due });

/** The same of a row that is there. */
export const setDue = (of: string, due: Instant): [AttributePath, Json][] => [
  [['duePk'], duePlace(of)],
  [['due'], due],
];
