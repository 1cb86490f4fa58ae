import { doerOf } from './plan/deed.ts';
import type { Plan } from './plan/plan.ts';
import type { Shop } from './plan/shop.ts';
import { type Run, type RunOptions, run } from './run.ts';
import type { Fault } from './world/faults.ts';

/** The least that was found to break the same law. */
export type Story = { readonly plan: Plan; readonly faults: readonly Fault[]; readonly run: Run };

type Bend = RunOptions['bend'];

/** Runs that shrinking may take. */
const BUDGET = 400;

/**
 * A run that breaks a law, made shorter as long as it breaks the same one: contacts go, then halves, quarters and single ones
 * of the deeds and of the faults. What is left happens when it did, in the order that the seed gives it.
 */
export function shrink(plan: Plan, shop: Shop, first: Run, bend: Bend): Story {
  const law = first.violations[0]?.law;
  let budget = BUDGET;
  let best: Story = { plan, faults: first.faults, run: first };
  const attempt = (deeds: Plan['deeds'], faults: readonly Fault[], quiet = best.plan.quiet ?? false): boolean => {
    if (budget === 0) return false;
    budget -= 1;
    const tried = { ...plan, deeds, quiet };
    const found = run(tried, shop, { faults, bend });
    if (!found.violations.some((violation) => violation.law === law)) return false;
    best = { plan: tried, faults: faults.filter((fault) => isAmong(fault, found.faults)), run: found };
    return true;
  };
  if (!attempt(best.plan.deeds, best.faults)) return best;
  attempt(best.plan.deeds, best.faults, true);
  for (let before = -1; before !== sizeOf(best) && budget > 0; ) {
    before = sizeOf(best);
    for (const who of new Set(best.plan.deeds.map(doerOf)))
      attempt(
        best.plan.deeds.filter((deed) => doerOf(deed) !== who),
        best.faults,
      );
    halve(
      () => best.faults,
      (faults) => attempt(best.plan.deeds, faults),
    );
    halve(
      () => best.plan.deeds,
      (deeds) => attempt(deeds, best.faults),
    );
  }
  return best;
}

const sizeOf = ({ plan, faults }: Story): number => plan.deeds.length + faults.length;
const isAmong = (one: Fault, all: readonly Fault[]): boolean =>
  all.some(({ by, call, at, n }) => by === one.by && call === one.call && at === one.at && n === one.n);

/** Leaves out stretches of a list, long ones first, wherever what is left will do. */
function halve<T>(list: () => readonly T[], without: (left: readonly T[]) => boolean): void {
  for (let size = Math.ceil(list().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < list().length; ) {
      const left = list().filter((_, i) => i < at || i >= at + size);
      if (left.length === list().length || !without(left)) at += size;
    }
}
