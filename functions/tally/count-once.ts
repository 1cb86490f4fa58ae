import * as z from 'zod';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Key, Row, Table, Write } from '#shared/store/table.ts';

const ATTEMPTS = 5;
type RowChange = Extract<Write, { kind: 'update' }>['change'];

const checkpointSchema = z.string().optional();

/**
 * Counts what a row has not counted yet of a shard's changes. One writer a shard: the counters and the place up to which they
 * count are written at once. Nothing is written where `changeOf` says so.
 */
export async function countOnce<Counted extends { readonly sequence: string }>(
  key: Key,
  all: readonly Counted[],
  table: Table,
  changeOf: (fresh: readonly Counted[], row: Row | undefined) => RowChange | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const row = await table.get(key);
    const checkpoint = checkpointSchema.parse(row?.['checkpoint']);
    const fresh = all.filter(({ sequence }) => checkpoint === undefined || sequence > checkpoint);
    const last = fresh.at(-1);
    const change = last && changeOf(fresh, row);
    if (!change) return;
    try {
      await table.write({
        kind: 'update',
        key,
        change: { ...change, set: [[['checkpoint'], last.sequence], ...(change.set ?? [])] },
        if: checkpoint === undefined ? { missing: ['checkpoint'] } : { equals: { checkpoint } },
      });
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
    }
  }
  throw new Conflict(`counters at ${key.pk} met other writers ${ATTEMPTS} times`);
}
