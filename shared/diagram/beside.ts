import { type Block, boxBlock, drawnLines, skip, skipTo, targetsOf, together, wayTo } from './block.ts';
import { armBox, itemBox } from './boxes.ts';
import type { Line, Point } from './drawing.ts';
import { forkBlock } from './fork.ts';
import { goOn, type Item } from './outline.ts';

/**
 * The wide layout: steps from top to bottom, arms side by side below their step, joined again at their lower end. A skip
 * leaves to the left into a lane beside its list, one lane for each target, so that its line runs where no box is.
 */

const GAP = 26;
const LANE = 9;
/** Half of what a list takes at least, so that neighbouring lines keep apart. */
const LEAST = 20;

function stepBlock(item: Item, boxWidth: number): Block {
  const box = itemBox(item, boxWidth);
  if (item.arms.length === 0) return boxBlock(box, item);
  const arms = item.arms.map((arm) => ({ label: armBox(arm, boxWidth), list: listBlock(arm.items, boxWidth) }));
  return forkBlock(box, item, arms);
}

type Hung = { readonly block: Block; readonly x: number; readonly y: number };

/** Blocks below each other on one axis. */
function hang(blocks: readonly Block[], axis: number): Hung[] {
  let y = 0;
  return blocks.map((block) => {
    const hung = { block, x: axis - block.axis, y };
    y += block.height + GAP;
    return hung;
  });
}

/** The steps of a list, their boxes as wide as said. */
export function listBlock(items: readonly Item[], boxWidth: number): Block {
  const blocks = items.map((item) => stepBlock(item, boxWidth));
  const targets = targetsOf(blocks);
  const room = targets.length === 0 ? 0 : targets.length * LANE + 6;
  const axis = room + Math.max(LEAST, ...blocks.map((block) => block.axis));
  const hung = hang(blocks, axis);
  const last = hung.at(-1);
  const height = last ? last.y + last.block.height : 0;
  const laneOf = (to: string): number => targets.indexOf(to) * LANE + LANE / 2;
  const lanes = { items, hung, height, laneOf };
  return {
    width: axis + Math.max(LEAST, ...blocks.map((block) => block.width - block.axis)),
    ...{ height, axis, goesOn: goOn(items), port: [axis, 0] },
    leaving: targets.filter((to) => !items.some(({ id }) => id === to)).map((to) => ({ to, at: [laneOf(to), height] })),
    draw: (x, y) =>
      together([
        drawnLines(hung.flatMap((from, i) => [...spine(hung, i, x + axis, y), ...skips(from, lanes, x, y)])),
        ...hung.map(({ block, x: dx, y: dy }) => block.draw(x + dx, y + dy)),
      ]),
  };
}

function spine(hung: readonly Hung[], i: number, x: number, top: number): Line[] {
  const [above, below] = [hung[i], hung[i + 1]];
  if (!above?.block.goesOn || !below) return [];
  return [wayTo([x, top + above.y + above.block.height], [x, top + below.y])];
}

type Lanes = {
  readonly items: readonly Item[];
  readonly hung: readonly Hung[];
  readonly height: number;
  readonly laneOf: (to: string) => number;
};

/** From a block into the lane, down to the target, or to the list's end when the target lies further out. */
function skips(from: Hung, { items, hung, height, laneOf }: Lanes, x: number, y: number): Line[] {
  return from.block.leaving.map(({ to, at: [dx, dy] }) => {
    const lane = x + laneOf(to);
    const start: Point[] = [
      [x + from.x + dx, y + from.y + dy],
      [lane, y + from.y + dy],
    ];
    const target = hung[items.findIndex(({ id }) => id === to)];
    if (!target) return skip(...start, [lane, y + height]);
    const [px, py] = target.block.port;
    return skipTo(...start, [lane, y + target.y + py], [x + target.x + px, y + target.y + py]);
  });
}
