import { type Box, type Chip, FACES, type Style, type Text } from './drawing.ts';
import { widthOf } from './metrics.ts';
import type { Arm, Item, Outline } from './outline.ts';
import { FINISHED } from './text.ts';
import { wrap } from './wrap.ts';

/** Boxes with their texts in them, as high as the texts need; where they go is the layout's. */

const PADDING = 11;
/** Shapes with points at their sides leave less room. */
const POINTED = 18;
export const ICON = 18;
/** From a text's upper edge to the line that it stands on, as a share of its height. */
const BASELINE = 0.76;

const insetOf = (kind: Box['kind']): number =>
  kind === 'branch' || kind === 'split' || kind === 'end' || kind === 'finish' ? POINTED : PADDING + 2;

/** Texts one below the other, each wrapped. */
class Column {
  readonly texts: Text[] = [];
  readonly chips: Chip[] = [];
  #y: number;

  constructor(top: number) {
    this.#y = top;
  }

  get bottom(): number {
    return this.#y;
  }

  space(height: number): void {
    this.#y += height;
  }

  add(style: Style, text: string, x: number, width: number): void {
    const face = FACES[style];
    for (const line of wrap(text, width, (part) => widthOf(part, face))) {
      this.texts.push({ x, y: this.#y + face.height * BASELINE, text: line, style });
      this.#y += face.height;
    }
  }

  /** Short texts side by side, each on a chip, in as many rows as they need. */
  addChips(texts: readonly string[], left: number, width: number): void {
    const { height } = FACES.count;
    let x = left;
    for (const text of texts) {
      const chip = Math.min(widthOf(text, FACES.count) + 12, width);
      if (x > left && x + chip > left + width) {
        x = left;
        this.space(height + 6);
      }
      this.chips.push({ x, y: this.#y, width: chip, height: height + 3 });
      this.texts.push({ x: x + 6, y: this.#y + 1.5 + height * BASELINE, text, style: 'count' });
      x += chip + 5;
    }
    if (texts.length > 0) this.space(height + 3);
  }
}

/** The box of a step. */
export function itemBox(item: Item, width: number): Box {
  const left = insetOf(item.type);
  const room = width - 2 * left;
  const column = new Column(PADDING);
  column.add('title', item.title, left + ICON + 7, room - ICON - 7);
  column.space(2);
  for (const { tone, text } of item.lines) column.add(tone, text, left, room);
  column.space(2);
  column.add('id', item.id, left, room);
  if (item.counts.length > 0) column.space(5);
  column.addChips(item.counts, left, room);
  const said = [item.title, ...item.lines.map(({ text }) => text), ...item.counts];
  return {
    ...{ x: 0, y: 0, width, height: column.bottom + PADDING - 2, kind: item.type, id: item.id },
    ...{ name: `${said.join('. ')} (${item.id})`, texts: column.texts, chips: column.chips },
  };
}

/** What stands above an arm, no wider than it needs to be. */
export function armBox({ label, condition = '' }: Arm, widest: number): Box {
  const column = new Column(4);
  column.add('label', label, 9, widest - 18);
  column.add('plain', condition, 9, widest - 18);
  const width = Math.max(...column.texts.map(({ text, style }) => widthOf(text, FACES[style]))) + 18;
  return {
    ...{ x: 0, y: 0, width: Math.min(widest, width), height: column.bottom + 4, kind: 'arm' },
    ...{ name: `${label} ${condition}`.trim(), texts: column.texts, chips: [] },
  };
}

/** What stands behind the last step. */
export function finishBox(): Box {
  const column = new Column(8);
  const width = widthOf(FINISHED, FACES.title) + ICON + 7 + 2 * POINTED;
  column.add('title', FINISHED, POINTED + ICON + 7, width);
  const height = column.bottom + 8;
  return { x: 0, y: 0, width, height, kind: 'finish', name: FINISHED, texts: column.texts, chips: [] };
}

const LABELS = 100;

/** The card above all: what the journey is for, who enters, when it ends. */
export function headerBox({ title, note, id, rows }: Outline, width: number): Box {
  const left = 16;
  const room = width - 2 * left;
  const column = new Column(13);
  column.add('heading', title, left, room);
  column.add('id', id, left, room);
  if (note !== undefined) column.space(5);
  column.add('note', note ?? '', left, room);
  for (const { label, lines } of rows) {
    column.space(5);
    column.texts.push({ x: left, y: column.bottom + FACES.plain.height * BASELINE, text: label, style: 'row' });
    for (const line of lines) column.add('plain', line, left + LABELS, room - LABELS);
  }
  const said = [title, note ?? '', ...rows.map(({ label, lines }) => `${label}: ${lines.join('; ')}`)].filter(Boolean);
  const height = column.bottom + 14;
  return { x: 0, y: 0, width, height, kind: 'header', name: said.join('. '), texts: column.texts, chips: [] };
}
