import type { Journey } from '#shared/journey/journey.ts';
import { layout } from './layout.ts';
import type { Numbers } from './numbers.ts';
import { type Item, outline } from './outline.ts';
import { svgOf } from './svg.ts';
import { textOf } from './text.ts';

/** Pixels that a picture may be wide before arms are put below each other: what a page of text has. */
export const WIDTH = 720;

export type Preview = {
  readonly svg: string;
  /** The same in lines for the terminal. */
  readonly text: string;
  readonly width: number;
  readonly height: number;
  /** How many are drawn. */
  readonly steps: number;
};

const count = (items: readonly Item[]): number =>
  items.reduce((sum, { arms }) => sum + 1 + arms.reduce((inner, arm) => inner + count(arm.items), 0), 0);

/** A journey drawn and told, with the numbers of its steps if there are any. */
export function preview(journey: Journey, numbers?: Numbers, wanted = WIDTH): Preview {
  const shown = outline(journey, numbers);
  const drawing = layout(shown, wanted);
  const steps = count(shown.items);
  const said = `A customer journey from top to bottom: who enters, ${steps} step${steps === 1 ? '' : 's'}, and how it ends.`;
  const [width, height] = [Math.ceil(drawing.width), Math.ceil(drawing.height)];
  return { svg: svgOf({ ...drawing, width, height }, shown, said), text: textOf(shown), width, height, steps };
}
