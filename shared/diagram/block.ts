import type { Box, Line, Point } from './drawing.ts';
import { placed } from './drawing.ts';
import type { Item } from './outline.ts';

/** A part of the wide layout that knows its size before it knows its place. */
export type Block = {
  readonly width: number;
  readonly height: number;
  /** Where the way comes in above and goes on below. */
  readonly axis: number;
  readonly goesOn: boolean;
  /** Where a skip from elsewhere arrives. */
  readonly port: Point;
  /** Where skips leave whose targets are further down. */
  readonly leaving: readonly Leaving[];
  readonly draw: (x: number, y: number) => Drawn;
};
type Leaving = { readonly to: string; readonly at: Point };
export type Drawn = { readonly boxes: readonly Box[]; readonly lines: readonly Line[] };

const lineOf =
  (kind: Line['kind'], arrow: boolean) =>
  (...points: readonly Point[]): Line => ({ kind, points, arrow });
/** The way of a passage, and the shorter way of a skip, with or without a tip. */
export const way = lineOf('flow', false);
export const wayTo = lineOf('flow', true);
export const skip = lineOf('skip', false);
export const skipTo = lineOf('skip', true);

export const together = (parts: readonly Drawn[]): Drawn => ({
  boxes: parts.flatMap(({ boxes }) => boxes),
  lines: parts.flatMap(({ lines }) => lines),
});
export const drawnLines = (lines: readonly Line[]): Drawn => ({ boxes: [], lines });

/** Targets of the skips that leave these blocks, each once. */
export const targetsOf = (blocks: readonly Block[]): string[] => [
  ...new Set(blocks.flatMap(({ leaving }) => leaving.map(({ to }) => to))),
];

/** A step without arms. */
export function boxBlock(box: Box, item: Item): Block {
  const port: Point = [0, box.height / 2];
  return {
    ...{ width: box.width, height: box.height, axis: box.width / 2, goesOn: item.goesOn, port },
    leaving: item.skipTo === undefined ? [] : [{ to: item.skipTo, at: port }],
    draw: (x, y) => ({ boxes: [placed(box, x, y)], lines: [] }),
  };
}
