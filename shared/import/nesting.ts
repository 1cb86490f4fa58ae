import type { Step } from '#shared/journey/journey.ts';
import { type Block, type Fork, firstId, type Graph } from './graph.ts';
import type { Ids } from './ids.ts';
import type { Edge, Shape } from './order.ts';

/** Rounds of a loop that the source does not count: the most that the language allows. */
export const MOST_ROUNDS = 52;
/** Lists in lists: at this depth no list may hold another step with arms. */
const DEEPEST_FORK = 7;
/** From so many blocks on, the way that goes on stands below its fork when all other ways are over. */
const LONG_WAY = 3;

/** A jump back from the middle of a round: only its end leads back. */
export class CannotJumpBack extends Error {
  readonly edge: Edge;
  constructor(edge: Edge) {
    super('no way back');
    this.edge = edge;
  }
}

/** `after`: the block that runs when the list has come to its end; undefined ends the passage. */
type Around = { readonly after: string | undefined; readonly depth: number; readonly inside: string | undefined };

/** One attempt to lay out a graph whose shape is known. */
export class Nesting {
  readonly #graph: Graph;
  readonly #shape: Shape;
  readonly #cut: ReadonlySet<string>;
  readonly #ids: Ids;
  readonly #rank: ReadonlyMap<string, number>;
  readonly #owned = new Map<string, string[]>();
  readonly #repeats = new Map<string, string>();

  constructor(graph: Graph, shape: Shape, cut: readonly Edge[], ids: Ids) {
    this.#graph = graph;
    this.#shape = shape;
    this.#cut = new Set(cut.map(([from, to]) => `${from} > ${to}`));
    this.#ids = ids;
    this.#rank = new Map(shape.order.map((key, i) => [key, i]));
    for (const key of shape.order) {
      const owner = this.#ownerOf(key);
      if (owner !== undefined) this.#owned.set(owner, [...(this.#owned.get(owner) ?? []), key]);
    }
  }

  all(): Step[] {
    const [entry] = this.#shape.order;
    return entry === undefined ? [] : this.#list(entry, { after: undefined, depth: 1, inside: undefined });
  }

  /** What lies outside a round belongs below its repeat, whatever inside the round leads there. */
  #ownerOf(key: string): string | undefined {
    const passed = this.#shape.passes.get(key);
    if (passed === undefined || passed === key) return undefined;
    const left = [...this.#shape.loops].filter(([head, round]) => round.has(passed) && !round.has(key) && head !== key);
    const outermost = left.toSorted(([a], [b]) => this.#rankOf(a) - this.#rankOf(b))[0];
    return outermost ? outermost[0] : passed;
  }

  #rankOf(key: string): number {
    return this.#rank.get(key) ?? 0;
  }

  /** The block and all that stands below it in the same list. */
  #list(key: string, around: Around): Step[] {
    const round = this.#shape.loops.get(key);
    const below = (this.#owned.get(key) ?? []).filter((owned) => !round?.has(owned));
    if (!round) return this.#sequence(key, below, around);
    const inner = (this.#owned.get(key) ?? []).filter((owned) => round.has(owned));
    const steps = this.#sequence(key, inner, { after: key, depth: around.depth + 1, inside: key });
    const repeat: Step = { type: 'repeat', id: this.#repeatId(key), times: MOST_ROUNDS, steps };
    return [repeat, ...this.#sections(below, around)];
  }

  #sequence(key: string, owned: readonly string[], around: Around): Step[] {
    const inArms = this.#inArms(key, owned, around);
    const below = owned.filter((other) => !inArms.has(other));
    const own = this.#own(key, inArms, { ...around, after: below[0] ?? around.after });
    return [...own, ...this.#sections(below, around)];
  }

  #sections(keys: readonly string[], around: Around): Step[] {
    return keys.flatMap((key, i) => this.#list(key, { ...around, after: keys[i + 1] ?? around.after }));
  }

  #own(key: string, inArms: ReadonlySet<string>, around: Around): Step[] {
    const block = this.#block(key);
    if (!block.fork) return [...block.steps, ...this.#jump(block, block.next, around)];
    const deeper = { ...around, depth: around.depth + 1 };
    const arms = block.fork.to.map((to) =>
      to !== undefined && inArms.has(to) ? this.#list(to, deeper) : this.#jump(block, to, around),
    );
    return [...block.steps, block.fork.build(arms)];
  }

  /** Of the blocks that stand in this block's list, those that stand inside its arms. */
  #inArms(key: string, owned: readonly string[], around: Around): ReadonlySet<string> {
    const { fork } = this.#block(key);
    if (!fork) return new Set();
    const single = owned.filter(
      (other) => this.#shape.ways.get(other) === 1 && fork.to.filter((t) => t === other).length === 1,
    );
    const shallow = single.filter((other) => around.depth < DEEPEST_FORK || !this.#hasFork(other));
    const [only] = shallow;
    if (only !== undefined && owned.length === 1 && this.#standsBelow(fork, only, around)) return new Set();
    return new Set(shallow);
  }

  /** The one way that goes on reads better below its fork, if all other ways are a jump or the end in any case. */
  #standsBelow(fork: Fork, only: string, { after }: Around): boolean {
    const others = fork.to.filter((to) => to !== only);
    const jump = others.every((to) => to !== after);
    const end = others.every((to) => to === undefined);
    return others.length > 0 && (jump || (end && this.#size(only) >= LONG_WAY));
  }

  #jump(from: Block, to: string | undefined, { after, inside }: Around): Step[] {
    const goal = to !== undefined && this.#cut.has(`${from.key} > ${to}`) ? undefined : to;
    if (goal === after || from.steps.at(-1)?.type === 'end') return [];
    if (goal === undefined) return [{ type: 'end', id: this.#ids.claim('done', 'done') }];
    const isBack = this.#shape.loops.get(goal)?.has(from.key);
    if (isBack || goal === inside) throw new CannotJumpBack([from.key, goal]);
    const id = this.#idOf(goal);
    return [{ type: 'skip', id: this.#ids.claim(`to-${id}`, 'skip'), to: id }];
  }

  #idOf(key: string): string {
    return this.#shape.loops.has(key) ? this.#repeatId(key) : (firstId(this.#block(key)) ?? key);
  }

  #repeatId(key: string): string {
    const id = this.#repeats.get(key) ?? this.#ids.claim(`again-${firstId(this.#block(key)) ?? ''}`, 'repeat');
    this.#repeats.set(key, id);
    return id;
  }

  #region(key: string): string[] {
    return [key, ...(this.#owned.get(key) ?? []).flatMap((owned) => this.#region(owned))];
  }

  #size(key: string): number {
    return this.#region(key).length;
  }

  #hasFork(key: string): boolean {
    return this.#region(key).some((inner) => this.#block(inner).fork || this.#shape.loops.has(inner));
  }

  #block(key: string): Block {
    const block = this.#graph.blocks.get(key);
    if (!block) throw new Error(`no block ${key}`);
    return block;
  }
}
