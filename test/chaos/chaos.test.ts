import { beforeAll, describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants/mutants.ts';
import { play } from './part.ts';
import { eventsOf } from './plan/deed.ts';
import { planOf } from './plan/plan.ts';
import type { Shop } from './plan/shop.ts';
import { type RunOptions, run } from './run.ts';
import { outside, Shops } from './shops.ts';
import { shrink } from './shrink.ts';
import { tellStory } from './story.ts';

const shops = new Shops();
const FIRST = 1;
const seeds = (runs: number) => Array.from({ length: runs }, (_, i) => FIRST + i);
const bendOf = (name: string) => MUTANTS.find((mutant) => mutant.name === name)?.bend;
const FORGETFUL = 'nobody asks whether an event is known';

describe('a world of contacts, journeys and faults', () => {
  let shop: Shop;
  const plan = planOf(FIRST);
  beforeAll(async () => {
    shop = await shops.of(plan.shop);
  });
  const told = (options: RunOptions = {}) =>
    outside(() => {
      const lines: string[] = [];
      const { faults } = run(plan, shop, { ...options, note: (line) => lines.push(line) });
      return { lines, faults };
    });

  it('has at least 5 contacts, 2 journeys, 50 events and 3 faults', async () => {
    for (const seed of seeds(60)) {
      const events = eventsOf(planOf(seed).deeds);
      expect(new Set(events.map(({ id }) => id)).size).toBeGreaterThanOrEqual(50);
      expect(new Set(events.map(({ identities }) => identities.email)).size).toBeGreaterThanOrEqual(5);
    }
    expect(Object.keys(shop.definitions).length).toBeGreaterThanOrEqual(2);
    expect((await told()).faults.length).toBeGreaterThanOrEqual(3);
  });

  it('keeps every promise', async () => {
    const { failed, runs, faults, mails, passages } = await play(seeds(6), { shops });
    expect(failed).toEqual([]);
    expect(runs).toBe(6);
    expect(Math.min(faults, mails, passages)).toBeGreaterThan(6);
  });

  it('goes the same way each time, step by step, and as well by a list of its faults', async () => {
    const first = await told();
    expect(first.lines.length).toBeGreaterThan(300);
    expect(await told()).toEqual(first);
    expect(await told({ faults: first.faults })).toEqual(first);
    expect((await told({ faults: [] })).lines).not.toEqual(first.lines);
  });
});

describe('a world with a planted bug', () => {
  it('breaks a promise, and its story is told in a few lines', async () => {
    const bend = bendOf(FORGETFUL);
    const { failed } = await play(seeds(20), { shops, bend, enough: 1, tells: 0 });
    const [
      {
        seed,
        laws: [law = ''],
      } = { seed: 0, laws: [] },
    ] = failed;
    expect(law).not.toBe('');
    const plan = planOf(seed);
    const shop = await shops.of(plan.shop);
    const story = await outside(() => shrink(plan, shop, run(plan, shop, { bend }), bend));
    expect(story.plan.deeds.length).toBeLessThanOrEqual(4);
    expect(await outside(() => tellStory(story, shop, bend))).toContain(`Seed ${seed}: ${law}`);
  });

  it.each(MUTANTS.filter(({ within }) => within <= 20))('is found: $name', async ({ bend, within }) => {
    const { failed } = await play(seeds(within), { shops, bend, enough: 1, tells: 0 });
    expect(failed).toHaveLength(1);
  });
});
