import * as z from 'zod';
import { CAP_SHARDS, type CountedEntries, isFree, type Place } from '#shared/enrolment/places.ts';
import { entriesKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import type { Row, Table, Write } from './table.ts';

const PREFIX = 'n:';

const countsSchema = z.object({ current: z.int() });

const readCounted = readOnce((row: Row): CountedEntries => {
  const counts = Object.entries(row).flatMap(([name, n]): [string, number][] =>
    name.startsWith(PREFIX) && typeof n === 'number' ? [[name.slice(PREFIX.length), n]] : [],
  );
  return { ...countsSchema.parse(row), entries: Object.fromEntries(counts) };
});

/** What the shards of one cap have counted, in their order. */
export async function loadEntries(
  table: Table,
  journey: string,
  cap: string,
): Promise<readonly (CountedEntries | undefined)[]> {
  const keys = Array.from({ length: CAP_SHARDS }, (_, shard) => entriesKey(journey, cap, shard));
  return (await table.batchGet(keys)).map((row) => row && readCounted(row));
}

/**
 * Takes a place. Entries of one stretch do not stand in each other's way until it is full; who begins a stretch ends the
 * one before it for all others.
 */
export const takePlace = ({ journey, cap, shard, stretch, below, before }: Place): Write => ({
  kind: 'update',
  key: entriesKey(journey, cap, shard),
  change: {
    set: [
      [['v'], 1],
      [['current'], stretch],
    ],
    add: [[[`${PREFIX}${stretch}`], 1]],
    remove: Object.keys(before?.entries ?? {})
      .filter((counted) => isFree(counted, stretch))
      .map((counted): [string] => [`${PREFIX}${counted}`]),
  },
  if: {
    ...(before ? { equals: { current: before.current } } : { missing: ['current'] }),
    below: { [`${PREFIX}${stretch}`]: below },
  },
});
