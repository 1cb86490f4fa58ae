import type { Outcome } from './simulate.ts';

/**
 * Carts that were judged abandoned although their owner had bought in time: the purchase waited to be recorded. `bought`: the
 * part of carts that are bought within the quiet hour, at any minute of it alike.
 */
export function misjudged({ waits, looks }: Pick<Outcome, 'waits' | 'looks'>, bought: number): number {
  let wrong = 0;
  for (const [minute, { n, waited }] of looks.entries()) {
    const judged = minute * 60 + waited;
    let late = 0;
    for (let after = 1; after < 60; after += 1) {
      const purchase = waits[minute + after];
      if (purchase && purchase.n > 0 && (minute + after) * 60 + purchase.waited > judged) late += 1;
    }
    wrong += (n * bought * late) / 59;
  }
  return Math.round(wrong);
}
