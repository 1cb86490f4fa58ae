import type { Journey, Step } from '#shared/journey/journey.ts';

/** Which steps can follow a step, read off the file, by hand and without what compiles it. `null` is the end. */
export function waysOf(journey: Journey): ReadonlyMap<string, ReadonlySet<string | null>> {
  const ways = new Map<string, Set<string | null>>();
  const first = (steps: readonly Step[] | undefined, otherwise: string | null) => steps?.[0]?.id ?? otherwise;
  const walk = (steps: readonly Step[], below: string | null): void => {
    for (const [i, step] of steps.entries()) {
      const next = steps[i + 1]?.id ?? below;
      const inner: (readonly Step[] | undefined)[] =
        step.type === 'waitFor'
          ? [step.then, step.otherwise]
          : step.type === 'branch'
            ? [...step.cases.map((one) => one.steps), step.otherwise]
            : step.type === 'split'
              ? step.arms.map((one) => one.steps)
              : step.type === 'repeat'
                ? [step.steps]
                : step.type === 'coupon'
                  ? [step.otherwise]
                  : [];
      const back = step.type === 'repeat' ? step.id : next;
      const to = new Set<string | null>(inner.map((list) => first(list, back)));
      if (step.type === 'skip') to.add(step.to);
      if (step.if || !['skip', 'end', 'branch', 'split', 'waitFor'].includes(step.type)) to.add(next);
      ways.set(step.id, to);
      for (const list of inner) walk(list ?? [], back);
    }
  };
  walk(journey.steps, null);
  return ways;
}
