import { ownOf } from '#shared/own-of.ts';
import { counterKey } from './keys.ts';
import type { Row, Table } from './table.ts';

const PREFIX = 'c:';

/** Counters that belong to no journey, such as `contacts`. */
export const SHOP = { journey: '_shop', version: 0 } as const;

/** Counters of one journey version, summed over the stream's shards. */
export async function loadCounts(table: Table, journey: string, version: number): Promise<Record<string, number>> {
  const rows = await table.query({ pk: counterKey(journey, version, '').pk });
  const sums: Record<string, number> = {};
  for (const row of rows) for (const [name, n] of countsOf(row)) sums[name] = (ownOf(sums, name) ?? 0) + n;
  return sums;
}

const countsOf = (row: Row): [name: string, n: number][] =>
  Object.entries(row).flatMap(([name, n]): [string, number][] =>
    name.startsWith(PREFIX) && typeof n === 'number' ? [[name.slice(PREFIX.length), n]] : [],
  );
