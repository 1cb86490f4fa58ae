import { sayStep } from '#shared/diagram/words/steps.ts';
import { armsOf } from './compile.ts';
import type { Journey, Step } from './journey.ts';

/** Where a step stands: in which arm of which step (in none: in the journey's own list), and behind which of its list. */
export type StepPosition = {
  readonly within?: string;
  /** As the picture of a journey labels it. */
  readonly arm?: string;
  readonly behind?: string;
};
type PlacedStep = {
  readonly step: Step;
  readonly position: StepPosition;
  /** The same for the list of steps that it stands in, in either version. */
  readonly list: string;
};
type Placed = ReadonlyMap<string, PlacedStep>;

/** Every step of a journey by its id, in the order of the file. */
export function placedSteps(journey: Journey, other: Journey): Placed {
  const placed = new Map<string, PlacedStep>();
  const others = new Map(stepsIn(other.steps).map((step) => [step.id, step]));
  const add = (steps: readonly Step[], list: string, around: StepPosition): void => {
    steps.forEach((step, i) => {
      const behind = steps[i - 1]?.id;
      placed.set(step.id, { step, list, position: { ...around, ...(behind !== undefined && { behind }) } });
      const { arms: labels = [] } = sayStep(step);
      for (const [n, [arm, inner]] of armsOf(step).entries()) {
        const name = `${step.id} ${armName(step, n, others.get(step.id)) ?? arm}`;
        add(inner, name, { within: step.id, arm: labels[n]?.label ?? arm });
      }
    });
  };
  add(journey.steps, '', {});
  return placed;
}

const stepsIn = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => [step, ...armsOf(step).flatMap(([, inner]) => stepsIn(inner))]);

/** Arms of two versions are the same by their names, by what they ask, or by their number. */
function armName(step: Step, n: number, other: Step | undefined): string | undefined {
  if (step.type === 'split') return step.arms[n]?.name;
  if (step.type !== 'branch') return undefined;
  const one = step.cases[n];
  if (one?.name !== undefined || !one) return one?.name;
  const asked = JSON.stringify(one.if);
  const isKept = other?.type === 'branch' && other.cases.some((each) => JSON.stringify(each.if) === asked);
  return isKept ? asked : undefined;
}

/**
 * Steps of both versions that stand elsewhere now: in another list, or in another order among those that both have in it.
 * Of two that changed places the fewest possible have moved.
 */
export function movedSteps(before: Placed, after: Placed): ReadonlySet<string> {
  const [then, now] = [byList(before, after), byList(after, before)];
  const kept = [...now].flatMap(([list, ids]) => longestCommon(ids, then.get(list) ?? []));
  return new Set([...after.keys()].filter((id) => before.has(id) && !kept.includes(id)));
}

function byList(placed: Placed, other: Placed): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const [id, { list }] of placed) if (other.has(id)) lists.set(list, [...(lists.get(list) ?? []), id]);
  return lists;
}

/** The longest sequence that both lists have in this order. A list has 200 steps at most. */
function longestCommon(a: readonly string[], b: readonly string[]): string[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const found: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) {
      found.push(a[i] ?? '');
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  return found;
}
