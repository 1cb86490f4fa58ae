import { type Block, type Drawn, drawnLines, skip, targetsOf, together, way, wayTo } from './block.ts';
import { type Box, type Line, placed } from './drawing.ts';
import type { Item } from './outline.ts';

/** A step with its arms side by side below it, and the lines that part and join. */

const GAP = 18;
/** From the step down to the labels of its arms, with the bar that parts the way on half of it. */
const FORK = 24;
const BELOW_LABEL = 18;
const LANE = 8;
/** Room beside a repetition for the way back. */
const LOOP = 24;

export type ArmParts = { readonly label: Box; readonly list: Block };
type Column = ArmParts & { readonly x: number; readonly axis: number; readonly height: number };

/** Arms from left to right, each as wide as its label or its steps. */
function columnsOf(arms: readonly ArmParts[]): { columns: Column[]; width: number } {
  let x = 0;
  const columns = arms.map(({ label, list }) => {
    const left = Math.max(label.width / 2, list.axis);
    const height = label.height + (list.height > 0 ? BELOW_LABEL + list.height : 0);
    const column = { label, list, x: x + left - list.axis, axis: x + left, height };
    x += left + Math.max(label.width / 2, list.width - list.axis) + GAP;
    return column;
  });
  return { columns, width: x - GAP };
}

type Plan = {
  readonly box: Box;
  readonly columns: readonly Column[];
  readonly axis: number;
  /** Upper edge of the labels, and lower edge of the longest arm. */
  readonly top: number;
  readonly bottom: number;
  readonly targets: readonly string[];
  readonly joint: number;
  readonly goesOn: boolean;
  readonly loops: boolean;
};

const skipY = ({ bottom, targets }: Plan, to: string): number => bottom + 6 + targets.indexOf(to) * LANE;

export function forkBlock(box: Box, item: Item, arms: readonly ArmParts[]): Block {
  const { columns: row, width } = columnsOf(arms);
  const loops = item.type === 'repeat';
  const middle = ((row[0]?.axis ?? 0) + (row.at(-1)?.axis ?? 0)) / 2;
  const shift = Math.max(0, box.width / 2 - middle) + (loops ? LOOP : 0);
  const axis = middle + shift;
  const columns = row.map((column) => ({ ...column, x: column.x + shift, axis: column.axis + shift }));
  const targets = targetsOf(arms.map(({ list }) => list));
  const top = box.height + FORK;
  const bottom = top + Math.max(...columns.map(({ height }) => height));
  const joint = bottom + 10 + targets.length * LANE;
  const plan: Plan = { box, columns, axis, top, bottom, targets, joint, goesOn: item.goesOn, loops };
  return {
    width: Math.max(width + shift, axis + box.width / 2),
    height: item.goesOn ? joint + 10 : joint - 6,
    ...{ axis, goesOn: item.goesOn, port: [axis - box.width / 2, box.height / 2] },
    leaving: targets.map((to) => ({ to, at: [0, skipY(plan, to)] })),
    draw: (x, y) => drawPlan(plan, x, y),
  };
}

function drawPlan(plan: Plan, x: number, y: number): Drawn {
  const { box, columns, axis, top } = plan;
  const labels = columns.map(({ label, axis: at }) => placed(label, x + at - label.width / 2, y + top));
  const lines = [...partings(plan), ...columns.flatMap((column) => armLines(plan, column)), ...joints(plan)];
  const moved = lines.map((line): Line => ({ ...line, points: line.points.map(([px, py]) => [x + px, y + py]) }));
  const lists = columns.flatMap(({ label, list, x: left }, i): Drawn[] => [
    { boxes: labels.slice(i, i + 1), lines: [] },
    list.draw(x + left, y + top + label.height + BELOW_LABEL),
  ]);
  return together([{ boxes: [placed(box, x + axis - box.width / 2, y)], lines: [] }, drawnLines(moved), ...lists]);
}

/** From the step to every label. */
function partings({ box, columns, axis, top }: Plan): Line[] {
  const bar = box.height + FORK / 2;
  return columns.map(({ axis: at }) => way([axis, box.height], [axis, bar], [at, bar], [at, top]));
}

/** From a label to the first step, and the skips of the arm out to the left. */
function armLines(plan: Plan, { label, list, axis, x }: Column): Line[] {
  const start = plan.top + label.height;
  const first = start + BELOW_LABEL;
  const leaves = list.leaving.map(({ to, at: [dx, dy] }) => {
    const out = skipY(plan, to);
    return skip([x + dx, first + dy], [x + dx, out], [0, out]);
  });
  return [...(list.height > 0 ? [wayTo([axis, start], [axis, first])] : []), ...leaves];
}

/** From the end of every arm that goes on to the step's axis; of a repetition also back to it. */
function joints({ box, columns, axis, top, joint, goesOn, loops }: Plan): Line[] {
  const going = columns.filter(({ list }) => list.goesOn);
  const ways = going.map(({ axis: at, height }) => way([at, top + height], [at, joint], [axis, joint]));
  const edge = axis - box.width / 2;
  const side = Math.min(edge, ...columns.map(({ x }) => x)) - LOOP / 2;
  const entry = box.height - 14;
  const back = wayTo([axis, joint], [side, joint], [side, entry], [edge, entry]);
  return [
    ...ways,
    ...(goesOn ? [way([axis, joint], [axis, joint + 10])] : []),
    ...(loops && going.length > 0 ? [back] : []),
  ];
}
