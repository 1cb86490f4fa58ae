import { type Graph, targetsOf } from './graph.ts';

/** The shape of a graph of blocks: reading order, what every way to a block passes, and loops. */
export type Shape = {
  /** Keys that can be reached, each before all that it leads to (jumps back aside), first arms first. */
  readonly order: readonly string[];
  /** The last block that every way from the entry to this one passes. */
  readonly passes: ReadonlyMap<string, string>;
  /** How many forward ways lead to a block. */
  readonly ways: ReadonlyMap<string, number>;
  /** By the block that is jumped back to: all blocks of the round. */
  readonly loops: ReadonlyMap<string, ReadonlySet<string>>;
  /** Jumps back, tangled ones aside. */
  readonly back: readonly Edge[];
  /** Jumps into the middle of a round, which no list of steps can express. */
  readonly tangled: readonly Edge[];
};
export type Edge = readonly [from: string, to: string];

const edgeName = ([from, to]: Edge): string => `${from} > ${to}`;

/** Where a block leads, each target once, without the jumps that were cut. */
function outOf(graph: Graph, key: string, cut: ReadonlySet<string>): string[] {
  const block = graph.blocks.get(key);
  const found = block ? targetsOf(block) : [];
  return [...new Set(found)].flatMap((to) => (to === undefined || cut.has(edgeName([key, to])) ? [] : [to]));
}

function search(graph: Graph, cut: ReadonlySet<string>): { order: string[]; back: Edge[] } {
  const done: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const back: Edge[] = [];
  const visit = (key: string): void => {
    state.set(key, 'open');
    // From the last arm to the first: turned round, the first arm then stands first.
    for (const to of outOf(graph, key, cut).reverse()) {
      if (state.get(to) === 'open') back.push([key, to]);
      else if (!state.has(to)) visit(to);
    }
    state.set(key, 'done');
    done.push(key);
  };
  if (graph.entry !== undefined) visit(graph.entry);
  return { order: done.reverse(), back };
}

/** Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm. */
function dominators(order: readonly string[], into: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const rank = new Map(order.map((key, i) => [key, i]));
  const found = new Map<string, string>();
  const rankOf = (key: string) => rank.get(key) ?? 0;
  const common = (a: string, b: string): string => {
    let [x, y] = [a, b];
    while (x !== y) {
      if (rankOf(x) > rankOf(y)) x = found.get(x) ?? x;
      else y = found.get(y) ?? y;
    }
    return x;
  };
  const [entry, ...rest] = order;
  if (entry !== undefined) found.set(entry, entry);
  for (let changed = true; changed; ) {
    changed = false;
    for (const key of rest) {
      const known = (into.get(key) ?? []).filter((from) => found.has(from));
      const [first, ...others] = known;
      if (first === undefined) continue;
      const now = others.reduce(common, first);
      changed ||= found.get(key) !== now;
      found.set(key, now);
    }
  }
  return found;
}

/** The round that a jump back closes: all that leads to it without passing its head. */
function round([from, head]: Edge, into: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([head]);
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    open.push(...(into.get(key) ?? []));
  }
  return found;
}

const dominates = (passes: ReadonlyMap<string, string>, above: string, key: string): boolean => {
  for (let at = key; ; ) {
    if (at === above) return true;
    const next = passes.get(at);
    if (next === undefined || next === at) return false;
    at = next;
  }
};

export function shapeOf(graph: Graph, cutEdges: readonly Edge[] = []): Shape {
  const cut = new Set(cutEdges.map(edgeName));
  const { order, back } = search(graph, cut);
  const backNames = new Set(back.map(edgeName));
  const into = new Map<string, string[]>();
  const ways = new Map<string, number>();
  for (const from of order) {
    for (const to of outOf(graph, from, cut)) {
      into.set(to, [...(into.get(to) ?? []), from]);
      if (!backNames.has(edgeName([from, to]))) ways.set(to, (ways.get(to) ?? 0) + 1);
    }
  }
  const passes = dominators(order, into);
  const loops = new Map<string, ReadonlySet<string>>();
  const tangled = back.filter(([from, head]) => !dominates(passes, head, from));
  const straight = back.filter((edge) => !tangled.includes(edge));
  for (const edge of straight) {
    loops.set(edge[1], new Set([...(loops.get(edge[1]) ?? []), ...round(edge, into)]));
  }
  return { order, passes, ways, loops, back: straight, tangled };
}
