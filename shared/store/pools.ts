import * as z from 'zod';
import { poolsKey } from './keys.ts';
import { readOnce } from './read-once.ts';
import { putShared } from './shared-row.ts';
import type { Table, Write } from './table.ts';

const storedSchema = z.object({ rev: z.int(), pools: z.array(z.string()) });
/** Pools whose codes have been uploaded. */
export type StoredPools = z.infer<typeof storedSchema>;

const read = readOnce((row): StoredPools => storedSchema.parse(row));

export async function loadPools(table: Table, options?: { stale: boolean }): Promise<StoredPools> {
  const row = await table.get(poolsKey, options);
  return row ? read(row) : { rev: 0, pools: [] };
}

export const putPools = (stored: StoredPools): Write => putShared(poolsKey, stored);
