import { listBlock } from './beside.ts';
import { type Drawn, together, wayTo } from './block.ts';
import { finishBox, headerBox } from './boxes.ts';
import { type Drawing, placed } from './drawing.ts';
import { goOn, type Item, type Outline } from './outline.ts';
import { RAIL, stacked } from './stacked.ts';

/** Where everything goes: the card, the steps below it, the end. */

const MARGIN = 16;
const GAP = 26;
/** Boxes are as wide as fits, between these. */
const BOX_WIDTHS = [300, 270, 240, 215];
/** How wide the card is at most, and the column of the narrow layout: what is still pleasant to read. */
const CARD = 620;
const COLUMN = 480;
/** Nothing narrower can be read. */
const LEAST = 300;

type Steps = Drawn & { readonly width: number; readonly bottom: number; readonly axis: number };

/** The steps with arms side by side, if they are no wider than that. */
function stepsBeside(items: readonly Item[], width: number): Steps | undefined {
  for (const boxWidth of BOX_WIDTHS) {
    const block = listBlock(items, boxWidth);
    if (block.width <= width) return { ...block.draw(0, 0), ...block, bottom: block.height };
  }
  return undefined;
}

const moved = ({ boxes, lines }: Drawn, x: number, y: number): Drawn => ({
  boxes: boxes.map((box) => placed(box, box.x + x, box.y + y)),
  lines: lines.map((line) => ({ ...line, points: line.points.map(([px, py]) => [px + x, py + y]) })),
});

/** The card of the journey above the first step, as far as the edges allow, and the way from it to there. */
function above(shown: Outline, axis: number, width: number, inner: number): Drawn & { top: number } {
  const x = Math.min(Math.max(axis - width / 2, MARGIN), MARGIN + inner - width);
  const card = placed(headerBox(shown, width), x, MARGIN);
  const end = MARGIN + card.height;
  if (shown.items.length === 0) return { boxes: [card], lines: [], top: end };
  return { boxes: [card], lines: [wayTo([axis, end], [axis, end + GAP])], top: end + GAP };
}

/** Whoever comes to the end of the steps has finished. */
function below(items: readonly Item[], axis: number, y: number, left: number | undefined): Drawn & { bottom: number } {
  if (!goOn(items)) return { boxes: [], lines: [], bottom: y };
  const top = y + GAP;
  const box = placed(finishBox(), 0, top);
  const x = left ?? axis - box.width / 2;
  return { boxes: [placed(box, x, top)], lines: [wayTo([axis, y], [axis, top])], bottom: top + box.height };
}

/**
 * The picture of a journey. Arms stand side by side when that is no wider than `width` pixels, else below each other. It
 * becomes wider than that only where steps lie very deep in each other.
 */
export function layout(shown: Outline, width: number): Drawing {
  const { items } = shown;
  const room = Math.max(width, LEAST) - 2 * MARGIN;
  const beside = stepsBeside(items, room);
  const steps = beside ?? { ...stacked(items, Math.min(room, COLUMN)), axis: RAIL };
  const card = beside ? Math.min(room, CARD) : steps.width;
  const inner = Math.max(steps.width, card);
  const left = MARGIN + (inner - steps.width) / 2;
  const axis = left + steps.axis;
  const head = above(shown, axis, card, inner);
  const foot = below(items, axis, head.top + steps.bottom, beside ? undefined : MARGIN);
  const all = together([head, moved(steps, left, head.top), foot]);
  return { ...all, width: inner + 2 * MARGIN, height: foot.bottom + MARGIN };
}
