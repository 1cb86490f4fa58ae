import { eventsOf } from './plan/deed.ts';
import { type Plan, planOf } from './plan/plan.ts';
import type { Shop } from './plan/shop.ts';
import { LEAST, run } from './run.ts';
import { outside, type Shops } from './shops.ts';
import { shrink } from './shrink.ts';
import { tellStory } from './story.ts';
import type { Bend } from './world/world.ts';

/** What a stretch of seeds came to. Parts add up. */
export type Part = {
  readonly runs: number;
  readonly events: number;
  readonly faults: number;
  readonly steps: number;
  readonly mails: number;
  readonly passages: number;
  readonly failed: readonly Failed[];
};
export type Failed = { readonly seed: number; readonly laws: readonly string[]; readonly story: string };

export const NOTHING: Part = { runs: 0, events: 0, faults: 0, steps: 0, mails: 0, passages: 0, failed: [] };

export const added = (a: Part, b: Part): Part => ({
  runs: a.runs + b.runs,
  events: a.events + b.events,
  faults: a.faults + b.faults,
  steps: a.steps + b.steps,
  mails: a.mails + b.mails,
  passages: a.passages + b.passages,
  failed: [...a.failed, ...b.failed],
});

/** A world that is too small would pass for one that kept its promises. */
function assertWhole(plan: Plan, { definitions }: Shop, { faults, events }: { faults: number; events: number }): void {
  const contacts = new Set(eventsOf(plan.deeds).map(({ identities }) => identities.email)).size;
  const journeys = Object.keys(definitions).length;
  const is = { faults, contacts, journeys, events };
  for (const name of ['faults', 'contacts', 'journeys', 'events'] as const)
    if (is[name] < LEAST[name])
      throw new RangeError(`the world of seed ${plan.seed} has ${is[name]} ${name}, and should have ${LEAST[name]}`);
}

/** Failures whose stories are shrunk: of a hundred alike one is read. */
const STORIES = 2;

export type PlayOptions = {
  readonly shops: Shops;
  readonly bend?: Bend | undefined;
  /** Failures after which no more are looked for. */
  readonly enough?: number;
  /** Failures whose stories are shrunk and told. */
  readonly tells?: number;
};

/** Plays these seeds, one after the other. */
export async function play(
  seeds: Iterable<number>,
  { shops, bend, enough = Number.POSITIVE_INFINITY, tells = STORIES }: PlayOptions,
): Promise<Part> {
  let part = NOTHING;
  for (const seed of seeds) {
    const plan = planOf(seed);
    const shop = await shops.of(plan.shop);
    const failed = await outside((): Part => {
      const { violations, faults, ...counts } = run(plan, shop, { bend });
      const one = { ...counts, runs: 1, faults: faults.length, failed: [] };
      if (violations.length === 0) {
        assertWhole(plan, shop, { faults: faults.length, events: counts.events });
        return one;
      }
      const laws = [...new Set(violations.map(({ law }) => law))];
      const isTold = part.failed.length < tells;
      const shrunk = isTold ? shrink(plan, shop, { violations, faults, ...counts }, bend) : undefined;
      return { ...one, failed: [{ seed, laws, story: shrunk ? tellStory(shrunk, shop, bend) : '' }] };
    });
    part = added(part, failed);
    if (part.failed.length >= enough) break;
  }
  return part;
}
