import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { REMEMBERED_DAYS, type SoftBounces, softBouncesSchema } from '#shared/sending/soft-bounces.ts';
import { laterOf, toMillis } from '#shared/time/instant.ts';
import { softKey } from './keys.ts';
import type { Row, Table } from './table.ts';

const ATTEMPTS = 8;
const DAY_SECONDS = 86_400;

const read = (row: Row | undefined): SoftBounces | undefined => row && softBouncesSchema.parse(row);

/**
 * Changes what is known of an address's soft bounces, and returns it. Undefined where `change` returns undefined, as
 * nothing is known and nothing is to be. Throws Conflict when others were faster too often.
 */
export async function changeSoftBounces(
  table: Table,
  kind: string,
  hash: string,
  change: (known: SoftBounces | undefined) => SoftBounces | undefined,
): Promise<SoftBounces | undefined> {
  const key = softKey(kind, hash);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const row = await table.get(key);
    const after = change(read(row));
    if (!after) return undefined;
    const rev = typeof row?.['rev'] === 'number' ? row['rev'] : 0;
    try {
      await table.write({
        kind: 'put',
        row: { ...key, v: 1, rev: rev + 1, ...after, expires: expiryOf(after) },
        if: row ? { equals: { rev } } : { absent: true },
      });
      return after;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
    }
  }
  throw new Conflict(`soft bounces of an address met other writers ${ATTEMPTS} times`);
}

/** Epoch seconds, from the newest that is known. */
function expiryOf({ bounces, delivered = '1970-01-01T00:00:00.000Z' }: SoftBounces): number {
  const newest = bounces.reduce((latest, { at }) => laterOf(latest, at), delivered);
  return Math.ceil(toMillis(newest) / 1000) + REMEMBERED_DAYS * DAY_SECONDS;
}
