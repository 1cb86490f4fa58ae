import { ownOf } from '#shared/own-of.ts';
import { counterKey } from './keys.ts';
import type { Row, Table, Write } from './table.ts';

const PREFIX = 'c:';

/** Counters that belong to no journey, such as `contacts`. */
export const SHOP = { journey: '_shop', version: 0 } as const;

/** Contacts that are none any more: they were merged into another, or erased. */
export const GONE = 'gone';

/** Of the counters that say how many stand at a step: `at/think`, and `at/` before the first turn. */
export const AT = 'at/';

/** Counters of one journey version, summed over the stream's shards. */
export async function loadCounts(table: Table, journey: string, version: number): Promise<Record<string, number>> {
  const rows = await table.query({ pk: counterKey(journey, version, '').pk });
  const sums: Record<string, number> = {};
  for (const row of rows) for (const [name, n] of countsOf(row)) sums[name] = (ownOf(sums, name) ?? 0) + n;
  return sums;
}

/** The row of what the audit has put right, beside those of the stream's shards. */
const MENDED = 'audit';

/** Adds to counters of one version what is missing from them, or takes away what is too much. */
export const addToCounters = (journey: string, version: number, counts: Readonly<Record<string, number>>): Write => ({
  kind: 'update',
  key: counterKey(journey, version, MENDED),
  change: { add: Object.entries(counts).map(([name, n]) => [[`${PREFIX}${name}`], n] as const) },
});

/** How many contacts stand at a step of a version: `''` before the first turn. */
export type StandingCount = { readonly version: number; readonly step: string; readonly contacts: number };

/**
 * Who is inside these versions, by step, as the counters know it: a minute or so behind. Who had entered before anybody
 * counted this is missing from it, so that a counter may lie below none.
 */
export async function standingOf(
  table: Table,
  journey: string,
  versions: readonly number[],
): Promise<readonly StandingCount[]> {
  const counted = await Promise.all(
    versions.map(async (version) => ({ version, counts: await loadCounts(table, journey, version) })),
  );
  return counted.flatMap(({ version, counts }) =>
    Object.entries(counts).flatMap(([name, n]) =>
      name.startsWith(AT) && n > 0 ? [{ version, step: name.slice(AT.length), contacts: n }] : [],
    ),
  );
}

const countsOf = (row: Row): [name: string, n: number][] =>
  Object.entries(row).flatMap(([name, n]): [string, number][] =>
    name.startsWith(PREFIX) && typeof n === 'number' ? [[name.slice(PREFIX.length), n]] : [],
  );
