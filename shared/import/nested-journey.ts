import type { Step } from '#shared/journey/journey.ts';
import type { Draft } from './draft.ts';
import { type Graph, withoutEmpty } from './graph.ts';
import type { Ids } from './ids.ts';
import { nest } from './nest.ts';
import { MOST_ROUNDS } from './nesting.ts';
import type { Source } from './source.ts';

const MOST_STEPS = 200;
const MOST_CASES = 20;

/** Nests a graph, and says what became of its jumps back and of what nothing leads to. `placeOf`: where a block stands. */
export function nestedSteps({ notes }: Draft, graph: Graph, ids: Ids, placeOf: (key: string) => Source): Step[] {
  const lean = withoutEmpty(graph);
  const { steps, rounds, cut, reached } = nest(lean, ids);
  for (const key of rounds) {
    notes.changed(
      placeOf(key),
      `Others jump back to here: a repeat, ${MOST_ROUNDS} rounds at most, and then on below it.`,
    );
  }
  for (const [from, to] of cut) {
    const instead = 'A "repeat" needs a wait in it, and has one way in.';
    notes.lost(
      placeOf(from),
      `The jump back to ${placeOf(to).place} cannot be expressed; the journey ends here.`,
      instead,
    );
  }
  for (const key of lean.blocks.keys()) {
    if (!reached.has(key)) notes.lost(placeOf(key), 'Nothing leads here, so it is not in the journey.');
  }
  limits(steps).forEach((what) => {
    notes.todo(placeOf(graph.entry ?? ''), what);
  });
  return steps;
}

function limits(steps: readonly Step[]): string[] {
  const text = JSON.stringify(steps);
  const count = text.split('"type":"').length - 1;
  const cases = steps.filter((step) => step.type === 'branch' && step.cases.length > MOST_CASES).map(({ id }) => id);
  return [
    ...(count > MOST_STEPS ? [`The journey has more than ${MOST_STEPS} steps.`] : []),
    ...cases.map((id) => `"${id}" has more than ${MOST_CASES} cases.`),
  ];
}
