import type { Step } from '#shared/journey/journey.ts';
import { type Graph, waits } from './graph.ts';
import type { Ids } from './ids.ts';
import { CannotJumpBack, Nesting } from './nesting.ts';
import { type Edge, type Shape, shapeOf } from './order.ts';
import { tidy } from './tidy.ts';

/**
 * Makes nested steps of a graph, each block once. A block stands in the list of the last block that every way to it
 * passes: inside an arm if only that arm leads there, below the fork if several do, so that the arms fall through to it.
 * What falling through cannot say is a `skip`, always forward; a jump back is a `repeat`. The idea: Ramsey, Beyond
 * Relooper (2022), with lists in the place of WebAssembly's blocks.
 */
export type Nested = {
  readonly steps: Step[];
  /** Jumps back that became rounds of a repeat: the block that they lead to. */
  readonly rounds: readonly string[];
  /** Jumps that could not be kept; the passage ends there. */
  readonly cut: readonly Edge[];
  readonly reached: ReadonlySet<string>;
};

export function nest(graph: Graph, ids: Ids): Nested {
  const cut: Edge[] = [];
  for (;;) {
    const shape = shapeOf(graph, cut);
    const [hopeless] = [...shape.tangled, ...withoutPause(graph, shape)];
    if (hopeless) {
      cut.push(hopeless);
      continue;
    }
    try {
      const steps = new Nesting(graph, shape, cut, ids).all();
      return { steps: tidy(steps), rounds: [...shape.loops.keys()], cut, reached: new Set(shape.order) };
    } catch (error) {
      if (!(error instanceof CannotJumpBack)) throw error;
      cut.push(error.edge);
    }
  }
}

/** Jumps back to the head of a round in which no time passes. */
function withoutPause({ blocks }: Graph, { loops, back }: Shape): Edge[] {
  const pauses = (key: string) => {
    const block = blocks.get(key);
    return block !== undefined && waits(block);
  };
  const restless = [...loops].filter(([, round]) => ![...round].some(pauses)).map(([head]) => head);
  return back.filter(([, head]) => restless.includes(head));
}
