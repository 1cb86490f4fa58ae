import type { Step } from '#shared/journey/journey.ts';

/**
 * What every source is first turned into: blocks that lead to blocks. A block runs its steps; then it goes on with the
 * next block, or forks. Where neither says whereto, the passage ends.
 */
export type Block = {
  readonly key: string;
  readonly steps: readonly Step[];
  readonly next?: string | undefined;
  readonly fork?: Fork | undefined;
};

/** A step with arms, each of which leads somewhere. */
export type Fork = {
  readonly id: string;
  readonly to: readonly (string | undefined)[];
  /** Whether time passes in it. */
  readonly waits?: boolean;
  /** The step, once it is known what stands in its arms. */
  readonly build: (arms: readonly (readonly Step[])[]) => Step;
};

export type Graph = { readonly entry: string | undefined; readonly blocks: ReadonlyMap<string, Block> };

/** The id that a `skip` to this block names. */
export const firstId = (block: Block): string | undefined => block.steps[0]?.id ?? block.fork?.id;

/** Whether time passes in this block: a round without any would send all its messages at once. */
export const waits = ({ steps, fork }: Block): boolean =>
  fork?.waits === true || steps.some(({ type }) => type === 'wait' || type === 'waitFor');

export const targetsOf = (block: Block): readonly (string | undefined)[] => block.fork?.to ?? [block.next];

/** Blocks without a step, such as an activity that could not be carried over, are taken out: who led there leads on. */
export function withoutEmpty({ entry, blocks }: Graph): Graph {
  const onward = (key: string | undefined, seen: ReadonlySet<string> = new Set()): string | undefined => {
    const block = key === undefined ? undefined : blocks.get(key);
    if (!block || key === undefined || seen.has(key)) return undefined;
    return block.steps.length > 0 || block.fork ? key : onward(block.next, new Set([...seen, key]));
  };
  const kept = [...blocks.values()].filter((block) => firstId(block) !== undefined);
  const led = kept.map((block): [string, Block] => {
    const fork = block.fork && { ...block.fork, to: block.fork.to.map((key) => onward(key)) };
    return [block.key, { ...block, next: onward(block.next), ...(fork && { fork }) }];
  });
  return { entry: onward(entry), blocks: new Map(led) };
}
