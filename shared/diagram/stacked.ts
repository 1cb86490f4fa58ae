import { type Drawn, drawnLines, together, way, wayTo } from './block.ts';
import { armBox, itemBox } from './boxes.ts';
import { placed } from './drawing.ts';
import { type Arm, goOn, type Item } from './outline.ts';
import { laneLines, lanesWidth, skipsIn } from './right-lanes.ts';

/**
 * The narrow layout: one column, arms below each other and set in, a rail on their left that parts the way and joins it
 * again.
 */

const GAP = 20;
/** How far in the way runs. */
export const RAIL = 14;
const INDENT = 26;
const BELOW_LABEL = 14;
/** Below this a box cannot be read; the picture becomes wider instead. */
const NARROWEST = 190;

type Stack = Drawn & { readonly bottom: number };

const deepest = (items: readonly Item[]): number =>
  Math.max(0, ...items.flatMap(({ arms }) => arms.map((arm) => 1 + deepest(arm.items))));

/** Steps from `y` on, between `x` and `right`. */
function stackList(items: readonly Item[], x: number, y: number, right: number): Stack {
  const drawn: Drawn[] = [];
  let bottom = y;
  for (const [i, item] of items.entries()) {
    const top = i === 0 ? y : bottom + GAP;
    if (items[i - 1]?.goesOn) drawn.push(drawnLines([wayTo([x + RAIL, bottom], [x + RAIL, top])]));
    const step = stackStep(item, x, top, right);
    drawn.push(step);
    bottom = step.bottom;
  }
  return { ...together(drawn), bottom };
}

function stackStep(item: Item, x: number, y: number, right: number): Stack {
  const box = placed(itemBox(item, right - x), x, y);
  const start = y + box.height;
  const arms: (Stack & Joined)[] = [];
  for (const arm of item.arms) arms.push(stackArm(arm, x, (arms.at(-1)?.bottom ?? start) + BELOW_LABEL, right));
  const bottom = arms.at(-1)?.bottom ?? start;
  const end = item.goesOn ? bottom : (arms.at(-1)?.joint ?? start);
  const rail = arms.length > 0 ? [way([x + RAIL, start], [x + RAIL, end])] : [];
  return { ...together([{ boxes: [box], lines: rail }, ...arms]), bottom };
}

/** Where an arm meets the rail for the last time. */
type Joined = { readonly joint: number };

/** An arm: its label on a twig of the rail, its steps below, and the way back when there is one. */
function stackArm(arm: Arm, x: number, y: number, right: number): Stack & Joined {
  const left = x + INDENT;
  const box = placed(armBox(arm, right - left), left, y);
  const [middle, below] = [y + box.height / 2, y + box.height];
  const twig = way([x + RAIL, middle], [left, middle]);
  if (arm.items.length === 0) return { boxes: [box], lines: [twig], bottom: below, joint: middle };
  const list = stackList(arm.items, left, below + BELOW_LABEL, right);
  const goes = goOn(arm.items);
  const joint = list.bottom + 10;
  const lines = [twig, wayTo([left + RAIL, below], [left + RAIL, below + BELOW_LABEL])];
  if (goes) lines.push(wayTo([left + RAIL, list.bottom], [left + RAIL, joint], [x + RAIL, joint]));
  return {
    ...together([{ boxes: [box], lines }, list]),
    ...(goes ? { bottom: joint, joint } : { bottom: list.bottom, joint: middle }),
  };
}

/** The steps in a column of about that width, wider where they are set in too deeply. */
export function stacked(items: readonly Item[], wanted: number): Stack & { readonly width: number } {
  const skips = skipsIn(items);
  const lanes = lanesWidth(skips);
  const width = Math.max(wanted, deepest(items) * INDENT + NARROWEST + lanes);
  const stack = stackList(items, 0, 0, width - lanes);
  const lines = laneLines(skips, stack, width - lanes);
  return { ...together([stack, drawnLines(lines)]), bottom: stack.bottom, width };
}
