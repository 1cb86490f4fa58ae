import type { Clock } from '#shared/ports.ts';
import { tellRateKey } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import { laterOf, plusMillis, toMillis } from '#shared/time/instant.ts';

/** So many mails at once, and then one in so many milliseconds: a large push must not flood anybody. */
const BURST = 20;
const EVERY = 3 * 60_000;
/** Seconds that one asks again after, at most: what waits for longer in a queue would look like one that stands still. */
const PATIENCE = 600;

/**
 * Takes the next turn to write to an author; 0 when that is now, else the seconds to wait before one asks again. Throws
 * ConditionFailed when another was faster.
 */
export async function waitForTurn({ table, clock }: { table: Table; clock: Clock }): Promise<number> {
  const now = clock.now();
  const known = (await table.get(tellRateKey))?.['next'];
  const next = typeof known === 'string' ? laterOf(known, now) : now;
  const early = toMillis(next) - toMillis(now) - (BURST - 1) * EVERY;
  if (early > 0) return Math.min(PATIENCE, Math.ceil(early / 1000));
  await table.write({
    kind: 'put',
    row: { ...tellRateKey, v: 1, next: plusMillis(next, EVERY) },
    if: typeof known === 'string' ? { equals: { next: known } } : { absent: true },
  });
  return 0;
}
