import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { Clock } from '#shared/ports.ts';

const ATTEMPTS = 8;

/**
 * Does the work again where another writer was faster: `work` reads again and decides again. Each time it waits twice as
 * long, five seconds in all; without a clock it does not wait. Throws Conflict, of `what`, when others were faster too often.
 */
export async function insist<T>(what: string, work: () => Promise<T>, clock?: Pick<Clock, 'sleep'>): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await clock?.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`${what} met other writers ${ATTEMPTS} times`);
}
