import type { Step } from '#shared/journey/journey.ts';
import type { Face } from './metrics.ts';

/** What a picture consists of. Lengths are in pixels; texts, icon and chips are placed within their box. */

export type Style = 'heading' | 'row' | 'label' | 'title' | 'plain' | 'if' | 'note' | 'id' | 'count';
export type Text = { readonly x: number; readonly y: number; readonly text: string; readonly style: Style };
export type Chip = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Box = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: Step['type'] | 'header' | 'arm' | 'finish';
  /** Of the step that is drawn. */
  readonly id?: string;
  /** All that it says, for those who hear it. */
  readonly name: string;
  readonly texts: readonly Text[];
  readonly chips: readonly Chip[];
};
export type Point = readonly [x: number, y: number];
export type Line = {
  readonly kind: 'flow' | 'skip';
  readonly points: readonly Point[];
  readonly arrow: boolean;
};
export type Drawing = {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
};

export const FACES: { readonly [S in Style]: Face & { readonly height: number } } = {
  heading: { size: 18, bold: true, height: 24 },
  row: { size: 11.5, bold: true, height: 18 },
  label: { size: 12.5, bold: true, height: 17 },
  title: { size: 13.5, bold: true, height: 18 },
  plain: { size: 12.5, height: 17 },
  if: { size: 12.5, height: 17 },
  note: { size: 12, height: 16 },
  id: { size: 11, mono: true, height: 15 },
  count: { size: 11, bold: true, height: 15 },
};

export const placed = (box: Box, x: number, y: number): Box => ({ ...box, x, y });
