import { type Drawn, skipTo } from './block.ts';
import type { Line } from './drawing.ts';
import type { Item } from './outline.ts';

/** The skips of the narrow layout: down its right edge, which is free of boxes, one lane for each target. */

const LANE = 8;

type Skip = { readonly from: string; readonly to: string };

export const skipsIn = (items: readonly Item[]): Skip[] =>
  items.flatMap(({ id, skipTo: to, arms }) => [
    ...(to === undefined ? [] : [{ from: id, to }]),
    ...arms.flatMap((arm) => skipsIn(arm.items)),
  ]);

const targetsOf = (skips: readonly Skip[]): string[] => [...new Set(skips.map(({ to }) => to))];

/** How much room the lanes take. */
export function lanesWidth(skips: readonly Skip[]): number {
  const lanes = targetsOf(skips).length;
  return lanes === 0 ? 0 : lanes * LANE + 4;
}

/** From the right side of each skip to the right side of its target; all boxes end at `right`. */
export function laneLines(skips: readonly Skip[], { boxes }: Drawn, right: number): Line[] {
  const targets = targetsOf(skips);
  const middles = new Map(boxes.map(({ id, y, height }) => [id, y + height / 2]));
  return skips.map(({ from, to }) => {
    const [start, end] = [middles.get(from) ?? 0, middles.get(to) ?? 0];
    const lane = right + LANE * (targets.indexOf(to) + 1);
    return skipTo([right, start], [lane, start], [lane, end], [right, end]);
  });
}
