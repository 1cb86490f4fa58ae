import { LONGEST_POOL, poolNamed, readPool } from '#shared/coupon/pool-file.ts';
import type { Report } from '#shared/publish/print.ts';
import { hasErrors, type Remark } from '#shared/publish/remarks.ts';
import { addCodes } from '#shared/store/codes.ts';
import { defaultSettings, loadCatalogue, loadStoredSettings, putCatalogue } from '#shared/store/journeys.ts';
import { loadPools, putPools } from '#shared/store/pools.ts';
import type { Upload } from '#shared/store/waiting.ts';
import type { Outcome, PublishDeps } from './publish.ts';

/** Codes that one call takes: seconds, on a table that is not used to more. */
const A_CALL = 5000;

/** Where an upload of codes goes on, and what its earlier portions have come to. */
export type Portion = { readonly from: number; readonly added: number };

/**
 * Codes of a pool: those that are new are added, and nothing is ever taken away. A long file is taken in portions, each a
 * message of its own; one that comes again finds its own codes and counts the same.
 */
export async function publishPool(
  upload: Upload,
  text: string,
  deps: PublishDeps,
  { from, added }: Portion = { from: 0, added: 0 },
): Promise<Outcome | undefined> {
  const { table, clock, again } = deps;
  const settings = (await loadStoredSettings(table))?.settings ?? defaultSettings();
  const { codes, refused, remarks } = readPool(upload.key, text, { zone: settings.shop.timeZone, now: clock.now() });
  const pool = poolNamed(upload.key);
  if (pool === undefined || hasErrors(remarks)) return refusedPool(upload, remarks, deps);
  const here = codes.slice(from, from + A_CALL);
  const all = added + (await addCodes(table, pool, here, `${upload.key} ${upload.sequencer}`));
  const next = from + here.length;
  if (next < codes.length) {
    await again.send([{ portion: { ...upload, from: next, added: all } }]);
    return undefined;
  }
  const report: Report = { file: upload.key, remarks, codes: { added: all, known: codes.length - all, refused } };
  await makeKnown(pool, deps);
  // Whoever was cut off after that has still to try what waited for the pool.
  return { report, changed: true };
}

/** Whether a file of this size may be read: a longer one would fill the memory before anybody could say that it is too long. */
export const isTooLong = ({ key }: Upload, bytes: number | undefined): boolean =>
  bytes !== undefined && bytes > LONGEST_POOL && poolNamed(key) !== undefined;

export async function refusedPool(
  { key }: Upload,
  remarks: readonly Remark[],
  { table }: Pick<PublishDeps, 'table'>,
): Promise<Outcome> {
  const { pools } = await loadPools(table);
  const pool = poolNamed(key);
  return { report: { file: key, remarks, live: pools.some((known) => known === pool) }, changed: false };
}

/** Journeys may name the pool from now on. Not before all of its codes are there, or the first would find it empty. */
async function makeKnown(pool: string, { table }: PublishDeps): Promise<void> {
  const catalogue = await loadCatalogue(table);
  const stored = await loadPools(table);
  if (stored.pools.includes(pool)) return;
  await table.transact([putPools({ ...stored, pools: [...stored.pools, pool].sort() }), putCatalogue(catalogue)]);
}
