import { fromMillis } from '#shared/time/instant.ts';
import type { Shop } from './plan/shop.ts';
import { type RunOptions, run } from './run.ts';
import type { Story } from './shrink.ts';

/** A story as a person reads it: who does what, what goes wrong, what came of it, and which promise that breaks. */
export function tellStory({ plan, faults, run: { violations } }: Story, shop: Shop, bend: RunOptions['bend']): string {
  const lines: string[] = [];
  run(plan, shop, { faults, bend, note: (line) => lines.push(line) });
  const told = lines.join('\n');
  const journeys = Object.entries(shop.definitions).filter(([id]) => told.includes(` ${id} 1 of `));
  return [
    `Seed ${plan.seed}: ${violations.map(({ law, seen }) => `${law}: ${seen}`).join('\n  ')}`,
    ...journeys.map(([id, definition]) => `journey ${id}: ${JSON.stringify(definition)}`),
    ...plan.deeds.map(({ at, ...deed }) => `deed at ${at / 60_000} min: ${JSON.stringify(deed)}`),
    ...faults.map(
      ({ by, call, at, n, kind }) => `fault at ${fromMillis(at)}: ${kind}, at call ${n} of ${call} by ${by}`,
    ),
    ...lines,
  ].join('\n');
}
