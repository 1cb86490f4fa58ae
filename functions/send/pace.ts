import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Clock } from '#shared/ports.ts';
import { rateKey } from '#shared/store/keys.ts';
import type { Table } from '#shared/store/table.ts';
import { type Instant, laterOf, plusMillis, toMillis } from '#shared/time/instant.ts';

const ATTEMPTS = 20;

/**
 * Reserves consecutive sending slots from the one rate row of a channel, whoever else is sending, and returns when the
 * first of them is: the generic cell rate algorithm with no burst. `perSecond` is the account's rate.
 */
export async function reserve(table: Table, clock: Clock, slots: number, perSecond: number): Promise<Instant> {
  const key = rateKey('email', 'all');
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = (await table.get(key))?.['next'];
    const now = clock.now();
    const start = typeof known === 'string' ? laterOf(known, now) : now;
    const next = plusMillis(start, (slots * 1000) / perSecond);
    try {
      await table.write({
        kind: 'put',
        row: { ...key, v: 1, next },
        if: typeof known === 'string' ? { equals: { next: known } } : { absent: true },
      });
      return start;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await clock.sleep(5 * (attempt + 1));
    }
  }
  throw new Conflict('the rate row was taken by others too often');
}

/** Waits until a moment. */
export async function until(clock: Clock, moment: Instant): Promise<void> {
  const wait = millisBetween(clock.now(), moment);
  if (wait > 0) await clock.sleep(wait);
}

const millisBetween = (from: Instant, to: Instant): number => Math.max(0, toMillis(to) - toMillis(from));
